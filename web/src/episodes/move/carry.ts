import { create } from 'zustand';

import { useLamp } from '../../live';
import { useSession } from '../../session';
import { episodes, type Episode } from '../store/episode';

/** An episode that is held, by the pointer or by keys, until it is dropped or put back. */
export interface Carry {
  /** As it was when it was picked up: what is saved goes by its version. */
  began: Episode;
  /** Over which place it is: a status, a day, or "" for no day; undefined when over none. */
  over: string | undefined;
  by: 'pointer' | 'keys';
}

export const useCarry = create<{ carry: Carry | undefined }>(() => ({ carry: undefined }));

/** Whether anything can be moved now: by who may edit, and while the server is there. */
export function mayMove(): boolean {
  const { me } = useSession.getState();
  return me !== undefined && me.role !== 'viewer' && useLamp.getState().signal !== 'offline';
}

/** Picks an episode up. Returns false when it cannot be moved now. */
export function pickUp(id: string, by: Carry['by'], over?: string): boolean {
  const began = episodes.saved(id);
  if (!began || began.deleted_at !== undefined || !mayMove()) {
    return false;
  }
  useCarry.setState({ carry: { began, over, by } });
  return true;
}

export function carryOver(over: string | undefined): void {
  const { carry } = useCarry.getState();
  if (carry && carry.over !== over) {
    useCarry.setState({ carry: { ...carry, over } });
  }
}

/** Ends carrying, and returns what was carried. */
export function putDown(): Carry | undefined {
  const { carry } = useCarry.getState();
  useCarry.setState({ carry: undefined });
  return carry;
}
