// The words of the board. A text is a string, or a function of named values; nothing is joined of fragments. What the server says
// (detail, errors[].message) is shown as it comes. A section per feature, shared words first. Here are those that the first list needs;
// the files beside this one have the words of what is imported later, and come with it.
import { edits } from './edits';
import { count, list, number } from './format';
import { palette } from './palette';
import { savedViews } from './savedviews';
import { shows } from './shows';

export type Status = 'draft' | 'pending' | 'approved' | 'rejected' | 'published' | 'archived';
export type Role = 'admin' | 'editor' | 'viewer';

export const en = {
  product: 'Callboard',
  cancel: 'Cancel',
  close: 'Close',
  tryAgain: 'Try again',
  someone: 'Someone',
  loading: 'Loading',
  clearSearch: 'Clear the search',

  /** What is shown once. */
  copyByHand: 'This browser does not allow copying. Select it here:',
  secret: { copy: 'Copy', copied: 'Copied', once: 'Shown this once. Put it away now.' },
  skipToPage: 'Skip to the page',

  roles: { admin: 'Admin', editor: 'Editor', viewer: 'Viewer' } satisfies Record<Role, string>,

  status: {
    draft: 'Draft',
    pending: 'Pending',
    approved: 'Approved',
    rejected: 'Rejected',
    published: 'Published',
    archived: 'Archived',
  } satisfies Record<Status, string>,

  time: {
    now: 'now',
    changed: ({ when }: { when: string }) => `Changed ${when}`,
    today: 'today',
    tomorrow: 'tomorrow',
    yesterday: 'yesterday',
    inDays: ({ days }: { days: number }) => `in ${count(days, 'day', 'days')}`,
    lateBy: ({ days }: { days: number }) => `late by ${count(days, 'day', 'days')}`,
  },

  avatars: {
    editing: ({ name }: { name: string }) => `${name} is editing`,
    more: ({ n }: { n: number }) => `+${n}`,
    all: ({ names }: { names: string[] }) => list(names),
  },

  /** What went wrong, where no words of the server are at hand. */
  failed: {
    noAnswer: 'The server did not answer.',
    unreadable: 'It cannot be read: it is a folder, or it was changed or removed since it was chosen. Choose files.',
    notReached: 'The board did not load',
    switchedOff: 'This is switched off on this server. Everything else works.',
    notSaved: 'Not saved',
    notSavedNow: 'Not saved: the server cannot write now.',
    part: 'This part broke.',
    partRest: 'The rest of the board works.',
    readAgain: 'Load it again',
    field: ({ field, message }: { field: string; message: string }) => `${field} ${message}`,
  },

  places: {
    nav: 'Main',
    inbox: 'Inbox',
    episodes: 'Episodes',
    jobs: 'Jobs',
    activity: 'Activity',
    people: 'People',
    shows: 'Shows',
    notFound: 'Not found',
    noPage: 'There is no such page',
    noPageWhy: 'The address may be incomplete, or the page has moved.',
    allEpisodes: 'All episodes',
    editorsOnly: 'For editors and admins only',
    editorsOnlyWhy: 'Jobs and imports are for people who can edit episodes.',
    foldSidebar: 'Fold the sidebar',
    unfoldSidebar: 'Unfold the sidebar',
    forAdmins: 'For admins only',
    forAdminsWhy: 'Users, connections and health are for admins.',
    backToEpisodes: 'Back to episodes',
    /** Beside an entry, and in front of the title of a page. */
    unread: ({ n }: { n: number }) => `${many(n)} unread`,
    unreadShort: ({ n }: { n: number }) => many(n),
    titleStart: ({ n }: { n: number }) => (n > 0 ? `(${many(n)}) ` : ''),
    running: ({ n }: { n: number }) => `${number(n)} running`,
  },

  me: {
    menu: ({ name }: { name: string }) => `${name}: profile, theme, sign out`,
    profile: 'Profile',
    theme: 'Theme',
    themes: { light: 'Light', dark: 'Dark', system: 'System' },
    shortcuts: 'Shortcuts',
    signOut: 'Sign out',
    roleNow: ({ role }: { role: Role }) => ({ admin: 'You are an admin now.', editor: 'You are an editor now.', viewer: 'You are a viewer now: you can read, but no longer edit.' })[role],
  },

  live: {
    names: {
      connecting: 'Connecting',
      live: 'Live',
      reconnecting: 'Reconnecting',
      'catching-up': 'Catching up',
      offline: 'Offline',
    },
    heard: ({ time, pos }: { time: string; pos: string }) => `Last change received at ${time}, number ${pos}`,
    heardNothing: 'No change received yet',
    inNow: ({ n }: { n: number }) => `${n} in now`,
    inNowUnknown: 'Who is in: unknown',
    offline: ({ time }: { time: string }) => `Offline since ${time}.`,
    offlineWhy: 'This is the board as it was then. You can read; changes wait until you are back.',
    tryNow: 'Try now',
    reconnecting: 'Reconnecting.',
    reconnectingWhy: 'The server went away.',
    catchingUp: 'Catching up.',
    caughtUp: ({ n, of }: { n: number; of: number | undefined }) => (of === undefined ? `${count(n, 'change', 'changes')} so far.` : `${number(n)} of ${count(of, 'change', 'changes')}.`),
    away: ({ minutes }: { minutes: number }) =>
      minutes >= 2880 ? `You were away for ${count(Math.round(minutes / 1440), 'day', 'days')}.` : minutes >= 120 ? `You were away for ${count(Math.round(minutes / 60), 'hour', 'hours')}.` : 'You were away for a while.',
    notNow: 'Not while you are offline',
    awayWhy: 'The board was loaded again.',
  },

  /** Changes that wait on the device until the server can take them. */
  kept: {
    notYet: ({ field }: { field: string }) => `${field}: not saved yet.`,
    keptHere: 'It is kept here and saved when you are back.',
    keptValue: ({ value }: { value: string }) => `“${value}” is kept here and saved when you are back.`,
    keptByPage: 'This device has no room to keep it: stay on this page until it is saved.',
    mark: 'Not saved yet',
    waits: ({ n }: { n: number }) => (n === 0 ? '' : `${count(n, 'edit waits', 'edits wait')}.`),
    sent: ({ n }: { n: number }) => `${count(n, 'edit is', 'edits are')} saved.`,
    cannotWrite: 'Not saved: the server cannot write now.',
    noAnswer: 'Not saved: the server did not answer.',
    tryingAgain: ({ seconds }: { seconds: number }) => (seconds > 0 ? `Kept here, trying again in ${seconds} s.` : 'Kept here, trying again.'),
    refused: ({ title }: { title: string }) => `Not saved: ${title}`,
    refusedWhy: ({ why }: { why: string }) => `${why} What you typed is kept.`,
    open: 'Open',
  },

  palette,

  toasts: {
    region: 'What just happened',
    undo: 'Undo',
    undone: 'Undone',
    notUndone: 'Not undone',
    dismiss: 'Dismiss',
  },

  episodes: {
    title: 'Episodes',
    list: 'Episodes',
    view: 'View',
    views: { table: 'Table', board: 'Board', calendar: 'Calendar' },
    find: 'Find a title',
    clearFilters: 'Clear the filters',
    show: 'Show',
    anyShow: 'All',
    unknownShow: 'A show',
    statusFilter: 'Status',
    anyStatus: 'Any',
    deleted: 'Deleted',
    statusesChosen: ({ statuses }: { statuses: string[] }) =>
      statuses.length === 0 ? 'Any' : statuses.length > 2 ? `${statuses.length} of 6` : list(statuses),
    sort: 'Sort',
    sorts: {
      number: 'Number',
      '-number': 'Number, last first',
      title: 'Title',
      '-title': 'Title, Z first',
      air_date: 'Air date',
      '-air_date': 'Air date, latest first',
      '-updated_at': 'Last changed',
      updated_at: 'Longest unchanged',
      '-created_at': 'Newest',
      created_at: 'Oldest',
    },
    columns: 'Columns',
    columnAlways: 'Always',
    columnsReset: 'Reset',
    moveColumn: ({ column }: { column: string }) => `Move ${column}`,
    moveColumnHint: 'Drag it, or use the arrow keys',
    columnAt: ({ column, at, of }: { column: string; at: number; of: number }) => `${column}, ${at} of ${of}`,
    rowHeight: 'Row height',
    densities: { compact: 'Compact', default: 'Default', roomy: 'Roomy' },
    heads: {
      number: 'No.',
      title: 'Title',
      show: 'Show',
      status: 'Status',
      air_date: 'Air date',
      categories: 'Categories',
      looking: 'Looking',
      changed: 'Changed',
      created: 'Created',
      version: 'Version',
    },
    columnNames: {
      number: 'Number',
      title: 'Title',
      show: 'Show',
      status: 'Status',
      air_date: 'Air date',
      categories: 'Categories',
      looking: 'Looking',
      changed: 'Changed',
      created: 'Created',
      version: 'Version',
    },
    sortedUp: 'sorted, first to last',
    sortedDown: 'sorted, last to first',
    number: ({ season, episode }: { season: number | null; episode: number | null }) => {
      const parts = [season === null ? '' : `S${season}`, episode === null ? '' : `E${episode}`];
      return parts.filter(Boolean).join(' ');
    },
    season: ({ n }: { n: number }) => (n === 0 ? 'Specials' : `Season ${n}`),
    noSeason: 'No season',
    noShow: 'No show',
    noDate: 'No date',
    phoneLine: ({ number, date }: { number: string; date: string | null }) => ({
      before: number ? `${number}, ` : '',
      after: date === null ? ', no air date' : ', airs ',
      date: date ?? '',
    }),
    fold: ({ group }: { group: string }) => `Fold ${group}`,
    unfold: ({ group }: { group: string }) => `Unfold ${group}`,
    statusCount: ({ n, status }: { n: number; status: string }) => `${n} ${status}`,
    open: ({ title }: { title: string }) => `Open ${title}`,
    editCell: ({ column, title }: { column: string; title: string }) => `${column} of ${title}`,
    setStatus: ({ title }: { title: string }) => `Status of ${title}`,
    publishingTells: 'Publishing tells everyone.',
    saving: 'Saving',
    saved: 'Saved',
    titleEmpty: 'The title must not be empty.',
    titleLong: 'The title has at most 255 characters.',
    changedTo: ({ name, value }: { name: string; value: string }) => `${name} changed this to “${value}”.`,
    keepMine: 'Keep mine',
    takeTheirs: 'Take theirs',
    deletedNow: 'Deleted.',
    deletedBy: ({ name }: { name: string }) => `${name} deleted this.`,
    restore: 'Restore',
    pill: ({ added, moved, gone }: { added: number; moved: number; gone: number }) =>
      list([
        ...(added > 0 ? [`${added} new`] : []),
        ...(moved > 0 ? [`${moved} changed place`] : []),
        ...(gone > 0 ? [`${gone} gone`] : []),
      ]),
    pillHint: 'Show what changed in this list',
    loaded: ({ n }: { n: number }) => `${count(n, 'episode', 'episodes')}`,
    loadedSoFar: ({ n }: { n: number }) => `${number(n)}+`,
    new: 'New episode',
    selectAll: 'Select all that are loaded',
    selectOne: ({ title }: { title: string }) => `Select ${title}`,
    monthBefore: 'Month before',
    monthNow: 'Today',
    monthAfter: 'Month after',
    empty: 'Nothing on the board yet',
    emptyShow: 'Nothing in this show yet',
    emptyBegin: 'Add the first episode, or bring a whole season from a sheet.',
    importSheet: 'Import a sheet',
    emptyWhy: 'Episodes appear here as the team adds them.',
    noMatch: 'No episode matches',
    /** What a list is asked for, where the server refuses that. */
    asked: { q: 'The search', showId: 'The show', show_id: 'The show', statuses: 'The status' } as Record<string, string>,
    noMatchTitle: ({ q, anywhere }: { q: string; anywhere: boolean }) => (anywhere ? `No title has “${q}” in it, in any show or status.` : `No title with this show and status has “${q}” in it.`),
    noMatchFilter: ({ show, status, deleted }: { show: boolean; status: boolean; deleted: boolean }) =>
      `No ${deleted ? 'deleted ' : ''}episode${show || status ? ` has this ${show ? (status ? 'show and status' : 'show') : 'status'}` : ' is there'}.`,
    notLoaded: 'The list did not load',
    notLoadedMore: 'The rest of the list did not load.',
  },

  edits,
  savedViews,
  shows,
};

/** The server counts up to a thousand; nobody reads more than this. */
function many(n: number): string {
  return n > 99 ? '99+' : String(n);
}

export type Text = typeof en;
