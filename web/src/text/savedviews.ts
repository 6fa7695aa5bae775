// The words of saved views: pinned for oneself, or for the team.
import { series } from './format';

export const savedViews = {
  own: 'Pinned',
  team: 'Team',
  pin: 'Pin this view',
  pinnedAs: ({ name }: { name: string }) => `Pinned as ${name}`,
  edited: 'edited',
  pinWhy: 'It keeps the filters, the order and the columns.',
  pinWhyCalendar: 'It keeps the filters, and opens at the present month. To show somebody this month, send the address of the page.',
  /** What it may be called, from what it shows. */
  suggestion: ({ statuses, show, q, view }: { statuses: string[]; show: string | undefined; q: string; view: string | undefined }) =>
    series([...statuses, show, q && `“${q}”`, view]),
  change: 'Pinned view',
  name: 'Name',
  nameMissing: 'A name is needed.',
  everybody: 'Pin for everyone',
  act: 'Pin',
  save: 'Save',
  replace: ({ name }: { name: string }) => `Replace ${name}`,
  replaceWith: 'Replace with what is shown',
  menu: ({ name }: { name: string }) => `More for ${name}`,
  rename: 'Rename',
  copyLink: 'Copy link',
  copied: 'Link copied',
  up: 'Move up',
  down: 'Move down',
  unpin: 'Unpin',
  unpinForAll: 'Unpin for everyone',
  pinned: ({ name, team }: { name: string; team: boolean }) => (team ? `Pinned ${name} for everyone` : `Pinned ${name}`),
  renamed: ({ name }: { name: string }) => `Renamed to ${name}`,
  replaced: ({ name }: { name: string }) => `${name} shows this now`,
  unpinned: ({ name }: { name: string }) => `Unpinned ${name}`,
  notDone: 'Not done',
  nothing: 'Nothing pinned yet. The pin above the list of episodes keeps what it shows.',
  why: 'They are in the sidebar on all your devices.',
};
