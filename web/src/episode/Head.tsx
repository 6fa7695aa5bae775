import { IconArrowDown, IconArrowUp, IconChevronLeft, IconChevronRight, IconDots, IconEye, IconEyeOff, IconTrash } from '@tabler/icons-react';

import { Link, useLocation } from '../address';
import { neighboursOf, type Episode } from '../episodes/shared';
import { useLamp, useStart } from '../live';
import { useMayEdit, useMe } from '../session';
import { ShowSquare, useShows } from '../shows/shared';
import { number, text } from '../text';
import { episodeText } from '../text/episode';
import { Avatar, Button, Menu, Popover, usePhone } from '../ui';
import { deleteEpisode, useWatching, watch } from './api';
import { useViewers, type Viewer } from './viewers';
import css from './Head.module.css';

/** Where the episode is, and the ones beside it in the list one came from. */
export function Crumbs({ episode }: { episode: Episode }) {
  const phone = usePhone();
  const [, go] = useLocation();
  const shows = useShows();
  const show = shows.find(({ id }) => id === episode.show_id);
  const beside = neighboursOf(episode.id);
  const place = text.episodes.number({ season: episode.season_number, episode: episode.episode_number });
  const next = <IconChevronRight size={12} stroke={2} aria-hidden="true" />;
  const to = (id: string | undefined) => ({ 'aria-disabled': id === undefined, onClick: () => id !== undefined && go(`/episodes/${id}`) });
  return (
    <nav className={css['crumbs']} aria-label={episodeText.crumbs}>
      {phone ? (
        <Link href="/episodes" className={css['back']} aria-label={episodeText.back}>
          <IconChevronLeft size={20} stroke={1.75} aria-hidden="true" />
        </Link>
      ) : (
        <>
          <Link href="/episodes">{text.places.episodes}</Link>
          {next}
        </>
      )}
      {show && (
        <Link href={`/episodes?show=${show.id}`} className={css['show']}>
          <ShowSquare id={show.id} />
          <span className={phone ? 'vh' : 'cut'}>{show.title}</span>
        </Link>
      )}
      {show && !phone && place && next}
      <span className={css['here']}>{place}</span>
      {beside && !phone && (
        <span className={css['beside']}>
          <Button icon size="small" look="quiet" label={episodeText.previous} {...to(beside.previous)}>
            <IconArrowUp size={16} stroke={1.75} aria-hidden="true" />
          </Button>
          <Button icon size="small" look="quiet" label={episodeText.next} {...to(beside.next)}>
            <IconArrowDown size={16} stroke={1.75} aria-hidden="true" />
          </Button>
          <span className={css['at']}>{episodeText.at({ at: beside.at, of: beside.more ? `${number(beside.of)}+` : number(beside.of) })}</span>
        </span>
      )}
    </nav>
  );
}

/** Who is here, whether I watch, and the rest. */
export function HeadActs({ episode }: { episode: Episode }) {
  const phone = usePhone();
  const mayEdit = useMayEdit();
  const watching = useWatching(episode.id);
  const start = useStart();
  const [, go] = useLocation();
  return (
    <>
      <Here id={episode.id} />
      {!phone && watching !== undefined && (
        <Button on={watching} aria-pressed={watching} {...start(() => void watch(episode.id, !watching))}>
          <IconEye size={16} stroke={1.75} aria-hidden="true" />
          {watching ? episodeText.watching : episodeText.watch}
        </Button>
      )}
      {(mayEdit || (phone && watching !== undefined)) && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button icon look="quiet" label={episodeText.more}>
              <IconDots size={16} stroke={1.75} aria-hidden="true" />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {phone && watching !== undefined && (
              <Menu.Item
                leftSection={watching ? <IconEyeOff size={16} stroke={1.75} aria-hidden="true" /> : <IconEye size={16} stroke={1.75} aria-hidden="true" />}
                {...start(() => void watch(episode.id, !watching))}
              >
                {watching ? episodeText.stopWatching : episodeText.watch}
              </Menu.Item>
            )}
            {mayEdit && (
              <Menu.Item
                leftSection={<IconTrash size={16} stroke={1.75} aria-hidden="true" />}
                {...start(() => {
                  void deleteEpisode(episode);
                  go('/episodes');
                })}
              >
                {episodeText.delete}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
}

const mostAvatars = 4;

/** Who looks at the episode: first who edits it. While the board is offline nobody knows. */
function Here({ id }: { id: string }) {
  const me = useMe();
  const phone = usePhone();
  const { viewers, total } = useViewers(id);
  const offline = useLamp(({ signal }) => signal === 'offline');
  if (offline || viewers.length === 0) {
    return null;
  }
  const firstName = (name: string): string => name.split(' ')[0] ?? name;
  const others = viewers.filter(({ user_id }) => user_id !== me.id);
  const words = episodeText.here({
    editing: others.filter(({ editing }) => editing?.length).map(({ name }) => firstName(name)),
    looking: others.filter(({ editing }) => !editing?.length).map(({ name }) => firstName(name)),
    me: others.length > 0,
  });
  return (
    <>
      {!phone && others.length > 0 && others.length <= mostAvatars && (
        <span className={css['who']}>
          <b>{words.edit}</b>
          {words.rest}
        </span>
      )}
      <span className={css['avatars']}>
        {viewers.slice(0, mostAvatars).map(({ user_id, name, editing }) => (
          <Avatar key={user_id} person={{ id: user_id, name, editing: editing !== undefined && editing.length > 0 }} size="medium" />
        ))}
        {total > mostAvatars && <Everybody viewers={viewers} total={total} />}
      </span>
    </>
  );
}

/** How many more there are; it opens the list of all. */
function Everybody({ viewers, total }: { viewers: readonly Viewer[]; total: number }) {
  return (
    <Popover position="bottom-end">
      <Popover.Target>
        <Button size="small" look="quiet" title={episodeText.everybody({ n: total })}>
          {text.avatars.more({ n: total - mostAvatars })}
          <span className="vh">{episodeText.everybody({ n: total })}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        {/* A list that scrolls takes the focus, for those who scroll by keys. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <ul className={css['everybody']} aria-label={episodeText.everybody({ n: total })} tabIndex={0}>
          {viewers.map(({ user_id, name, editing }) => (
            <li key={user_id}>
              <Avatar person={{ id: user_id, name }} />
              <span className="cut" dir="auto">
                {name}
              </span>
              {editing?.length ? <span className={css['edits']}>{episodeText.edits({ fields: editing })}</span> : null}
            </li>
          ))}
          {total > viewers.length && <li className={css['rest']}>{episodeText.andMore({ n: total - viewers.length })}</li>}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}
