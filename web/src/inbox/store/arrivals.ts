import type { Message, NotificationPush, Schemas } from 'callboard';

import { queue } from '../../live';
import { setUnread } from '../unread';
import { lookForNews, showRead, wait } from './lists';
import { notes, putNote, type Note } from './note';

/** Told of notes that have just come, as far as their reader wants them to pop up. */
type Listener = (note: Note) => void;

const listeners = new Set<Listener>();

export function onArrival(listener: Listener): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

const pause = 300; // ms in which several changes of the number are one look
let looking: ReturnType<typeof setTimeout> | undefined;

queue.applies((batch) => {
  for (const { message, source } of batch) {
    if (message.direct) {
      continue;
    }
    if (message.event === 'notification') {
      const { notification, unread_count } = (message as Message<NotificationPush>).data;
      putNote(notification);
      wait([notification.id]);
      setUnread(unread_count);
      const note = notes.get(notification.id);
      if (note && source === 'live') {
        listeners.forEach((tell) => tell(note));
      }
    } else if (message.event === 'unread_count') {
      const { unread_count } = message.data as Schemas['NotificationUnreadData'];
      setUnread(unread_count);
      if (unread_count === 0) {
        showRead(Infinity); // in another tab
      }
      clearTimeout(looking);
      looking = setTimeout(() => void lookForNews().catch(() => undefined), pause); // no answer: the next change looks again
    }
  }
});
