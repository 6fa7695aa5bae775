import { text, type Sentence } from '../text';
import { activityText } from '../text/activity';
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
  const name = cut(resource_name || (activityText.noName[resource_type] ?? ownWords(resource_type)));
  const told = source === 'application' ? undefined : activityText.told[action];
  return told ? told({ actor, name }) : activityText.ownWords({ actor, action: cut(ownWords(action)), name });
}
