// The words of why somebody was told of something, or was not.
import { count, list } from './format';

/** Whom it is about. */
export interface Whom {
  you: boolean;
  name: string;
}

type Told = (whom: Whom) => string;

const both = (you: string, other: string): Told => (whom) => (whom.you ? you : `${whom.name} ${other}`);
const all = (words: string): Told => () => words;

/** What each step came to, by its name and reason. */
const steps: Partial<Record<string, Told>> = {
  'event.found': all('It is in the log.'),
  'event.notifies_nobody': all('Nobody is told of such a thing.'),
  'event.no_position': all('It was only just written. The log has not placed it yet.'),
  'event.expired': all('It was sent to disappear by now.'),
  'event.not_kept': all('It is too long ago for the log to say whom it went to.'),

  'consumer.taken': all('The inboxes have it.'),
  'consumer.behind': all('The inboxes are behind. It will come by itself.'),
  'consumer.failing': all('The inboxes could not take it, and try again by themselves.'),
  'consumer.stalled': all('The inboxes stand still just before it, and try again by themselves.'),
  'consumer.not_run': all('No inboxes run on this server.'),

  'user.active': both('You have an account that is in use.', 'has an account that is in use.'),
  'user.unknown': both('Nobody knows your account.', 'is known to nobody.'),
  'user.disabled': both('Your account is disabled.', 'cannot sign in: the account is disabled.'),

  'actor.own': both('You did it yourself, and nobody is told of their own doing.', 'did it, and nobody is told of their own doing.'),
  'actor.to_itself': both('You sent it to yourself by name.', 'sent it to themselves by name.'),
  'actor.other': all('Somebody else did it.'),

  'audience.member': both('You are one of those it goes to.', 'is one of those it goes to.'),
  'audience.watchers': all('It goes to those who watch.'),
  'audience.was_member': both('You were one of those it went to. Today you would not be.', 'was one of those it went to, and would not be today.'),
  'audience.not_member': both('You are not one of those it goes to.', 'is not one of those it goes to.'),

  'watch.watching': both('You watch it.', 'watches it.'),
  'watch.was_member': both('You watched it then.', 'watched it then.'),
  'watch.not_watching': both('You do not watch it.', 'does not watch it.'),

  'mute.not_muted': both('You have not muted everything.', 'has not muted everything.'),
  'mute.mute_all': both('You have muted everything.', 'has muted everything.'),

  'preference.wanted': both('You want to hear of this kind.', 'wants to hear of this kind.'),
  'preference.type_off': both('You have switched this kind off.', 'has switched this kind off.'),

  'limit.within': all('It was within what an inbox takes in an hour.'),
  'limit.not_limited': all('Such an important note always comes.'),
  'limit.digest': all('More came than an inbox takes in an hour, so this is only counted.'),

  'inbox.unread': both('It is in your inbox, unread.', 'has it in the inbox, unread.'),
  'inbox.read': both('It is in your inbox, and you have read it.', 'has it in the inbox, and has read it.'),
  'inbox.archived': both('You have archived it.', 'has archived it.'),
  'inbox.joined': both('It joined a note about the same that you had not read.', 'has it in a note about the same that was not read.'),
  'inbox.digest': both('The note that sums up the rest counts it.', 'has it counted in the note that sums up the rest.'),
  'inbox.gone': both('It is not in your inbox now, and what became of it was not kept.', 'does not have it in the inbox now. What became of it was not kept.'),

  'live.wanted': both('You want this kind to pop up.', 'wants this kind to pop up.'),
  'live.type_off': both('You do not want this kind to pop up.', 'does not want this kind to pop up.'),

  'quiet_hours.none': both('You have no quiet hours.', 'has no quiet hours.'),
  'quiet_hours.outside': all('Quiet hours did not hold it back.'),
  'quiet_hours.inside': all('It came in quiet hours, so nothing popped up.'),

  'socket.sent': all('It was sent to the pages that were open then. How many these were is not kept.'),
  'socket.behind': all('What pops up is behind. It will come by itself.'),
  'socket.failing': all('It could not be sent to open pages, and is tried again.'),
  'socket.stalled': all('What pops up stands still just before it, and is tried again.'),
  'socket.not_run': all('Nothing pops up on this server.'),
};

const possible: Partial<Record<string, string>> = {
  deleted: 'it was deleted',
  retention: 'it was old enough to be removed',
  preferences_changed: 'the settings were different then',
  audience_changed: 'the role, or what was watched, was different then',
  joined: 'a note about the same counts it',
};

const roles: Partial<Record<string, string>> = { admin: 'admins', editor: 'editors', viewer: 'viewers' };

export const whyText = {
  mine: 'Why did I get this?',
  whose: 'Who got this, and why not',
  inbox: 'Inbox',
  activity: 'Activity',
  person: 'Person',
  way: 'Step by step',
  outcome: {
    passed: both('You got this', 'got this'),
    joined: both('You got this, counted with others', 'got this, counted with others'),
    stopped: both('You did not get this', 'did not get this'),
    waiting: both('You have not got this yet', 'has not got this yet'),
    unknown: both('There is no note of this now', 'has no note of this now'),
  },
  state: { passed: 'Yes', joined: 'Counted', stopped: 'No', waiting: 'Not yet', unknown: 'Not known' },
  names: {
    event: 'The event', consumer: 'Taken', user: 'Account', actor: 'Who did it', audience: 'Whom it goes to', watch: 'Watching', mute: 'Mute',
    preference: 'Kind', limit: 'Limit', inbox: 'Inbox', live: 'Pop up', quiet_hours: 'Quiet hours', socket: 'Open pages',
  } as const,
  step: ({ step, reason, words }: { step: string; reason: string; words: string }, whom: Whom) => steps[`${step}.${reason}`]?.(whom) ?? words,
  asNow: 'As things are now. They may have been different then.',
  goesTo: ({ names }: { names: string[] }) => `It goes to ${list(names)}.`,
  because: ({ names }: { names: string[] }) => `Because it goes to ${list(names)}.`,
  everyone: 'everyone',
  role: ({ role }: { role: string }) => roles[role] ?? `those with the role ${role}`,
  group: ({ name }: { name: string }) => `the group ${name}`,
  watchers: ({ type }: { type: string }) => `those who watch the ${type.replaceAll('_', ' ')}`,
  themselves: 'you',
  namedMore: ({ n }: { n: number }) => count(n, 'other', 'others'),
  settingsChanged: ({ when }: { when: string }) => `The settings were last changed ${when}.`,
  perHour: ({ n }: { n: number }) => (n > 0 ? `The limit is ${count(n, 'note', 'notes')} an hour.` : 'There is no limit.'),
  counts: ({ n }: { n: number }) => `That note tells of ${count(n, 'event', 'events')}.`,
  quiet: ({ start, end, zone }: { start: string; end: string; zone: string }) => `Quiet hours are from ${start} to ${end} (${zone}).`,
  tries: ({ n, next }: { n: number; next: string }) => `${n === 1 ? 'It was tried once.' : `It was tried ${n} times.`}${next && ` The next try is ${next}.`}`,
  mayBe: ({ reasons }: { reasons: string[] }) => `It may be that ${reasons.map((one) => possible[one] ?? one).join(', or that ')}.`,
  open: ({ n }: { n: number }, whom: Whom) => {
    const pages = n === 0 ? 'no open page' : count(n, 'open page', 'open pages');
    return whom.you ? `You have ${pages} now.` : `${whom.name} has ${pages} now.`;
  },
  by: ({ name, what, when }: { name: string; what: string; when: string }) => `${[what, name].filter(Boolean).join(', by ')}, ${when}`,
  notThere: 'There is nothing to tell',
  notThereWhy: 'It is not there, or not yours to see.',
  gone: 'That is too long ago',
  goneWhy: 'What happened is only kept for some days in such detail.',
  off: 'Notifications are switched off',
  offWhy: 'On this server nobody is told of anything. Who runs it can switch them on.',
  notLoaded: 'It did not load',
};
