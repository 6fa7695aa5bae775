import { Menu as Mantine, type MenuProps } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import { inRoom } from './layers';
import css from './Menu.module.css';

const classNames = {
  dropdown: css['dropdown'] ?? '',
  item: css['item'] ?? '',
  itemLabel: css['label'] ?? '',
  itemSection: css['section'] ?? '',
  itemIndicator: css['indicator'] ?? '',
  label: css['head'] ?? '',
  divider: css['divider'] ?? '',
};

/** Without keydown, which Mantine has too: the key that opens a menu comes by the document after the menu is there, and would close it again. */
const outsideEvents = ['mousedown', 'touchstart'];

/** Mantine's menu as the board has it. Its parts are Menu.Target, Menu.Dropdown, Menu.Item, Menu.Radio, Menu.Check, Menu.Label and Menu.Divider. */
export function Menu(props: MenuProps) {
  return <Mantine classNames={classNames} position="bottom-start" offset={4} transitionProps={{ duration: 0 }} clickOutsideEvents={outsideEvents} alignItemsLabels="none" withInitialFocusPlaceholder={false} portalProps={inRoom} checkIcon={checkIcon} {...props} />;
}

const checkIcon = <IconCheck size={14} stroke={2} aria-hidden="true" />;

interface ChoiceProps {
  checked: boolean;
  onChoose: () => void;
  icon?: ReactNode;
  /** At the end, unless it is checked: its key. */
  end?: ReactNode;
  children: string;
}

/** One of several, which closes the menu. */
function Radio({ checked, onChoose, icon, end, children }: ChoiceProps) {
  return (
    <Mantine.RadioItem value={children} checked={checked} onChange={onChoose} closeMenuOnClick rightSection={!checked && end}>
      <Choice icon={icon}>{children}</Choice>
    </Mantine.RadioItem>
  );
}

/** On or off; the menu stays. */
function Check({ checked, onChoose, icon, end, children }: ChoiceProps) {
  return (
    <Mantine.CheckboxItem checked={checked} onChange={onChoose} rightSection={!checked && end}>
      <Choice icon={icon}>{children}</Choice>
    </Mantine.CheckboxItem>
  );
}

function Choice({ icon, children }: { icon: ReactNode; children: string }) {
  return (
    <span className={css['choice']}>
      {icon}
      <span className="cut">{children}</span>
    </span>
  );
}

Menu.Target = Mantine.Target;
Menu.Dropdown = Mantine.Dropdown;
Menu.Item = Mantine.Item;
Menu.Radio = Radio;
Menu.Check = Check;
Menu.Label = Mantine.Label;
Menu.Divider = Mantine.Divider;
