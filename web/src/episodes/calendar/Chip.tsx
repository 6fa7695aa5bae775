import { memo, useEffect, useRef } from 'react';

import { Link } from '../../address';
import { useMarks, useRecord } from '../../live';
import { useMayEdit } from '../../session';
import { ShowSquare } from '../../shows/shared';
import { text } from '../../text';
import { StatusIcon } from '../../ui';
import { useCarry } from '../move/carry';
import { useDraggable } from '../move/drag';
import { completeEpisode } from '../store/apply';
import { episodeMarks, episodes, type Episode } from '../store/episode';
import { Marked } from '../table/cells';
import css from './Chip.module.css';

interface ChipProps {
  id: string;
  /** How many are on its day: one has room for two lines, up to two for the number. */
  of: number;
  entry: boolean;
  onDrop: (began: Episode, place: string) => void;
}

/** An episode on its day, or in the tray. */
export const Chip = memo(function Chip({ id, of, entry, onDrop }: ChipProps) {
  const episode = useRecord(episodes, id);
  const chip = useRef<HTMLLIElement>(null);
  const mayEdit = useMayEdit();
  const deleted = episode?.deleted_at !== undefined;
  const carried = useCarry(({ carry }) => (carry?.began.id === id ? carry.by : undefined));
  const marks = useMarks(episodeMarks, id);
  useDraggable(chip, id, mayEdit && episode !== undefined && !deleted, onDrop);
  useEffect(() => {
    void completeEpisode(id);
  }, [id, episode]);
  if (!episode) {
    return null;
  }
  const number = text.episodes.number({ season: episode.season_number, episode: episode.episode_number });
  const field = (['title', 'air_date', 'status'] as const).find((one) => marks.has(one)) ?? 'title';
  const className = [css['chip'], of === 1 && css['alone'], carried === 'pointer' && css['ghost'], carried === 'keys' && css['held'], deleted && css['deleted']].filter(Boolean).join(' ');
  return (
    <li className={className} ref={chip} title={number ? `${episode.title}, ${number}` : episode.title} data-movable={id}>
      <span className={css['icon']}>
        <StatusIcon status={episode.status} size={14} />
      </span>
      <Link href={`/episodes/${id}`} className={css['title']} dir="auto" draggable={false} tabIndex={entry ? 0 : -1} aria-keyshortcuts={mayEdit ? 'Space' : undefined} data-chip={id}>
        <span className="vh">{text.status[episode.status]}, </span>
        <Marked id={id} field={field}>
          {episode.title}
        </Marked>
      </Link>
      {of <= 2 && number && (
        <span className={css['number']}>
          {episode.show_id !== null && <ShowSquare id={episode.show_id} />}
          {number}
        </span>
      )}
    </li>
  );
});
