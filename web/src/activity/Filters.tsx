import { IconCalendar, IconX } from '@tabler/icons-react';
import { Fragment } from 'react';

import { date, text } from '../text';
import { activityText } from '../text/activity';
import { Avatar, Find, Menu, Pill } from '../ui';
import { spans, type ActivityAddress, type ChangeAddress } from './address';
import { useActors, type Counts } from './api';
import { ownWords } from './words';
import css from './Filters.module.css';

interface FiltersProps {
  address: ActivityAddress;
  change: ChangeAddress;
  counted: Counts['by_user'];
  /** Today. */
  day: string;
}

/** The bar of filters: what they say is in the address. */
export function Filters({ address, change, counted, day }: FiltersProps) {
  const { q, who, since, until, days } = address;
  const actors = useActors(counted);
  const whose = actors.find(({ id }) => id === who)?.name ?? text.someone;
  return (
    <>
      <Find q={q} label={activityText.find} onFind={(words) => change({ q: words }, { replace: true })} />
      {(since || until) && (
        <Pill on label={activityText.when} value={spanWords(since, until, day)} menu={false} title={activityText.allDays} onClick={() => change({ since: '', until: '' })}>
          <IconX size={12} stroke={2} aria-hidden="true" />
          <span className="vh">{activityText.allDays}</span>
        </Pill>
      )}
      <Menu>
        <Menu.Target>
          <Pill label={activityText.who} value={who ? whose : activityText.anyone} on={who !== ''} />
        </Menu.Target>
        <Menu.Dropdown className={css['long']}>
          <Menu.Radio checked={who === ''} onChoose={() => change({ who: '' })}>
            {activityText.anyone}
          </Menu.Radio>
          {actors.map((actor) => (
            <Menu.Radio key={actor.id} checked={actor.id === who} icon={<span aria-hidden="true"><Avatar person={actor} size="small" /></span>} onChoose={() => change({ who: actor.id })}>
              {actor.name}
            </Menu.Radio>
          ))}
        </Menu.Dropdown>
      </Menu>
      <ActionFilter address={address} change={change} />
      <TypeFilter address={address} change={change} />
      <span className={css['end']}>
        <Menu position="bottom-end">
          <Menu.Target>
            <Pill icon={<IconCalendar size={14} stroke={1.75} aria-hidden="true" />} value={activityText.days({ days })} aria-label={`${activityText.lastDays}: ${activityText.days({ days })}`} />
          </Menu.Target>
          <Menu.Dropdown>
            {spans.map((span) => (
              <Menu.Radio key={span} checked={span === days} onChoose={() => change({ days: span, since: '', until: '' })}>
                {activityText.days({ days: span })}
              </Menu.Radio>
            ))}
          </Menu.Dropdown>
        </Menu>
      </span>
    </>
  );
}

/** "14 to 19 Nov". */
export function spanWords(since: string, until: string, day: string): string {
  const [from, to] = [since || until, until || day];
  const sameMonth = from.slice(0, 7) === to.slice(0, 7) && from !== to;
  return activityText.span({ from: sameMonth ? String(Number(from.slice(8))) : date(from, day), to: date(to, day) });
}

const { actions, types } = activityText;
type Action = keyof typeof actions;
type Type = keyof typeof types;

const typeOf = (action: string): Type => action.slice(action.lastIndexOf('_') + 1) as Type;

function ActionFilter({ address: { action }, change }: { address: ActivityAddress; change: ChangeAddress }) {
  const name = action in actions ? activityText.ofType({ type: types[typeOf(action)], action: actions[action as Action] }) : ownWords(action);
  const all = Object.keys(actions) as Action[];
  return (
    <Menu>
      <Menu.Target>
        <Pill label={activityText.what} value={action ? name : activityText.anyChange} on={action !== ''} />
      </Menu.Target>
      <Menu.Dropdown className={css['long']}>
        <Menu.Radio checked={action === ''} onChoose={() => change({ action: '' })}>
          {activityText.anyChange}
        </Menu.Radio>
        {all.map((one, i) => (
          <Fragment key={one}>
            {typeOf(one) !== typeOf(all[i - 1] ?? '') && <Menu.Label>{types[typeOf(one)]}</Menu.Label>}
            <Menu.Radio checked={one === action} onChoose={() => change({ action: one })}>
              {actions[one]}
            </Menu.Radio>
          </Fragment>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function TypeFilter({ address: { type }, change }: { address: ActivityAddress; change: ChangeAddress }) {
  return (
    <Menu>
      <Menu.Target>
        <Pill label={activityText.on} value={type ? (types[type as Type] ?? ownWords(type)) : activityText.anything} on={type !== ''} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Radio checked={type === ''} onChoose={() => change({ type: '' })}>
          {activityText.anything}
        </Menu.Radio>
        {(Object.keys(types) as Type[]).map((one) => (
          <Menu.Radio key={one} checked={one === type} onChoose={() => change({ type: one })}>
            {types[one]}
          </Menu.Radio>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
