import { text } from '../text';
import { initials, pageOf } from './hue';
import css from './Avatar.module.css';

export interface Person {
  id: string;
  name: string;
}

export function Avatar({ person, size = 'normal' }: { person: Person; size?: 'small' | 'normal' | 'medium' }) {
  return (
    <span className={`${css['avatar']} ${css[size]} ${css[pageOf(person.id)]}`} role="img" aria-label={person.name} title={person.name}>
      {initials(person.name)}
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
