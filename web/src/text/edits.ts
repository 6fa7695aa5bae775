import { list } from './format';

// What is said of editing an episode, wherever that is done.

/** Fields by the names of the server. */
const fields: Record<string, string> = {
  title: 'Title',
  description: 'Description',
  status: 'Status',
  air_date: 'Air date',
  categories: 'Categories',
  show_id: 'Show',
  season_number: 'Season',
  episode_number: 'Episode',
  thumbnail_url: 'Picture',
};

export const edits = {
  fields,
  number: 'Season and episode',
  none: 'None',
  noDate: 'No air date',
  picture: { set: 'a picture', none: 'no picture' },
  set: ({ field, value }: { field: string; value: string }) => `${field} set to ${value}`,
  setShort: ({ field }: { field: string }) => `${field} saved`,
  publishedAll: 'Published. Everyone is told.',
  publishedUndo: ({ status }: { status: string }) => `Undo makes it ${status.toLowerCase()} again`,
  beside: ({ name, fields: changed }: { name: string; fields: string[] }) => `Saved, along with ${name}’s change to ${list(changed.map((one) => one.toLowerCase()))}`,
  changedSince: ({ name }: { name: string }) => `${name} changed it since.`,
  you: 'You',

  dateHint: 'A date, such as 4 dec, fri or +7',
  dateUnknown: 'That is not a date.',
  pickDate: 'Pick a day',
  tooMany: 'An episode has at most 20 categories.',
  tooLongCategory: 'A category has at most 50 characters.',
  tooLong: 'The description has at most 10,000 characters.',
  wholeNumber: ({ field, most }: { field: string; most: string }) => `${field} is a whole number from 0 to ${most}.`,
  wholeNumberOnly: 'A whole number.',
  deleted: 'It was deleted meanwhile. Restore it first.',
};
