import { useCallback, useMemo, useRef, useState } from 'react';

import { useLocation } from '../../address';
import { text, type Status } from '../../text';
import { boardText, movesText } from '../../text/views';
import { announce, Announcer, statuses } from '../../ui';
import { boardSort, type ListFilter } from '../address';
import { carryOver, mayMove, pickUp, putDown, useCarry } from '../move/carry';
import { moveEpisode } from '../move/move';
import { Pill } from '../Pill';
import type { Episode } from '../store/episode';
import { moveCursor, useCursor } from '../store/cursor';
import type { Totals } from '../store/totals';
import { Column } from './Column';
import { columnOf, focusBeside, focusCard } from './focus';
import { foldedStatuses, keepFolded } from './folded';
import { Rail } from './Rail';
import css from './Board.module.css';

/** The episodes by status: a column each, in the order of the work. A card has a column and no place in it, which is the sort's. */
export default function Board({ filter, totals, onNew }: { filter: ListFilter; totals: Totals | undefined; onNew: ((status: Status) => void) | undefined }) {
  const [folded, setFolded] = useState(foldedStatuses);
  const scroller = useRef<HTMLDivElement>(null);
  const [, go] = useLocation();
  const lists = useMemo(() => {
    const shown = filter.status.length > 0 ? filter.status : statuses;
    return shown.map((status): ListFilter & { status: [Status] } => ({ ...filter, status: [status], sort: boardSort(filter.sort) }));
  }, [filter]);
  const fold = useCallback((status: Status) => {
    setFolded((before) => {
      const after = before.includes(status) ? before.filter((one) => one !== status) : [...before, status];
      keepFolded(after);
      return after;
    });
  }, []);
  const drop = useCallback(
    (began: Episode, place: string): void => {
      const status = statuses.find((one) => one === place);
      if (status && status !== began.status) {
        void moveEpisode(began, { status }, (id) => go(`/episodes/${id}`));
      }
    },
    [go],
  );
  const keys = useKeys(
    useMemo(() => lists.map(({ status: [status] }) => status), [lists]),
    drop,
  );
  return (
    <>
      {/* The board handles the keys of all its cards. */}
      {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div className={css['board']} ref={scroller} onKeyDown={keys} onFocus={focused} onBlur={blurred} data-board>
        {lists.map((list) => {
          const [status] = list.status;
          const total = totals?.statuses[status];
          return folded.includes(status) ? (
            <Rail key={status} status={status} total={total} onUnfold={fold} />
          ) : (
            <Column key={status} filter={list} total={total} onFold={fold} onDrop={drop} onNew={onNew} />
          );
        })}
      </div>
      <Pill filters={lists} scroller={scroller} />
      <Announcer />
    </>
  );
}

/** The cursor is on the card that has the focus, however it got it. */
function focused({ target }: React.FocusEvent): void {
  const id = target.getAttribute('data-card');
  if (id !== null && useCursor.getState().at?.key !== id) {
    moveCursor({ key: id, column: 'title' });
  }
}

/** What is carried by keys goes back when the focus goes elsewhere. */
function blurred(): void {
  if (useCarry.getState().carry?.by === 'keys') {
    putBack();
  }
}

function putBack(): void {
  const carried = putDown();
  if (carried) {
    announce(movesText.putBack({ title: carried.began.title }));
  }
}

function useKeys(columns: readonly Status[], drop: (began: Episode, place: string) => void) {
  return (event: React.KeyboardEvent): void => {
    const card = event.target instanceof HTMLElement ? event.target.getAttribute('data-card') : null;
    if (card === null || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const { carry } = useCarry.getState();
    const acts = carry?.by === 'keys' ? carrying(carry.over ?? '', columns, drop) : resting(card);
    const act = acts[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  };
}

/** The keys while a card is carried: to which column, and whether it stays there. */
function carrying(over: string, columns: readonly Status[], drop: (began: Episode, place: string) => void): Record<string, () => void> {
  const to = (step: number) => (): void => {
    const status = columns[columns.findIndex((one) => one === over) + step];
    if (status) {
      carryOver(status);
      document.querySelector(`[data-column="${status}"]`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      announce(status === 'published' ? `${text.status.published}. ${boardText.everyone}` : text.status[status]);
    }
  };
  const end = (): void => {
    const carried = putDown();
    if (carried?.began.status === over) {
      announce(movesText.putBack({ title: carried.began.title }));
    } else if (carried) {
      drop(carried.began, over);
      setTimeout(() => focusCard(carried.began.id)); // once the lists have told of it
    }
  };
  return { ArrowLeft: to(-1), ArrowRight: to(1), ' ': end, Enter: end, Escape: putBack, ArrowUp: nothing, ArrowDown: nothing, Tab: nothing };
}

const nothing = (): void => undefined;

function resting(card: string): Record<string, () => void> {
  const pick = (): void => {
    const column = columnOf(card);
    if (column && pickUp(card, 'keys', column.status)) {
      const title = useCarry.getState().carry?.began.title ?? '';
      announce(movesText.pickedUp({ title, place: text.status[column.status], at: column.at, of: column.of }));
    } else if (!mayMove()) {
      announce(movesText.offline);
    }
  };
  return {
    ' ': pick,
    ArrowLeft: () => focusBeside(card, -1),
    ArrowRight: () => focusBeside(card, 1),
  };
}
