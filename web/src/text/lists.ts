// The words of lists: selecting, changing many at once, new episodes, shows, saved views and columns.
import { count, number } from './format';

const episodes = (n: number): string => count(n, 'episode', 'episodes');

export const listsText = {
  selected: ({ n }: { n: number }) => `${number(n)} selected`,
  selectMatching: ({ n }: { n: number }) => `Select all ${number(n)} that match`,
  clear: 'Clear the selection',
  bar: 'Selected episodes',
  setStatus: 'Set status',
  setAirDate: 'Set air date',
  set: 'Set',
  noAirDate: 'No air date',
  export: 'Export',
  formats: { csv: 'CSV', xlsx: 'Excel', ndjson: 'NDJSON' },
  delete: 'Delete',
  restore: 'Restore',
  tooMany: ({ most }: { most: number }) => `At most ${number(most)} episodes are changed at once. Select fewer.`,
  progress: ({ done, of }: { done: number; of: number }) => `${number(done)} of ${number(of)}`,
  working: 'Working',

  statusSet: ({ n, title, status }: { n: number; title: string; status: string }) => (n === 1 ? `${title} is ${status.toLowerCase()}` : `${episodes(n)} set to ${status.toLowerCase()}`),
  dateSet: ({ n, title, day }: { n: number; title: string; day: string | null }) => {
    const which = n === 1 ? title : episodes(n);
    return day === null ? `${which}: no air date` : n === 1 ? `${which} airs ${day}` : `${which} air ${day}`;
  },
  renamed: ({ title }: { title: string }) => `Renamed to ${title}`,
  deleted: ({ n, title }: { n: number; title: string }) => (n === 1 ? `Deleted ${title}` : `Deleted ${episodes(n)}`),
  restored: ({ n, title }: { n: number; title: string }) => (n === 1 ? `Restored ${title}` : `Restored ${episodes(n)}`),
  everyoneTold: 'Everyone is told. Undo takes the status back, but not what they were told.',
  someChangedSince: ({ n }: { n: number }) => `${episodes(n)} changed since.`,
  changedBy: ({ name }: { name: string }) => `was changed by ${name} meanwhile`,

  refused: ({ done, refused }: { done: number; refused: number }) => `${number(done)} done, ${number(refused)} refused`,
  refusedWhy: 'These stay selected. Why each was refused:',
  line: ({ n }: { n: number }) => `Line ${number(n)}`,
  andMore: ({ n }: { n: number }) => `and ${number(n)} more`,

  deleteMany: ({ n }: { n: number }) => `Delete ${episodes(n)}?`,
  deleteManyAct: ({ n }: { n: number }) => `Delete ${episodes(n)}`,
  deleteManyWhy: 'They can be restored one by one.',
  counting: 'Counting what would be deleted',
  deleting: 'Deleting',
  jobFailed: 'The job did not finish',
  jobCancelled: 'The job was cancelled.',
  exporting: ({ n }: { n: number }) => `Exporting ${episodes(n)}`,
  exported: ({ n }: { n: number }) => `Exported ${episodes(n)}`,
  notDone: 'Not done',

  create: 'Create',
  createAnother: 'Create another',
  created: ({ title }: { title: string }) => `Created ${title}`,
  open: 'Open',
  nextFree: 'the next free one',
  optional: 'Only the title is needed.',
};
