import { IconFilterOff, IconLayoutBoard, IconPlugConnectedX, IconRefresh } from '@tabler/icons-react';
import { useMemo, useRef } from 'react';

import { useParamsOf } from '../address';
import { problemWords } from '../client';
import { text } from '../text';
import { Button, Empty, Page, Skeleton } from '../ui';
import { filterOf, listParams, type ListFilter } from './address';
import { useEpisodeList } from './api';
import { Filters } from './Filters';
import { Pill } from './Pill';
import { Table } from './table/Table';

/** The list of episodes. All of what it shows is in the address. */
export default function EpisodesPage() {
  const [address, change] = useParamsOf(listParams);
  const key = JSON.stringify(filterOf(address));
  const filter = useMemo(() => JSON.parse(key) as ListFilter, [key]); // the same one while it says the same
  const list = useEpisodeList(filter);
  const scroller = useRef<HTMLDivElement>(null);
  const { loaded, isFetchingNextPage, fetchNextPage } = list;
  const more = (): void => {
    if (!isFetchingNextPage && !list.isFetchNextPageError && !list.isPlaceholderData) {
      void fetchNextPage();
    }
  };
  return (
    <Page title={text.episodes.title} {...(loaded ? { count: loaded.more ? text.episodes.loadedSoFar({ n: loaded.ids.length }) : loaded.ids.length } : {})} bar={<Filters address={address} change={change} />}>
      {list.isError && !loaded ? (
        <Empty
          icon={IconPlugConnectedX}
          title={text.episodes.notLoaded}
          acts={
            <Button onClick={() => void list.refetch()}>
              <IconRefresh size={14} stroke={1.75} aria-hidden="true" />
              {text.tryAgain}
            </Button>
          }
        >
          {problemWords(list.error)}
        </Empty>
      ) : !loaded ? (
        <Skeleton rows={14} height={40} />
      ) : loaded.ids.length === 0 ? (
        <Nothing filter={filter} onClear={() => change({ q: '', show: '', status: [] })} />
      ) : (
        <Table filter={filter} address={address} loaded={loaded} scroller={scroller} onSort={(to) => change({ sort: to })} onEnd={more} />
      )}
      <Pill filter={filter} scroller={scroller} />
    </Page>
  );
}

function Nothing({ filter: { q, show, status }, onClear }: { filter: ListFilter; onClear: () => void }) {
  if (!q && !show && status.length === 0) {
    return (
      <Empty icon={IconLayoutBoard} title={text.episodes.empty}>
        {text.episodes.emptyWhy}
      </Empty>
    );
  }
  return (
    <Empty icon={IconFilterOff} title={text.episodes.noMatch} acts={<Button onClick={onClear}>{q ? text.clearSearch : text.episodes.clearFilters}</Button>}>
      {q ? text.episodes.noMatchTitle({ q }) : text.episodes.noMatchFilter}
    </Empty>
  );
}
