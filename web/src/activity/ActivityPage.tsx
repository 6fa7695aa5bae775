import { IconArrowUp, IconHistory } from '@tabler/icons-react';
import { CallboardError } from 'callboard';
import { useEffect, useMemo, useRef, type RefObject } from 'react';

import { useParamsOf } from '../address';
import { problemWords } from '../client';
import { useNow } from '../live';
import { useZone } from '../session';
import { today } from '../text';
import { activityText } from '../text/activity';
import { Button, Empty, isTyping, Kbd, NotLoaded, Page, Skeleton } from '../ui';
import { activityParams, type ActivityAddress } from './address';
import { useCounts, useFeed } from './api';
import { Counted } from './Counted';
import { addDays, startOf } from './days';
import { ExportMenu } from './ExportMenu';
import { Feed } from './Feed';
import { Filters } from './Filters';
import type { Filter } from './store/entry';
import { forgetWaiting, takeWaiting, useWaitingFor } from './store/feed';
import css from './ActivityPage.module.css';

/** The log: what happened, how much of it by day and by person, and what of it one wants to see. */
export default function ActivityPage() {
  const [address, change] = useParamsOf(activityParams);
  const zone = useZone();
  const day = today(useNow(), zone);
  const first = addDays(day, 1 - address.days);
  const filter = useFilter(address, first, zone);
  const { who, action, type, q } = address;
  const windowStart = new Date(startOf(first, zone)).toISOString();
  const byDay = useCounts({ who, action, type, since: windowStart, until: '', zone }, { enabled: q === '' });
  const byPerson = useCounts({ who: '', action, type, since: filter.since || windowStart, until: filter.until, zone });
  const feed = useFeed(filter);
  const scroller = useRef<HTMLDivElement>(null);
  useEffect(forgetWaiting, [filter]);
  const { entries, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = feed;
  useEffect(() => {
    const list = scroller.current;
    const look = (): void => {
      if (list && hasNextPage && !isFetching && !isFetchNextPageError && list.scrollHeight - list.scrollTop - list.clientHeight < ahead) {
        void fetchNextPage();
      }
    };
    look();
    list?.addEventListener('scroll', look, { passive: true });
    return () => list?.removeEventListener('scroll', look);
  }, [entries, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage]);
  const counts = byDay.data;
  return (
    <Page
      title={activityText.title}
      {...(q === '' && counts?.complete ? { count: activityText.changes({ n: counts.total, days: address.days }) } : {})}
      acts={<ExportMenu filter={filter} />}
      bar={<Filters address={address} change={change} counted={byPerson.data?.by_user ?? []} day={day} />}
    >
      {q === '' && <Counted address={address} change={change} byDay={byDay} byPerson={byPerson.data} first={first} last={day} />}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls is reached by keys */}
      <div className={css['body']} ref={scroller} tabIndex={0} role="region" aria-label={activityText.list}>
        {entries === undefined ? (
          feed.isError ? (
            <Failed error={feed.error} onAgain={() => void feed.refetch()} />
          ) : (
            <Skeleton rows={12} height={39} />
          )
        ) : entries.length === 0 && !hasNextPage ? (
          <Nothing address={address} onAll={() => change({ who: '', action: '', type: '', q: '', since: '', until: '' })} onMore={(days) => change({ days, since: '', until: '' })} />
        ) : (
          <Feed entries={entries} counts={q === '' ? counts : undefined} />
        )}
      </div>
      <News filter={filter} known={entries} scroller={scroller} />
    </Page>
  );
}

const ahead = 600; // pixels before the end at which the next page is read

/** What the address asks the log for: the days that were chosen, or those of the chart. A search looks through everything. */
function useFilter({ q, who, action, type, since, until }: ActivityAddress, first: string, zone: string): Filter {
  const from = since || (q ? '' : first);
  return useMemo(() => {
    const instant = (day: string): string => (day ? new Date(startOf(day, zone)).toISOString() : '');
    return { q: q.trim(), who, action, type, since: instant(from), until: instant(until && addDays(until, 1)) };
  }, [q, who, action, type, from, until, zone]);
}

function Failed({ error, onAgain }: { error: unknown; onAgain: () => void }) {
  if (error instanceof CallboardError && error.type.endsWith(':switched_off')) {
    return (
      <Empty icon={IconHistory} title={activityText.switchedOff}>
        {activityText.switchedOffWhy}
      </Empty>
    );
  }
  return (
    <NotLoaded title={activityText.notLoaded} onAgain={onAgain}>
      {problemWords(error)}
    </NotLoaded>
  );
}

function Nothing({ address: { q, who, action, type, since, until, days }, onAll, onMore }: { address: ActivityAddress; onAll: () => void; onMore: (days: 30 | 90) => void }) {
  if (q || who || action || type) {
    return <Empty icon={IconHistory} title={activityText.emptyAll} acts={<Button onClick={onAll}>{activityText.clearFilters}</Button>} />;
  }
  const more = days === 7 || since || until ? 30 : 90;
  return <Empty icon={IconHistory} title={activityText.empty} acts={<Button onClick={() => onMore(more)}>{activityText.showDays({ days: more })}</Button>} />;
}

/** What has happened since and waits. It comes by itself while one is at the top and touches nothing. */
function News({ filter, known, scroller }: { filter: Filter; known: readonly { id: string }[] | undefined; scroller: RefObject<HTMLDivElement | null> }) {
  const ids = useMemo(() => new Set(known?.map(({ id }) => id)), [known]);
  const n = useWaitingFor(filter, ids).length;
  useEffect(() => {
    if (n === 0) {
      return undefined;
    }
    const whenFree = (): void => {
      const list = scroller.current;
      if (list?.scrollTop === 0 && !list.contains(document.activeElement) && !list.matches(':hover')) {
        takeWaiting();
      }
    };
    const keys = (event: KeyboardEvent): void => {
      if (event.key === '.' && !isTyping(event)) {
        takeWaiting();
      }
    };
    whenFree();
    const timer = setInterval(whenFree, 1000);
    window.addEventListener('keydown', keys);
    return () => {
      clearInterval(timer);
      window.removeEventListener('keydown', keys);
    };
  }, [n, scroller]);
  if (n === 0) {
    return null;
  }
  return (
    <button type="button" className={css['news']} onClick={takeWaiting} title={activityText.waitingHint}>
      <IconArrowUp size={14} stroke={1.75} aria-hidden="true" />
      {activityText.waiting({ n })}
      <Kbd>.</Kbd>
    </button>
  );
}
