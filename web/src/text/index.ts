import { en, type Text } from './en';

export type { Role, Status, Text } from './en';
export { parseDay, readDay } from './day';
export * from './format';
export type { Sentence } from './inbox';

/** The words of the board, in the language of the page. A second language is another object of this type. */
export const text: Text = en;
