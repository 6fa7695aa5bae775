import { create } from 'zustand';
import { useShallow } from 'zustand/react/shallow';

/** What waits until a list takes it: changes that would add, move or remove rows. */
export interface Waiting {
  added: ReadonlySet<string>;
  moved: ReadonlySet<string>;
  gone: ReadonlySet<string>;
}

const nothing: Waiting = { added: new Set(), moved: new Set(), gone: new Set() };

/** By the key of the list. */
const useAllWaiting = create<ReadonlyMap<string, Waiting>>(() => new Map());

/** How much waits for some lists that are seen together. What one gives to another has changed place, and so have strays. */
export function useWaiting(lists: readonly string[], strays: readonly string[]): Record<keyof Waiting, number> {
  return useAllWaiting(
    useShallow((all) => {
      const waiting = lists.map((list) => all.get(list) ?? nothing);
      const of = (kind: keyof Waiting) => new Set(waiting.flatMap((one) => [...one[kind]]));
      const [added, moved, gone] = [of('added'), of('moved'), of('gone')];
      const both = [...added].filter((id) => gone.has(id));
      return { added: added.size - both.length, moved: new Set([...moved, ...both, ...strays]).size, gone: gone.size - both.length };
    }),
  );
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
