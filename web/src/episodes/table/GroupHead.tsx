import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { memo, useCallback, useSyncExternalStore, type CSSProperties } from 'react';

import { ShowSquare, useShows } from '../../shows/shared';
import { text, type Status } from '../../text';
import { StatusIcon, statuses } from '../../ui';
import { useCursor } from '../store/cursor';
import { episodes } from '../store/episode';
import type { GroupItem } from './items';
import css from './GroupHead.module.css';

interface GroupHeadProps {
  group: GroupItem;
  index: number;
  folded: boolean;
  /** Undefined while the head stays at the top, over its rows. */
  top: number | undefined;
  height: number;
  columns: number;
  entry: boolean;
  onFold: (key: string) => void;
}

export const GroupHead = memo(function GroupHead({ group, index, folded, top, height, columns, entry, onFold }: GroupHeadProps) {
  const shows = useShows();
  const cursor = useCursor(({ at }) => at?.key === group.key);
  const show = group.show === null ? text.episodes.noShow : (shows.find(({ id }) => id === group.show)?.title ?? text.episodes.unknownShow);
  const season = group.season === null ? text.episodes.noSeason : text.episodes.season({ n: group.season });
  const style: CSSProperties = top === undefined ? { height } : { height, transform: `translateY(${top}px)` };
  const name = `${show}, ${season}`;
  return (
    <div className={top === undefined ? `${css['head']} ${css['stuck']}` : css['head']} style={style} role="row" aria-rowindex={index}>
      <div className={css['cell']} role="gridcell" aria-colspan={columns}>
        <button
          type="button"
          className={css['fold']}
          aria-expanded={!folded}
          aria-label={folded ? text.episodes.unfold({ group: name }) : text.episodes.fold({ group: name })}
          tabIndex={cursor || entry ? 0 : -1}
          data-cell={group.key}
          onClick={() => onFold(group.key)}
        >
          {folded ? <IconChevronRight size={14} stroke={1.75} aria-hidden="true" /> : <IconChevronDown size={14} stroke={1.75} aria-hidden="true" />}
        </button>
        {group.show !== null && <ShowSquare id={group.show} />}
        <b className="cut">{show}</b>
        <span className={css['season']}>{season}</span>
        {group.whole && <Counts ids={group.ids} />}
      </div>
    </div>
  );
});

/** How many of a group have which status. */
function Counts({ ids }: { ids: readonly string[] }) {
  const subscribe = useCallback(
    (listener: () => void) => {
      const ends = ids.map((id) => episodes.subscribe(id, listener));
      return () => ends.forEach((end) => end());
    },
    [ids],
  );
  const counted = useSyncExternalStore(subscribe, () => countsOf(ids));
  const counts = JSON.parse(counted) as Partial<Record<Status, number>>;
  return (
    <span className={css['counts']}>
      {shownOrder.map((status) => {
        const n = counts[status] ?? 0;
        const words = text.episodes.statusCount({ n, status: text.status[status] });
        return (
          n > 0 && (
            <span key={status} title={words}>
              <StatusIcon status={status} size={13} />
              <span aria-hidden="true">{n}</span>
              <span className="vh">{words}</span>
            </span>
          )
        );
      })}
    </span>
  );
}

/** What is done stands first. */
const shownOrder: readonly Status[] = ['published', 'approved', 'pending', 'rejected', 'draft', 'archived'];

function countsOf(ids: readonly string[]): string {
  const counts: Partial<Record<Status, number>> = {};
  for (const id of ids) {
    const episode = episodes.get(id);
    if (episode && episode.deleted_at === undefined) {
      counts[episode.status] = (counts[episode.status] ?? 0) + 1;
    }
  }
  return JSON.stringify(statuses.reduce((ordered, status) => ({ ...ordered, [status]: counts[status] }), {}));
}
