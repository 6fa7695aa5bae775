import { IconFilter, IconFilterOff, IconLayoutBoard, IconPlus, IconUpload } from '@tabler/icons-react';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';

import { Link, useParamsOf } from '../address';
import { problemWords, statusOf } from '../client';
import { useStart } from '../live';
import { lastingAddress, Pin } from '../savedviews/shared';
import { useMayEdit } from '../session';
import { useShows } from '../shows/shared';
import { number, text, type Status } from '../text';
import { Button, buttonClass, Empty, isTyping, Kbd, NotLoaded, Page, Skeleton, useActs, usePhone, type Act } from '../ui';
import { filterOf, listParams, type ListFilter } from './address';
import { useEpisodeList } from './api';
import { Filters } from './Filters';
import { noteList } from './last';
import { Pill } from './Pill';
import type { Loaded } from './store/place';
import { clearSelection, countOf, select, useSelection } from './store/selection';
import { useTotals } from './store/totals';
import { Table } from './table/Table';
import { useViewKeys, ViewSwitch } from './ViewSwitch';

const Board = lazy(() => import('./board/Board'));
const Calendar = lazy(() => import('./calendar/Calendar'));
const BulkBar = lazy(() => import('./select/BulkBar'));

/** The list of episodes. All of what it shows is in the address. */
export default function EpisodesPage() {
  const [address, change] = useParamsOf(listParams);
  const key = JSON.stringify(filterOf(address));
  const filter = useMemo(() => JSON.parse(key) as ListFilter, [key]); // the same one while it says the same
  const inTable = address.view === 'table';
  const list = useEpisodeList(filter, { enabled: inTable });
  const lists = useMemo(() => [filter], [filter]);
  const { data: totals, error: notCounted } = useTotals(filter, { enabled: !inTable });
  const failure = inTable ? (list.loaded ? null : list.error) : notCounted;
  const scroller = useRef<HTMLDivElement>(null);
  useViewKeys(change);
  const mayEdit = useMayEdit();
  const [newTitle, setNewTitle] = useState('');
  const openNew = useCallback(
    (status: Status | '1' = '1', title = '') => {
      setNewTitle(title);
      change({ new: status });
    },
    [change, setNewTitle],
  );
  usePageKeys(inTable ? list.loaded : undefined, openNew);
  const some = useSelection((selection) => countOf(selection) > 0);
  const [selecting, setSelecting] = useState(false);
  if (some && !selecting) {
    setSelecting(true); // from the first row that is selected on
  }
  const set = JSON.stringify({ ...filter, sort: '' });
  useEffect(() => clearSelection, [set, inTable]); // what is selected belongs to what is shown
  const { loaded, isFetchingNextPage, fetchNextPage } = list;
  useListActs(change, address.q !== '', mayEdit ? openNew : undefined);
  const shows = useShows();
  const there = address.show === '' || shows.some(({ id }) => id === address.show); // else it is not known yet, or no list to come back to
  useEffect(() => (there ? noteList(lastingAddress(window.location.search)) : undefined), [address, there]);
  const suggestion = text.savedViews.suggestion({
    statuses: address.status.map((status) => text.status[status]),
    show: shows.find(({ id }) => id === address.show)?.title,
    q: address.q,
    view: inTable ? undefined : text.episodes.views[address.view],
  });
  const clearFilters = (): void => change({ q: '', show: '', status: [], deleted: false });
  const more = (): void => {
    if (!isFetchingNextPage && !list.isFetchNextPageError && !list.isPlaceholderData) {
      void fetchNextPage();
    }
  };
  return (
    <Page
      title={text.episodes.title}
      count={inTable ? loaded && (loaded.more ? text.episodes.loadedSoFar({ n: loaded.ids.length }) : loaded.ids.length) : totals && number(totals.total)}
      views={<ViewSwitch address={address} change={change} />}
      bar={<Filters address={address} change={change} />}
      acts={
        <>
          <Pin suggestion={suggestion} />
          {mayEdit && <NewAct onClick={() => openNew()} />}
        </>
      }
    >
      {statusOf(failure) === 422 ? (
        <Empty icon={IconFilterOff} title={text.episodes.noMatch} acts={<Button onClick={clearFilters}>{text.episodes.clearFilters}</Button>}>
          {problemWords(failure, text.episodes.asked)}
        </Empty>
      ) : address.view === 'board' ? (
        <Suspense fallback={<Skeleton rows={10} height={62} />}>
          <Board filter={filter} totals={totals} onNew={mayEdit ? openNew : undefined} />
        </Suspense>
      ) : address.view === 'calendar' ? (
        <Suspense fallback={<Skeleton rows={6} height={124} />}>
          <Calendar filter={filter} month={address.month} onMonth={(month) => change({ month })} />
        </Suspense>
      ) : list.isError && !loaded ? (
        <NotLoaded title={text.episodes.notLoaded} onAgain={() => void list.refetch()}>
          {problemWords(list.error)}
        </NotLoaded>
      ) : !loaded ? (
        <Skeleton rows={14} height={40} />
      ) : loaded.ids.length === 0 ? (
        <Nothing filter={filter} onNew={() => openNew()} onClear={clearFilters} />
      ) : (
        <Table filter={filter} address={address} loaded={loaded} scroller={scroller} onSort={(to) => change({ sort: to })} onEnd={more} />
      )}
      {inTable && <Pill filters={lists} scroller={scroller} />}
      {mayEdit && address.new && (
        <Suspense>
          <NewEpisode show={address.show} status={address.new === '1' ? 'draft' : address.new} title={newTitle} onClose={() => change({ new: '' })} />
        </Suspense>
      )}
      {mayEdit && inTable && loaded && selecting && (
        <Suspense>
          <BulkBar filter={filter} loaded={loaded} />
        </Suspense>
      )}
    </Page>
  );
}

/** What can be done here by the palette. */
function useListActs(change: (change: { q: string }) => void, searching: boolean, openNew: ((status: '1', title?: string) => void) | undefined): void {
  useActs(
    useMemo(
      (): readonly Act[] => [
        { name: (words: string) => text.palette.showOnly({ words }), icon: IconFilter, keys: ['/'], run: (q: string) => change({ q }) },
        ...(searching ? [{ name: text.palette.clearSearch, icon: IconFilterOff, run: () => change({ q: '' }) }] : []),
        ...(openNew
          ? [
              { name: text.episodes.new, icon: IconPlus, keys: ['C'], run: () => openNew('1') },
              { name: (words: string) => text.palette.newEpisode({ words }), icon: IconPlus, run: (title: string) => openNew('1', title) },
            ]
          : []),
      ],
      [change, searching, openNew],
    ),
  );
}

const NewEpisode = lazy(() => import('./NewEpisode'));

/** The one act of the page; on phones its sign alone. */
function NewAct({ onClick }: { onClick: () => void }) {
  const phone = usePhone();
  const start = useStart();
  return phone ? (
    <Button look="quiet" icon label={text.episodes.new} {...start(onClick)}>
      <IconPlus size={20} stroke={1.75} aria-hidden="true" />
    </Button>
  ) : (
    <Button look="ink" {...start(onClick)}>
      <IconPlus size={16} stroke={1.75} aria-hidden="true" />
      {text.episodes.new}
      <Kbd>C</Kbd>
    </Button>
  );
}

function Nothing({ filter: { q, show, status, deleted }, onNew, onClear }: { filter: ListFilter; onNew: () => void; onClear: () => void }) {
  const mayEdit = useMayEdit();
  const start = useStart();
  const isThere = useShows().some(({ id }) => id === show);
  const title = show ? text.episodes.emptyShow : text.episodes.empty;
  if (!q && status.length === 0 && !deleted && (isThere || !show)) {
    return mayEdit ? (
      <Empty
        icon={IconLayoutBoard}
        title={title}
        acts={
          <>
            <Button look="ink" {...start(onNew)}>
              <IconPlus size={16} stroke={1.75} aria-hidden="true" />
              {text.episodes.new}
            </Button>
            <Link href={show ? `/import?show=${show}` : '/import'} className={buttonClass({})}>
              <IconUpload size={16} stroke={1.75} aria-hidden="true" />
              {text.episodes.importSheet}
            </Link>
          </>
        }
      >
        {text.episodes.emptyBegin}
      </Empty>
    ) : (
      <Empty icon={IconLayoutBoard} title={title}>
        {text.episodes.emptyWhy}
      </Empty>
    );
  }
  return (
    <Empty icon={IconFilterOff} title={text.episodes.noMatch} acts={<Button onClick={onClear}>{q ? text.clearSearch : text.episodes.clearFilters}</Button>}>
      {q ? text.episodes.noMatchTitle({ q, anywhere: !show && status.length === 0 && !deleted }) : text.episodes.noMatchFilter({ show: show !== '', status: status.length > 0, deleted })}
    </Empty>
  );
}

/** The keys of the page, wherever on it one is, but for where letters are typed: a new episode, selecting all that was read, and none. */
function usePageKeys(loaded: Loaded | undefined, openNew: () => void): void {
  const mayEdit = useMayEdit();
  useEffect(() => {
    const keys = (event: KeyboardEvent): void => {
      if (isTyping(event) || event.altKey) {
        return;
      }
      const command = event.ctrlKey || event.metaKey;
      if (event.key === 'a' && command && mayEdit && loaded) {
        event.preventDefault();
        select(loaded.ids);
      } else if (event.key === 'c' && !command && mayEdit) {
        event.preventDefault();
        openNew();
      } else if (event.key === 'Escape') {
        clearSelection();
      }
    };
    window.addEventListener('keydown', keys);
    return () => window.removeEventListener('keydown', keys);
  }, [loaded, mayEdit, openNew]);
}
