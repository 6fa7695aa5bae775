import { IconDots } from '@tabler/icons-react';
import { memo, useEffect, useRef, useState, type CSSProperties } from 'react';

import { Link } from '../../address';
import { useLook, useMarks, useNow, useRecord, useViewers, type Mark } from '../../live';
import { useMayEdit, useMe, useZone } from '../../session';
import { ShowSquare } from '../../shows/shared';
import { dayNumber, text, today, type Status } from '../../text';
import { boardText } from '../../text/views';
import { Avatar, Avatars, Button, Highlight, Kbd, Menu, StatusIcon, statuses } from '../../ui';
import { restoreEpisode } from '../api';
import { useCarry } from '../move/carry';
import { useDraggable } from '../move/drag';
import { completeEpisode } from '../store/apply';
import { useCursor } from '../store/cursor';
import { episodeMarks, episodes, type Episode } from '../store/episode';
import { AirDate, Marked } from '../table/cells';
import { focusCard } from './focus';
import css from './Card.module.css';

interface CardProps {
  id: string;
  index: number;
  /** How many cards the column has; -1 when more follows. */
  of: number;
  top: number;
  measure: (element: HTMLElement | null) => void;
  /** Whether Tab leads to it while there is no cursor. */
  entry: boolean;
  onStep: (by: 1 | -1 | 'first' | 'last') => void;
  onDrop: (began: Episode, place: string) => void;
}

/** An episode in a column. It draws itself anew when its own record changes. */
export const Card = memo(function Card({ id, index, of, top, measure, entry, onStep, onDrop }: CardProps) {
  const episode = useRecord(episodes, id);
  const card = useRef<HTMLDivElement>(null);
  const mayEdit = useMayEdit();
  const deleted = episode?.deleted_at !== undefined;
  const [open, setOpen] = useState(false);
  const cursor = useCursor(({ at }) => at?.key === id);
  const carried = useCarry(({ carry }) => (carry?.began.id === id ? carry.by : undefined));
  useDraggable(card, id, mayEdit && !deleted && episode !== undefined, onDrop);
  useEffect(() => {
    void completeEpisode(id);
  }, [id, episode]);
  if (!episode) {
    return null;
  }
  const keys = (event: React.KeyboardEvent): void => {
    if (carried || event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement) || !event.target.hasAttribute('data-card')) {
      return;
    }
    const acts: Record<string, () => void> = {
      ArrowDown: () => onStep(1),
      j: () => onStep(1),
      ArrowUp: () => onStep(-1),
      k: () => onStep(-1),
      Home: () => onStep('first'),
      End: () => onStep('last'),
      ...(mayEdit && !deleted && { s: () => setOpen(true) }),
    };
    const act = acts[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  };
  const style: CSSProperties = { transform: `translateY(${top}px)` };
  const className = [css['card'], carried === 'pointer' && css['ghost'], carried === 'keys' && css['held'], deleted && css['deleted']].filter(Boolean).join(' ');
  return (
    // The keys of a card are those of its link.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <li className={css['item']} ref={measure} data-index={index} style={style} aria-posinset={index + 1} aria-setsize={of} onKeyDown={keys}>
      <div className={className} ref={card} data-movable={id}>
        {episode.thumbnail_url && (
          <span className={css['picture']}>
            <img src={episode.thumbnail_url} alt="" loading="lazy" draggable={false} onError={(event) => event.currentTarget.remove()} />
          </span>
        )}
        <span className={css['meta']}>
          {episode.show_id !== null && <ShowSquare id={episode.show_id} />}
          <Marked id={id} field="episode_number">
            {text.episodes.number({ season: episode.season_number, episode: episode.episode_number })}
          </Marked>
          <span className={css['date']}>
            <Marked id={id} field="air_date">
              <Pressing episode={episode}>
                <AirDate episode={episode} />
              </Pressing>
            </Marked>
          </span>
        </span>
        <Link
          href={`/episodes/${id}`}
          className={css['title']}
          dir="auto"
          draggable={false}
          tabIndex={cursor || entry ? 0 : -1}
          aria-keyshortcuts={mayEdit ? 'Space s' : undefined}
          data-card={id}
        >
          <Marked id={id} field="title">
            {episode.title}
          </Marked>
        </Link>
        {deleted ? <Deleted episode={episode} mayEdit={mayEdit} /> : <Foot episode={episode} />}
        {mayEdit && !deleted && <StatusMenu episode={episode} open={open} onOpen={setOpen} onChoose={(chosen) => onDrop(episode, chosen)} />}
      </div>
    </li>
  );
});

const soon = 7; // days ahead within which an episode that is not published is pressing

/** An air date that is near, or over, in the colour of that. */
function Pressing({ episode: { air_date: day, status }, children }: { episode: Episode; children: React.ReactNode }) {
  const now = useNow();
  const zone = useZone();
  const days = day === null ? Infinity : dayNumber(day) - dayNumber(today(now, zone));
  const done = status === 'published' || status === 'archived' || (status === 'rejected' && days < 0);
  if (done || days > soon) {
    return children;
  }
  const words = days < 0 ? text.time.lateBy({ days: -days }) : days === 0 ? text.time.today : text.time.inDays({ days });
  return (
    <span className={days < 0 ? css['late'] : css['soon']} title={words}>
      {children}
      <span className="vh">{words}</span>
    </span>
  );
}

const seen = (mark: Mark): void => episodeMarks.seen(mark);

/** Who looks, and what somebody has just done; nothing in the most cases. */
function Foot({ episode: { id, status } }: { episode: Episode }) {
  useLook('episode', id);
  const me = useMe();
  const others = useViewers('episode', id).filter(({ user_id }) => user_id !== me.id);
  const marks = useMarks(episodeMarks, id);
  const mark = marks.get('status');
  const name = marks.get('')?.name;
  const words =
    name === undefined || mark
      ? undefined
      : marks.has('air_date')
        ? boardText.movedDate({ name })
        : marks.has('title')
          ? boardText.renamed({ name })
          : marks.size > 1
            ? boardText.changed({ name })
            : undefined;
  if (others.length === 0 && !mark && words === undefined) {
    return null;
  }
  return (
    <span className={css['foot']}>
      {mark ? (
        <Highlight mark={mark} onSeen={seen} onEnd={(ended) => episodeMarks.end(id, 'status', ended)}>
          <span className={css['did']}>
            <Avatar person={{ id: mark.userId, name: mark.name }} size="small" />
            <span className="cut">{boardText.did[status]({ name: mark.name })}</span>
          </span>
        </Highlight>
      ) : (
        <span className="cut">{words}</span>
      )}
      <span className={css['looking']}>
        <Avatars people={others.map(({ user_id, name: who, editing }) => ({ id: user_id, name: who, editing: (editing?.length ?? 0) > 0 }))} size="small" />
      </span>
    </span>
  );
}

/** Somebody has deleted the episode; its card stays until the board takes that. */
function Deleted({ episode: { id }, mayEdit }: { episode: Episode; mayEdit: boolean }) {
  const name = episodeMarks.of(id).get('')?.name ?? text.someone;
  return (
    <span className={css['foot']}>
      <span className="cut">{text.episodes.deletedBy({ name })}</span>
      {mayEdit && (
        <Button size="small" onClick={() => void restoreEpisode(id).catch(() => undefined)}>
          {text.episodes.restore}
        </Button>
      )}
    </span>
  );
}

interface StatusMenuProps {
  episode: Episode;
  open: boolean;
  onOpen: (open: boolean) => void;
  onChoose: (status: Status) => void;
}

/** The statuses by a menu, for whoever does not drag. */
function StatusMenu({ episode: { id, title, status }, open, onOpen, onChoose }: StatusMenuProps) {
  const button = (
    <button type="button" className={open ? `${css['more']} ${css['open']}` : css['more']} tabIndex={-1} aria-label={boardText.status({ title })} aria-haspopup="menu" onClick={() => onOpen(true)}>
      <IconDots size={16} stroke={1.75} aria-hidden="true" />
    </button>
  );
  if (!open) {
    return button;
  }
  const close = (): void => {
    onOpen(false);
    focusCard(id);
  };
  const choose = (chosen: Status): void => {
    close();
    onChoose(chosen);
  };
  const keys = (event: React.KeyboardEvent): void => {
    event.stopPropagation();
    const chosen = statuses[Number(event.key) - 1];
    if (chosen) {
      event.preventDefault();
      choose(chosen);
    }
  };
  return (
    <Menu opened onChange={(opened) => !opened && close()} returnFocus={false} position="bottom-end" withinPortal>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown onKeyDown={keys}>
        {statuses.map((one, i) => (
          <Menu.Radio key={one} checked={one === status} icon={<StatusIcon status={one} />} end={<Kbd>{String(i + 1)}</Kbd>} onChoose={() => choose(one)}>
            {text.status[one]}
          </Menu.Radio>
        ))}
        <Menu.Divider />
        <Menu.Label>{text.episodes.publishingTells}</Menu.Label>
      </Menu.Dropdown>
    </Menu>
  );
}
