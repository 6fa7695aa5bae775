import { count } from './format';

// The keys, by place. "⌘" is Ctrl where that is so.

interface Line {
  name: string;
  keys: readonly string[];
  /** Only those who may edit have it. */
  edits: boolean;
}

const line = (name: string, ...keys: string[]): Line => ({ name, keys, edits: false });
const edit = (name: string, ...keys: string[]): Line => ({ name, keys, edits: true });

export const shortcuts = {
  title: 'Shortcuts',
  singleKeys: 'Single keys',
  everywhere: {
    name: 'Everywhere',
    lines: [line('Search or jump to', '⌘', 'K'), line('Search this list', '/'), line('These shortcuts', '?'), line('Undo the last change', '⌘', 'Z'), line('Fold the side bar', '['), line('Light or dark', '⇧', 'L')],
  },
  goTo: 'Go to',
  list: {
    name: 'A list',
    lines: [
      line('Up, down', 'K', 'J'), line('Open', '↵'), line('Take what waits', '.'), line('Table, board, calendar', 'V T', 'V B', 'V C'), line('Pin this view', 'P'), edit('New episode', 'C'), edit('Rename', 'F2'), edit('Set status', 'S'), edit('Set air date', 'D'),
      edit('Select', 'X'), edit('Select up, down', '⇧K', '⇧J'), line('Copy cells', '⌘', 'C'), edit('Paste into cells', '⌘', 'V'), edit('Delete', '⌘', '⌫'),
    ],
  },
  episode: {
    name: 'An episode',
    lines: [line('Previous, next', 'K', 'J'), edit('Rename', 'F2'), edit('Set status', 'S'), edit('Set air date', 'D'), edit('Edit the description', 'E'), edit('Save', '⌘', '↵'), line('Give up', 'esc')],
  },
  inbox: {
    name: 'The inbox',
    lines: [line('Archive', 'E'), line('Mark unread', 'U'), line('Read all', '⇧', 'U'), line('Select', 'X'), line('Open what it is about', '↵')],
  },
};

export const palette = {
  title: 'Search or jump to',
  results: 'Results',
  episodes: 'Episodes',
  recent: 'Open lately',
  here: 'Here',
  elsewhere: 'Elsewhere',
  nothing: 'Nothing has these words.',
  move: 'move',
  open: 'open',
  newTab: 'open in a new tab',
  actsOnly: 'type > for actions only',
  place: ({ show, number }: { show: string | undefined; number: string }) => [show, number].filter(Boolean).join(', '),
  people: 'People',
  activityWith: ({ words }: { words: string }) => `Activity with “${words}”`,
  newEpisode: ({ words }: { words: string }) => `New episode “${words}”`,
  setStatusOf: ({ n, status }: { n: number; status: string }) => `Set ${count(n, 'selected episode', 'selected episodes')} to ${status.toLowerCase()}`,
  setAirDateOf: ({ n }: { n: number }) => `Set the air date of ${count(n, 'selected episode', 'selected episodes')}`,
  exportAs: ({ n, format }: { n: number; format: string }) => `Export ${count(n, 'selected episode', 'selected episodes')} as ${format}`,
  deleteOf: ({ n }: { n: number }) => `Delete ${count(n, 'selected episode', 'selected episodes')}`,
  restoreOf: ({ n }: { n: number }) => `Restore ${count(n, 'selected episode', 'selected episodes')}`,
  rename: 'Rename',
  setAirDate: 'Set air date',
  editDescription: 'Edit the description',
  clearSearch: 'Clear the search',
  showOnly: ({ words }: { words: string }) => `Show only titles with “${words}”`,
};
