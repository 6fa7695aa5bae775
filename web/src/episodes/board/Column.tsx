import { IconChevronLeft, IconPlus, IconRefresh, IconSpeakerphone } from '@tabler/icons-react';
import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual';
import { useCallback, useEffect, useMemo, useRef } from 'react';

import { number, text, type Status } from '../../text';
import { boardText } from '../../text/views';
import { Button, Skeleton, StatusIcon } from '../../ui';
import type { ListFilter } from '../address';
import { useEpisodeList } from '../api';
import { useCarry } from '../move/carry';
import { useDropTarget } from '../move/drag';
import { useCursor } from '../store/cursor';
import { episodes, type Episode } from '../store/episode';
import { placeOf, type Loaded } from '../store/place';
import { Card } from './Card';
import css from './Board.module.css';

const gap = 7; // px between cards
const ahead = 10; // cards before the end of what was read, at which the next page is fetched
const nothing: Loaded = { ids: [], more: false };

interface ColumnProps {
  filter: ListFilter & { status: [Status] };
  /** How many there are, as far as that is known. */
  total: number | undefined;
  onFold: (status: Status) => void;
  onDrop: (began: Episode, place: string) => void;
  /** Undefined for those who may not. */
  onNew: ((status: Status) => void) | undefined;
}

export function Column({ filter, total, onFold, onDrop, onNew }: ColumnProps) {
  const [status] = filter.status;
  const column = useRef<HTMLElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  useDropTarget(column, status);
  const { isFetchingNextPage, isFetchNextPageError, isPlaceholderData, fetchNextPage, ...list } = useEpisodeList(filter);
  const loaded = list.loaded ?? nothing;
  const { ids, more } = loaded;
  const coming = useCarry(({ carry }) => (carry?.over === status && carry.began.status !== status ? carry.began : undefined));
  const carried = useCarry(({ carry }) => carry?.began.id);
  const cursor = useCursor(({ at }) => at?.key);
  const inside = cursor !== undefined && ids.includes(cursor);
  const kept = useMemo(() => [cursor, carried].map((id) => (id === undefined ? -1 : ids.indexOf(id))), [ids, cursor, carried]);
  const rangeExtractor = useCallback((range: Range) => [...new Set([...defaultRangeExtractor(range), ...kept.filter((index) => index >= 0)])].sort((a, b) => a - b), [kept]);
  // The compiler of React is not in use, which is what the rule is about.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => guessHeight(ids[index]),
    getItemKey: (index) => ids[index] ?? index,
    gap,
    paddingStart: 5,
    paddingEnd: 8,
    overscan: 6,
    scrollPaddingStart: 8,
    scrollPaddingEnd: 8,
    rangeExtractor,
  });
  const visible = virtual.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= ids.length - ahead && !isFetchingNextPage && !isFetchNextPageError && !isPlaceholderData) {
      void fetchNextPage();
    }
  }, [last, ids.length, more, isFetchingNextPage, isFetchNextPageError, isPlaceholderData, fetchNextPage]);

  const slot = coming && (placeOf(filter, { ids, more }, { ...coming, status }, (id) => episodes.get(id)) ?? ids.length);
  const slotTop = slot === undefined ? undefined : (virtual.measurementsCache[slot]?.start ?? virtual.getTotalSize()) - gap / 2;
  useEffect(() => {
    if (slot !== undefined && useCarry.getState().carry?.by === 'keys') {
      virtual.scrollToIndex(Math.min(slot, ids.length - 1)); // the pointer looks where it wants
    }
  }, [slot, virtual, ids.length]);
  const step = (index: number) => (by: 1 | -1 | 'first' | 'last') => {
    const to = by === 'first' ? 0 : by === 'last' ? ids.length - 1 : index + by;
    if (to >= 0 && to < ids.length) {
      virtual.scrollToIndex(to);
      requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-card="${ids[to]}"]`)?.focus({ preventScroll: true }));
    }
  };
  const n = more || !list.loaded ? total : ids.length;
  const word = text.status[status];
  return (
    <section className={coming ? `${css['column']} ${css['over']}` : css['column']} ref={column} aria-label={n === undefined ? word : boardText.column({ status: word, n })} data-column={status}>
      <header className={css['head']}>
        <StatusIcon status={status} />
        <h2>{word}</h2>
        {n !== undefined && <span className={css['count']}>{number(n)}</span>}
        <span className={css['space']} />
        <button type="button" className={css['fold']} aria-expanded={true} aria-label={boardText.fold({ status: word })} title={boardText.fold({ status: word })} onClick={() => onFold(status)}>
          <IconChevronLeft size={14} stroke={1.75} aria-hidden="true" />
        </button>
        {onNew && (
          <button type="button" className={css['new']} aria-label={boardText.newIn({ status: word })} title={boardText.newIn({ status: word })} onClick={() => onNew(status)}>
            <IconPlus size={14} stroke={1.75} aria-hidden="true" />
          </button>
        )}
      </header>
      {coming && status === 'published' && (
        <p className={css['says']}>
          <IconSpeakerphone size={14} stroke={1.75} aria-hidden="true" />
          {boardText.everyone}
        </p>
      )}
      {list.isError && !list.loaded ? (
        <p className={css['none']}>
          {boardText.notLoaded}
          <Button size="small" onClick={() => void list.refetch()}>
            <IconRefresh size={14} stroke={1.75} aria-hidden="true" />
            {text.tryAgain}
          </Button>
        </p>
      ) : !list.loaded ? (
        <Skeleton rows={5} height={62} />
      ) : (
        <div className={css['cards']} ref={scroller}>
          {ids.length === 0 && !coming && <p className={css['none']}>{boardText.none}</p>}
          <ul className={css['list']} aria-label={word} style={{ height: virtual.getTotalSize() }}>
          {visible.map(({ index, start, key }) => {
            const id = ids[index];
            return (
              id !== undefined && (
                <Card key={key} id={id} index={index} of={more ? -1 : ids.length} top={start} measure={virtual.measureElement} entry={index === 0 && !inside} onStep={step(index)} onDrop={onDrop} />
              )
            );
          })}
          </ul>
          {slotTop !== undefined && <div className={css['slot']} style={{ transform: `translateY(${slotTop}px)` }} />}
        </div>
      )}
    </section>
  );
}

/** How high a card will be, before it is drawn. */
function guessHeight(id: string | undefined): number {
  const episode = id === undefined ? undefined : episodes.get(id);
  return 56 + (episode && episode.title.length > 26 ? 19 : 0) + (episode?.thumbnail_url ? 84 : 0);
}
