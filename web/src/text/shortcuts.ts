// The keys, by place. "⌘" is Ctrl where that is so.

interface Line {
  name: string;
  keys: readonly string[];
  /** Only those who may edit have it. */
  edits: boolean;
}

const line = (name: string, ...keys: string[]): Line => ({ name, keys, edits: false });
const edit = (name: string, ...keys: string[]): Line => ({ name, keys, edits: true });

export const shortcutsText = {
  title: 'Shortcuts',
  singleKeys: 'Single keys',
  everywhere: {
    name: 'Everywhere',
    lines: [line('Search or jump to', '⌘', 'K'), line('Search this list', '/'), line('These shortcuts', '?'), line('Undo the last change', '⌘', 'Z'), line('Fold the sidebar', '['), line('Light or dark', '⇧', 'L')],
  },
  goTo: 'Go to',
  list: {
    name: 'A list',
    /** For those who may edit. */
    note: 'A letter or / is a shortcut until a cell is open. From then on all that is typed goes into the cell.',
    lines: [
      line('Up, down', 'K', 'J'), line('Open', '↵'), line('Show what is new', '.'), line('Table, board, calendar', 'V T', 'V B', 'V C'), line('Pin this view', 'P'), edit('New episode', 'C'), edit('Edit the cell', '↵', 'F2'), edit('Write a date or a number', '0–9'), edit('Set status', 'S'), edit('Set air date', 'D'),
      edit('Select', 'X'), edit('Select up, down', '⇧K', '⇧J'), line('Copy cells', '⌘', 'C'), edit('Paste into cells', '⌘', 'V'), edit('Delete', '⌘', '⌫'),
    ],
  },
  episode: {
    name: 'An episode',
    lines: [line('Previous, next', 'K', 'J'), edit('Rename', 'F2'), edit('Set status', 'S'), edit('Set air date', 'D'), edit('Edit the description', 'E'), edit('Save', '⌘', '↵'), line('Cancel', 'esc')],
  },
  inbox: {
    name: 'The inbox',
    lines: [line('Archive', 'E'), line('Mark unread', 'U'), line('Read all', '⇧', 'U'), line('Select', 'X'), line('Open what it is about', '↵')],
  },
};
