import { count, number, plural, series } from './format';

/** A sentence, in which names are set off. */
export type Sentence = readonly (string | { name: string })[];

type Told = (parts: { actor: string; name: string }) => Sentence;

const did = (verb: string): Told => ({ actor, name }) => [{ name: actor }, ` ${verb} `, { name }];

/** Fields by the names of the server. */
const fields: Record<string, string> = {
  title: 'Title',
  status: 'Status',
  air_date: 'Air date',
  show_id: 'Show',
  season_number: 'Season',
  episode_number: 'Number',
  categories: 'Categories',
  description: 'Description',
  thumbnail_url: 'Picture',
  name: 'Name',
};

const fieldName = (field: string): string => fields[field] ?? field.replaceAll('_', ' ');

export const inboxText = {
  title: 'Inbox',
  label: 'Notes',
  show: 'Show',
  shows: { all: 'All', unread: 'Unread', archived: 'Archived' },
  type: 'About',
  anyType: 'Anything',
  readAll: 'Read all',
  preferences: 'What to hear of',
  isUnread: 'Unread',
  urgent: 'Urgent',
  changes: ({ n }: { n: number }) => count(n, 'change', 'changes'),
  select: ({ what }: { what: string }) => `Select ${what}`,
  selected: ({ n }: { n: number }) => `${n} selected`,
  clearSelection: 'Clear the selection',
  waiting: ({ n }: { n: number }) => `${n} new`,
  waitingHint: 'Show what is new',
  today: 'Today',
  yesterday: 'Yesterday',
  choose: 'Choose a note to read it here.',
  chooseHow: 'J and K go through the list.',
  notHere: 'This note is not in the list',
  notHereWhy: 'It may be archived, or no longer kept.',
  back: 'Inbox',

  markRead: 'Mark as read',
  markUnread: 'Mark as unread',
  archive: 'Archive',
  unarchive: 'Move to the inbox',
  open: 'Open',
  openEpisode: ({ title }: { title: string }) => `Open ${title}`,
  stopWatching: 'Stop watching',

  archived: ({ n }: { n: number }) => (n === 1 ? 'Archived' : `Archived ${n} notes`),
  unarchived: ({ n }: { n: number }) => (n === 1 ? 'Moved to the inbox' : `Moved ${n} notes to the inbox`),
  allRead: ({ n }: { n: number }) => `${count(n, 'note', 'notes')} read`,
  undoneOnly: ({ n }: { n: number }) => `Undo takes back the newest ${number(n)} of them.`,
  nothingToRead: 'All read already',
  stoppedWatching: 'You no longer watch this',
  arrived: ({ n }: { n: number }) => `${n} new notes`,

  /** What a note says, by its type. What is not here says it in the server's words. */
  told: {
    episode_created: did('created'),
    episode_updated: did('updated'),
    episode_published: did('published'),
    episode_archived: did('archived'),
    episode_deleted: did('deleted'),
    show_updated: did('updated'),
    show_deleted: did('deleted'),
    file_created: did('added'),
    file_updated: did('renamed'),
    file_deleted: did('deleted'),
  } as Partial<Record<string, Told>>,
  digest: ({ n }: { n: number }): Sentence => [{ name: `${n} more` }, ` ${plural(n, 'change', 'changes')}`],
  digestWhy: 'More came than can be read one by one, so these are only counted.',
  lastOf: ({ when, n }: { when: string; n: number }) => (n > 1 ? `${when}, ${count(n, 'change', 'changes')}` : when),
  changedLast: 'What changed last',
  field: fieldName,
  /** "Title, air date". */
  changed: ({ names }: { names: string[] }) => series(names.map((name, i) => (i === 0 ? fieldName(name) : fieldName(name).toLowerCase()))),
  statusChange: ({ from, to }: { from: string; to: string }) => `Status: ${from} to ${to}`,
  place: ({ show, number }: { show: string; number: string }) => series([show, number]),
  airs: ({ date }: { date: string }) => `airs ${date}`,
  none: 'none',
  aPicture: 'a picture',

  why: {
    watchEpisode: 'You get this because you watch this episode.',
    watchShow: 'You get this because you watch this show.',
    watchOfShow: 'You get this because you watch its show.',
    watched: 'You got this because you watched it then.',
    editor: 'You get this because you are an editor.',
    admin: 'You get this because you are an admin.',
    everyone: 'Everyone is told of this.',
    yourJob: 'It was your job.',
    sent: ({ name }: { name: string }) => `${name} sent this.`,
    ask: 'Why did I get this?',
  },

  allReadEmpty: 'All read',
  allReadWhy: 'New notes appear here by themselves.',
  emptyTitle: 'No notes yet',
  archiveEmpty: 'Nothing archived',
  archiveWhy: 'Notes that you archive are kept here.',
  noType: 'No note of this kind',
  anyTypeAgain: 'Show all kinds',
  notLoaded: 'The inbox did not load',

  types: {
    episode_updated: 'Updated',
    episode_created: 'Created',
    episode_published: 'Published',
    episode_archived: 'Archived',
    episode_deleted: 'Deleted',
    file_created: 'Added',
    file_updated: 'Renamed',
    file_deleted: 'Deleted',
    job_completed: 'Done',
    job_failed: 'Failed',
    job_cancelled: 'Cancelled by someone else',
    show_updated: 'Updated',
    show_deleted: 'Deleted',
  },
  /** A type by itself, where nothing says what it is of. */
  typeAlone: ({ group, type }: { group: string; type: string }) => `${group}: ${type.toLowerCase()}`,
  ownType: ({ type }: { type: string }) => {
    const words = type.replaceAll(/[_.-]+/g, ' ');
    return words.charAt(0).toUpperCase() + words.slice(1);
  },
  groups: { episodes: 'Episodes', files: 'Files', jobs: 'Jobs', shows: 'Shows', applications: 'From applications' },
  about: {
    watched: 'Those you watch',
    editors: 'All, for editors and admins',
    all: 'All',
    watchedOrAdmin: 'Those you watch, and all for admins',
    files: 'On episodes you watch',
    yours: 'Yours',
    yoursOrAdmin: 'Yours, and all for admins',
    application: 'What it sends you',
  },
  tellMe: 'Tell me when',
  aboutHead: 'About',
  inApp: 'Inbox',
  live: 'Pop up',
  toInbox: ({ type }: { type: string }) => `${type}: inbox`,
  toPopUp: ({ type }: { type: string }) => `${type}: pop up`,
  notAsked: 'Nothing pops up that is not in the inbox.',
  muteAll: 'Mute everything',
  muteAllWhy: 'Nothing at all, not even in the inbox.',
  saving: 'Saving',
  saved: 'Saved',
  preferencesNotLoaded: 'The settings did not load',
  notYourOwn: 'You are not told of what you did yourself. Repeated changes to one episode share a line in the inbox.',

  quiet: {
    title: 'Quiet hours',
    fields: { 'quietHours.start': 'From', 'quietHours.end': 'To', 'quietHours.timeZone': 'Time zone', 'quietHours.days': 'Days' },
    why: 'Nothing pops up then. It all waits in the inbox, and urgent notes still come through.',
    from: 'From',
    to: 'To',
    evenings: 'Evenings of',
    days: 'Days',
    zone: 'Time zone',
    lastDay: 'At least one day. Switch quiet hours off instead.',
    now: ({ until }: { until: string }) => `Now, until ${until}.`,
    next: ({ start, until }: { start: string; until: string }) => `Next: ${start}, until ${until}.`,
    always: 'All day, every day.',
    at: ({ day, time }: { day: string; time: string }) => `${day} at ${time}`,
    tonight: 'tonight',
    dayTime: ({ day, time }: { day: string; time: string }) => `${day} ${time}`,
  },
};
