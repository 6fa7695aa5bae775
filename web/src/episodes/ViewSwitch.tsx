import { IconCalendar, IconLayoutKanban, IconTable } from '@tabler/icons-react';
import { useEffect } from 'react';

import { useSingleKeys } from '../session';
import { text } from '../text';
import { isSingle, Menu, Pill, Segments, usePhone } from '../ui';
import { views, type ListAddress, type View } from './address';

type Change = (change: Partial<ListAddress>) => void;

const icons = { table: IconTable, board: IconLayoutKanban, calendar: IconCalendar };

const options = views.map((value) => ({ value, name: text.episodes.views[value], icon: icons[value] }));

/** The same episodes as a table, by status, or by air date. Phones have it in the bar of filters. */
export function ViewSwitch({ address: { view }, change }: { address: ListAddress; change: Change }) {
  const phone = usePhone();
  return phone ? null : <Segments label={text.episodes.view} options={options} value={view} onChange={(to) => change({ view: to })} />;
}

export function ViewMenu({ address: { view }, change }: { address: ListAddress; change: Change }) {
  const Icon = icons[view];
  return (
    <Menu>
      <Menu.Target>
        <Pill icon={<Icon size={14} stroke={1.75} aria-hidden="true" />} value={text.episodes.views[view]} aria-label={`${text.episodes.view}: ${text.episodes.views[view]}`} on />
      </Menu.Target>
      <Menu.Dropdown>
        {options.map(({ value, name, icon: OptionIcon }) => (
          <Menu.Radio key={value} checked={value === view} icon={<OptionIcon size={16} stroke={1.75} aria-hidden="true" />} onChoose={() => change({ view: value })}>
            {name}
          </Menu.Radio>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

const keyOf: Record<string, View> = { t: 'table', b: 'board', c: 'calendar' };
const patience = 1500; // ms after V in which the second key counts

/** V, then the letter of a view. It comes before all other keys: those letters alone do other things. */
export function useViewKeys(change: Change): void {
  const on = useSingleKeys();
  useEffect(() => {
    if (!on) {
      return undefined;
    }
    let until = 0;
    const keys = (event: KeyboardEvent): void => {
      if (!isSingle(event)) {
        return;
      }
      const view = Date.now() < until ? keyOf[event.key] : undefined;
      until = event.key === 'v' ? Date.now() + patience : 0;
      if (view) {
        event.preventDefault();
        event.stopImmediatePropagation();
        change({ view });
      }
    };
    window.addEventListener('keydown', keys, { capture: true });
    return () => window.removeEventListener('keydown', keys, { capture: true });
  }, [on, change]);
}
