import { choice, textParam, type Values } from '../address';

export const views = ['all', 'unread', 'archived'] as const;

/** What an address of the inbox says. */
export const inboxParams = {
  show: choice(views, 'all'),
  /** A type of notes; none is all. */
  type: textParam(),
  /** The one that is open. */
  id: textParam(),
};

export type InboxAddress = Values<typeof inboxParams>;

/** What a list of the inbox holds. */
export type InboxFilter = Pick<InboxAddress, 'show' | 'type'>;
