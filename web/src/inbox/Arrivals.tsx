import { useEffect, useRef } from 'react';

import { useLocation } from '../address';
import { inboxText } from '../text/inbox';
import { dismiss, toast } from '../ui';
import { episodeOf, mark, readAbout } from './api';
import { onArrival } from './store/arrivals';
import type { Note } from './store/note';
import { useUnread } from './unread';
import { iconOf, plain, sentenceOf } from './words';

const crowd = 3; // so many within the time below are one
const crowdTime = 10_000; // ms

/** Notes that came so recently that they are told together. */
interface Told {
  at: number;
  toast: number;
}

/** Pops up what comes in, and reads what is about the episode that somebody has come to. It shows nothing by itself. */
export function Arrivals() {
  const [path, go] = useLocation();
  const unread = useUnread() > 0;
  const told = useRef<Told[]>([]);
  const open = /^\/episodes\/([^/]+)/.exec(path)?.[1];
  useEffect(() => {
    if (open && unread) {
      void readAbout(open);
    }
  }, [open, unread]);
  useEffect(
    () =>
      onArrival((note) => {
        if (document.hidden) {
          return;
        }
        if ((open && episodeOf(note) === open) || isInView(note)) {
          void mark('read', [note.id]);
        } else if (path !== '/inbox') {
          told.current = tell(note, told.current, Date.now(), go);
        }
      }),
    [open, path, go],
  );
  return null;
}

/** Whether a note is about the job that is open, in its drawer or in the wizard: what became of it is seen there. */
function isInView({ resource_type: type, resource_id: id }: Note): boolean {
  const { pathname, search } = window.location;
  return type === 'job' && (pathname + search).includes(id);
}

/** Says what came: by itself, or as a number once there are many. */
function tell(note: Note, before: readonly Told[], now: number, go: (to: string) => void): Told[] {
  const recent = before.filter(({ at }) => now - at < crowdTime);
  const n = recent.length + 1;
  if (n < crowd) {
    const shown = toast({ look: 'news', icon: iconOf(note), words: plain(sentenceOf(note)), act: { name: inboxText.open, run: () => go(`/inbox?id=${note.id}`) } });
    return [...recent, { at: now, toast: shown }];
  }
  new Set(recent.map((one) => one.toast)).forEach(dismiss);
  const shown = toast({ look: 'news', words: inboxText.arrived({ n }), act: { name: inboxText.open, run: () => go('/inbox') } });
  return [...recent, { at: now }].map(({ at }) => ({ at, toast: shown }));
}
