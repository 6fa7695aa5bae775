// All words of the board. A text is a string, or a function of named values; nothing is joined of fragments. What the server says
// (detail, errors[].message) is shown as it comes. A section per feature, shared words first.
import { activity } from './activity';
import { clipboard } from './clipboard';
import { episode } from './episode';
import { count, list, number } from './format';
import { imports } from './imports';
import { inbox } from './inbox';
import { palette, shortcuts } from './shortcuts';
import { jobs } from './jobs';
import { people } from './people';
import { profile } from './profile';
import { lists } from './lists';
import { savedViews } from './savedviews';
import { shows } from './shows';
import { board, calendar, moves } from './views';

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
  copyByHand: 'This browser does not let it be copied: mark it here',
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
    notReached: 'The board did not load',
    switchedOff: 'This is switched off on this server. Everything else works.',
    notSaved: 'Not saved',
    notSavedNow: 'Not saved: the server cannot write now.',
    part: 'This part broke.',
    partRest: 'The rest of the board works.',
    readAgain: 'Read it again',
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
    noPage: 'There is no such page.',
    noPageWhy: 'The address may be cut off, or what was there has another one now.',
    allEpisodes: 'All episodes',
    editorsOnly: 'For editors and admins only',
    editorsOnlyWhy: 'Jobs and imports are for those who may change the production.',
    foldSidebar: 'Fold the side bar',
    unfoldSidebar: 'Unfold the side bar',
  },

  me: {
    menu: ({ name }: { name: string }) => `${name}: theme and signing out`,
    profile: 'Profile',
    theme: 'Theme',
    themes: { light: 'Light', dark: 'Dark', system: 'System' },
    shortcuts: 'Shortcuts',
    signOut: 'Sign out',
    roleNow: ({ role }: { role: Role }) => ({ admin: 'You are an admin now.', editor: 'You are an editor now.', viewer: 'You are a viewer now: you can read, and no longer edit.' })[role],
  },

  people,

  live: {
    names: {
      connecting: 'Connecting',
      live: 'Live',
      reconnecting: 'Reconnecting',
      'catching-up': 'Catching up',
      offline: 'Offline',
    },
    heard: ({ time, pos }: { time: string; pos: string }) => `Last change heard ${time}, number ${pos}`,
    heardNothing: 'No change heard yet',
    offline: ({ time }: { time: string }) => `Offline since ${time}.`,
    offlineWhy: 'This is the board as it was then. You can read; changes wait until you are back.',
    tryNow: 'Try now',
    reconnecting: 'Reconnecting.',
    reconnectingWhy: 'The server went away.',
    catchingUp: 'Catching up.',
    caughtUp: ({ n, of }: { n: number; of: number | undefined }) => (of === undefined ? `${count(n, 'change', 'changes')} so far.` : `${number(n)} of ${count(of, 'change', 'changes')}.`),
    away: ({ minutes }: { minutes: number }) =>
      minutes >= 2880 ? `You were away for ${count(Math.round(minutes / 1440), 'day', 'days')}.` : minutes >= 120 ? `You were away for ${count(Math.round(minutes / 60), 'hour', 'hours')}.` : 'You were away for long.',
    notNow: 'Not while you are offline',
    awayWhy: 'The board was read anew.',
  },

  /** Changes that wait on the device until the server can take them. */
  kept: {
    notYet: ({ field }: { field: string }) => `Your ${field.toLowerCase()} is not saved yet.`,
    keptHere: 'It is kept here and saved when you are back.',
    keptValue: ({ value }: { value: string }) => `“${value}” is kept here and saved when you are back.`,
    keptByPage: 'This device has no room to keep it: stay on this page until it is saved.',
    mark: 'Not saved yet',
    waits: ({ n }: { n: number }) => (n === 0 ? '' : n === 1 ? '1 edit waits.' : `${number(n)} edits wait.`),
    sent: ({ n }: { n: number }) => (n === 1 ? 'Your edit is saved.' : `Your ${number(n)} edits are saved.`),
    cannotWrite: 'Not saved: the server cannot write now.',
    noAnswer: 'Not saved: the server did not answer.',
    tryingAgain: ({ seconds }: { seconds: number }) => (seconds > 0 ? `Kept here, trying again in ${seconds} s.` : 'Kept here, trying again.'),
    refused: ({ title }: { title: string }) => `Not saved: ${title}`,
    refusedWhy: ({ why }: { why: string }) => `${why} What you typed is kept.`,
    open: 'Open',
  },

  gate: {
    signIn: 'Sign in',
    goOn: 'Sign in to go on to where you were.',
    sessionEnded: 'Your session ended. Sign in to go on; nothing you typed is lost.',
    email: 'Email',
    password: 'Password',
    name: 'Name',
    showPassword: 'Show the password',
    hidePassword: 'Hide the password',
    forgotten: 'Password forgotten? An admin can give you a new one.',
    mismatch: 'Email and password do not match.',
    tooMany: ({ minutes }: { minutes: number }) => `Too many tries. Try again in ${count(minutes, 'minute', 'minutes')}.`,
    noAnswer: 'The server does not answer. Try again in a moment.',
    firstSignIn: 'First sign-in',
    putUp: 'Put up the board',
    putUpWhy: 'You will be its admin. This link works once, and for 24 hours.',
    create: 'Create the board',
    passwordLength: ({ n, least }: { n: number; least: number }) => `${n} of at least ${least} characters`,
    tooShort: ({ least }: { least: number }) => `At least ${least} characters.`,
    deadLink: 'This link no longer holds. Restart the server for a new one.',
    alreadyUp: 'The board has its admin already.',
  },

  palette,
  shortcuts,

  toasts: {
    region: 'What just happened',
    undo: 'Undo',
    undone: 'Undone',
    notUndone: 'Not undone',
    dismiss: 'Dismiss',
  },

  episode,
  board,
  calendar,
  moves,

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
      '-updated_at': 'Changed last',
      updated_at: 'Changed first',
      '-created_at': 'Newest',
      created_at: 'Oldest',
    },
    columns: 'Columns',
    columnAlways: 'Always',
    columnsReset: 'Reset',
    moveColumn: ({ column }: { column: string }) => `Move ${column}`,
    moveColumnHint: 'Drag it, or move it by the arrow keys',
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
    loadedSoFar: ({ n }: { n: number }) => `${n}+`,
    empty: 'Nothing on the board yet',
    emptyBegin: 'Add the first episode, or bring a whole season from a sheet.',
    importSheet: 'Import a sheet',
    emptyWhy: 'Episodes appear here as the team adds them.',
    noMatch: 'No episode matches',
    noMatchTitle: ({ q, anywhere }: { q: string; anywhere: boolean }) => (anywhere ? `No title has “${q}” in it, in any show or status.` : `No title of this show and status has “${q}” in it.`),
    noMatchFilter: 'No episode has this show and status.',
    notLoaded: 'The list did not load',
    notLoadedMore: 'The rest of the list did not load.',
  },

  imports,

  inbox,

  jobs,
  activity,

  profile,
  lists,
  clipboard,
  savedViews,
  shows,
};

export type Text = typeof en;
