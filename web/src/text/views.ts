import { count } from './format';

// The board by status and the calendar by air date, and moving an episode in either.

export const movesText = {
  pickedUp: ({ title, place, at, of }: { title: string; place: string; at: number; of: number }) => `Picked up ${title}, ${place}, ${at} of ${of}`,
  putBack: ({ title }: { title: string }) => `${title} is back where it was`,
  isNow: ({ title, status }: { title: string; status: string }) => `${title} is ${status.toLowerCase()}`,
  airs: ({ title, date }: { title: string; date: string }) => `${title} airs on ${date}`,
  airsNever: ({ title }: { title: string }) => `${title} has no air date`,
  undoPublished: 'Everyone is told. Undo takes the status back, not the notes.',
  notMoved: ({ title }: { title: string }) => `${title} was not moved`,
  movedFirst: ({ name }: { name: string }) => `${name} moved it first`,
  isSince: ({ title, status, when }: { title: string; status: string; when: string }) => `${title} has been ${status.toLowerCase()} since ${when}. Your move was not made.`,
  airsSince: ({ title, date, when }: { title: string; date: string; when: string }) => `The air date of ${title} has been ${date} since ${when}. Your move was not made.`,
  airsNeverSince: ({ title, when }: { title: string; when: string }) => `${title} has had no air date since ${when}. Your move was not made.`,
  roleChanged: 'Your role no longer allows this.',
  offline: 'Offline: nothing can be moved now.',
  open: 'Open',
};

export const boardText = {
  label: 'Episodes by status',
  none: 'None',
  newIn: ({ status }: { status: string }) => `New episode in ${status}`,
  fold: ({ status }: { status: string }) => `Fold ${status}`,
  unfold: ({ status }: { status: string }) => `Unfold ${status}`,
  column: ({ status, n }: { status: string; n: number }) => `${status}, ${count(n, 'episode', 'episodes')}`,
  everyone: 'Everyone will be told.',
  status: ({ title }: { title: string }) => `Set the status of ${title}`,
  notLoaded: 'Not loaded.',
  /** What somebody has just done, by the status that it has now. */
  did: {
    draft: ({ name }: { name: string }) => `${name} made this a draft`,
    pending: ({ name }: { name: string }) => `${name} made this pending`,
    approved: ({ name }: { name: string }) => `${name} approved this`,
    rejected: ({ name }: { name: string }) => `${name} rejected this`,
    published: ({ name }: { name: string }) => `${name} published this`,
    archived: ({ name }: { name: string }) => `${name} archived this`,
  },
  movedDate: ({ name }: { name: string }) => `${name} moved the date`,
  renamed: ({ name }: { name: string }) => `${name} renamed this`,
  changed: ({ name }: { name: string }) => `${name} changed this`,
};

export const calendarText = {
  label: 'Episodes by air date',
  noDate: 'No air date',
  trayHint: 'Drag one onto a day. Drag it back here to remove its date.',
  trayMore: 'Show more',
  more: ({ n }: { n: number }) => `+${n}`,
  moreOf: ({ n, day }: { n: number; day: string }) => `${n} more on ${day}`,
  day: ({ day, n }: { day: string; n: number }) => (n === 0 ? day : `${day}, ${count(n, 'episode', 'episodes')}`),
  nothing: ({ month }: { month: string }) => `Nothing airs in ${month}.`,
  /** "Lighthouse Nine, S1 E4, ", before the status. */
  place: ({ show, number }: { show: string; number: string }) => [show, number, ''].filter((part, i) => part || i === 2).join(', '),
  carried: ({ title }: { title: string }) => `Picked up ${title}. Arrows choose a day, Backspace removes the date, Space drops, Escape puts back.`,
};
