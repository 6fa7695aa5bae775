import { useCallback, useEffect } from 'react';

import { useLocation } from '../../address';
import { longDate } from '../../text';
import { calendarText, movesText } from '../../text/views';
import { announce, isTyping } from '../../ui';
import { monthAfter } from '../address';
import { carryOver, mayMove, pickUp, putDown, useCarry } from '../move/carry';
import { moveEpisode } from '../move/move';
import { moveCursor, useCursor } from '../store/cursor';
import type { Episode } from '../store/episode';
import { stepDay } from './month';

/** T leads to today, the arrows to the months beside, unless an episode is carried. */
export function useMonthKeys(month: string, today: string, go: (month: string) => void): void {
  useEffect(() => {
    const keys = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || isTyping(event) || useCarry.getState().carry) {
        return;
      }
      const acts: Record<string, () => void> = {
        t: () => go(today.slice(0, 7)),
        ArrowLeft: () => go(monthAfter(month, -1)),
        ArrowRight: () => go(monthAfter(month, 1)),
      };
      const act = acts[event.key];
      if (act) {
        event.preventDefault();
        act();
      }
    };
    window.addEventListener('keydown', keys);
    return () => window.removeEventListener('keydown', keys);
  }, [month, today, go]);
}

/** Moves an episode to a day, or away from all. */
export function useDrop(): (began: Episode, place: string) => void {
  const [, go] = useLocation();
  return useCallback(
    (began, place) => {
      const day = place === '' ? null : place;
      if (day !== began.air_date) {
        void moveEpisode(began, { air_date: day }, (id) => go(`/episodes/${id}`));
      }
    },
    [go],
  );
}

const chipOf = (id: string) => document.querySelector<HTMLElement>(`[data-chip="${CSS.escape(id)}"]`);

/** The keys on an episode: it is picked up, carried over the days, and dropped. */
export function useCarryKeys(days: readonly string[], begin: string, today: string, drop: (began: Episode, place: string) => void) {
  return (event: React.KeyboardEvent): void => {
    const id = event.target instanceof HTMLElement ? event.target.getAttribute('data-chip') : null;
    if (id === null || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const { carry } = useCarry.getState();
    const act = carry?.by === 'keys' ? carrying(event.key, carry.over ?? '', days, begin, today, drop) : resting(event.key, id);
    if (act) {
      event.preventDefault();
      act();
    }
  };
}

function carrying(key: string, over: string, days: readonly string[], begin: string, today: string, drop: (began: Episode, place: string) => void): (() => void) | undefined {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowRight':
    case 'ArrowUp':
    case 'ArrowDown':
      return () => {
        const to = stepDay(over, key, days, begin);
        if (to !== undefined) {
          carryOver(to);
          document.querySelector(`[data-day="${to}"]`)?.scrollIntoView({ block: 'nearest' });
          announce(longDate(to, today));
        }
      };
    case 'Backspace':
    case 'Delete':
      return () => {
        carryOver('');
        announce(calendarText.noDate);
      };
    case ' ':
    case 'Enter':
      return () => {
        const carried = putDown();
        if (!carried) {
          return;
        }
        if ((carried.began.air_date ?? '') === over) {
          announce(movesText.putBack({ title: carried.began.title }));
          return;
        }
        drop(carried.began, over);
        setTimeout(() => chipOf(carried.began.id)?.focus()); // once the lists have told of it
      };
    case 'Escape':
      return putBack;
    case 'Tab':
      return () => undefined;
  }
  return undefined;
}

function resting(key: string, id: string): (() => void) | undefined {
  switch (key) {
    case ' ':
      return () => {
        const { carry } = useCarry.getState();
        if (carry) {
          return;
        }
        if (pickUp(id, 'keys')) {
          const began = useCarry.getState().carry?.began;
          carryOver(began?.air_date ?? '');
          announce(calendarText.carried({ title: began?.title ?? '' }));
        } else if (!mayMove()) {
          announce(movesText.offline);
        }
      };
    case 'ArrowDown':
    case 'j':
      return () => step(id, 1);
    case 'ArrowUp':
    case 'k':
      return () => step(id, -1);
  }
  return undefined;
}

function step(id: string, by: 1 | -1): void {
  const chips = [...document.querySelectorAll<HTMLElement>('[data-chip]')];
  const at = chips.findIndex((chip) => chip.getAttribute('data-chip') === id);
  chips[at + by]?.focus();
}

function putBack(): void {
  const carried = putDown();
  if (carried) {
    announce(movesText.putBack({ title: carried.began.title }));
  }
}

/** The cursor is on the episode that has the focus, however it got it. */
export function focused({ target }: React.FocusEvent): void {
  const id = target.getAttribute('data-chip');
  if (id !== null && useCursor.getState().at?.key !== id) {
    moveCursor({ key: id, column: 'title' });
  }
}

/** What is carried by keys goes back when the focus goes elsewhere. */
export function blurred(): void {
  if (useCarry.getState().carry?.by === 'keys') {
    putBack();
  }
}
