import { create } from 'zustand';

/** What waits until a list takes it: changes that would add, move or remove rows. */
export interface Waiting {
  added: ReadonlySet<string>;
  moved: ReadonlySet<string>;
  gone: ReadonlySet<string>;
}

const nothing: Waiting = { added: new Set(), moved: new Set(), gone: new Set() };

/** By the key of the list. */
const useAllWaiting = create<ReadonlyMap<string, Waiting>>(() => new Map());

export function useWaiting(list: string): Waiting {
  return useAllWaiting((all) => all.get(list) ?? nothing);
}

export function waitingFor(list: string): Waiting {
  return useAllWaiting.getState().get(list) ?? nothing;
}

/** Notes what an episode is to a list now, in the place of what it was before. */
export function note(list: string, id: string, what: keyof Waiting | undefined): void {
  const before = waitingFor(list);
  const known = (Object.keys(before) as (keyof Waiting)[]).find((kind) => before[kind].has(id));
  if (known === what) {
    return;
  }
  const after = { added: new Set(before.added), moved: new Set(before.moved), gone: new Set(before.gone) };
  if (known) {
    after[known].delete(id);
  }
  if (what) {
    after[what].add(id);
  }
  useAllWaiting.setState(new Map(useAllWaiting.getState()).set(list, after), true);
}

export function forget(list: string): void {
  const all = new Map(useAllWaiting.getState());
  if (all.delete(list)) {
    useAllWaiting.setState(all, true);
  }
}
