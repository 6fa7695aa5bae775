import { channels, type Schemas } from 'callboard';
import { useEffect } from 'react';
import { create } from 'zustand';

import { connection } from './connection';
import { queue } from './queue';

export type Viewer = Schemas['Viewer'];

/** Who looks at what, by the channel of the list. What nobody asks for is not here. */
const useLists = create<ReadonlyMap<string, readonly Viewer[]>>(() => new Map());

const nobody: readonly Viewer[] = [];

/** Who looks at a resource, as far as somebody on this page asks; see useLook. */
export function useViewers(type: string, id: string): readonly Viewer[] {
  return useLists((lists) => lists.get(channels.viewers(type, id)) ?? nobody);
}

/** How many lists a page asks for at once: a socket has 128 channels. */
const most = 40;
/** How long a thing has to be in view until it is asked for, in milliseconds. */
const rest = 500;

let held = 0;

/** Asks who looks at a resource while it is in view, without looking at it oneself. */
export function useLook(type: string, id: string): void {
  useEffect(() => {
    let release: (() => void) | undefined;
    const timer = setTimeout(() => {
      if (held < most) {
        const channel = channels.viewers(type, id);
        held++;
        const end = connection.hold(channel, (data) => set(channel, (data as Schemas['PresenceViewerList'] | undefined)?.viewers));
        release = () => {
          end();
          held--;
          set(channel, undefined);
        };
      }
    }, rest);
    return () => {
      clearTimeout(timer);
      release?.();
    };
  }, [type, id]);
}

function set(channel: string, viewers: readonly Viewer[] | undefined): void {
  const lists = new Map(useLists.getState());
  if (viewers && viewers.length > 0) {
    useLists.setState(lists.set(channel, viewers), true);
  } else if (lists.delete(channel)) {
    useLists.setState(lists, true);
  }
}

queue.applies((batch) => {
  for (const { message } of batch) {
    if (message.event === 'viewers') {
      const { type, id } = message.resource;
      set(channels.viewers(type, id), (message.data as Schemas['PresenceViewerList']).viewers);
    }
  }
});
