import { IconPencil } from '@tabler/icons-react';

import { text } from '../text';
import { initials, pageOf } from './hue';
import css from './Avatar.module.css';

export interface Person {
  id: string;
  name: string;
  /** Writes something at this moment: the velvet ring, and a pencil. */
  editing?: boolean;
}

export function Avatar({ person, size = 'normal' }: { person: Person; size?: 'small' | 'normal' | 'medium' | 'large' }) {
  const { id, name, editing = false } = person;
  const words = editing ? text.avatars.editing({ name }) : name;
  return (
    <span className={[css['avatar'], css[size], css[pageOf(id)], editing && css['editing']].filter(Boolean).join(' ')} role="img" aria-label={words} title={words}>
      <span aria-hidden="true">{initials(name)}</span>
      {editing && (
        <span className={css['pen']}>
          <IconPencil size={9} stroke={2.4} aria-hidden="true" />
        </span>
      )}
    </span>
  );
}

/** The first few of some people, and how many more there are. */
export function Avatars({ people, most = 3, size = 'normal' }: { people: readonly Person[]; most?: number; size?: 'small' | 'normal' }) {
  const rest = people.length - most;
  return (
    <span className={css['stack']}>
      {people.slice(0, most).map((person) => (
        <Avatar key={person.id} person={person} size={size} />
      ))}
      {rest > 0 && (
        <span className={css['more']} title={text.avatars.all({ names: people.slice(most).map(({ name }) => name) })}>
          {text.avatars.more({ n: rest })}
        </span>
      )}
    </span>
  );
}
