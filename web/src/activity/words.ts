import { text, type Sentence } from '../text';
import type { Entry } from './store/entry';

const longest = 80; // letters of what applications write

/** An action or a type in its own words. */
export function ownWords(name: string): string {
  return name.replaceAll(/[_.-]+/g, ' ').trim();
}

const cut = (words: string): string => {
  const letters = [...words]; // which half a letter is none of
  return letters.length > longest ? `${letters.slice(0, longest).join('')}…` : words;
};

/** What an entry says: in our words where we know its action, else in its own. */
export function sentenceOf({ action, source, user_name, resource_name, resource_type }: Entry): Sentence {
  const actor = cut(user_name || text.someone);
  const name = cut(resource_name || text.activity.noName({ type: ownWords(resource_type) }));
  const told = source === 'application' ? undefined : text.activity.told[action];
  return told ? told({ actor, name }) : text.activity.ownWords({ actor, action: cut(ownWords(action)), name });
}
