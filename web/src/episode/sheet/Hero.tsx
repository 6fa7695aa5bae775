import { IconChevronDown, IconPhoto } from '@tabler/icons-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';

import { Marked, type Episode } from '../../episodes/shared';
import { useShows } from '../../shows/shared';
import { useNow } from '../../live';
import { useMayEdit, useZone } from '../../session';
import { dayNumber, longDate, text, today, type Status } from '../../text';
import { episodeText } from '../../text/episode';
import { Kbd, Menu, StatusIcon, statuses, StatusSolid } from '../../ui';
import { commit, setDraft, useDraft } from '../drafts';
import { openCell, useEdit } from './edit';
import { Held } from './Held';
import { Note } from './Note';
import { Withheld } from './Withheld';
import css from './sheet.module.css';

/** What the episode is: picture, show and number, title, status, and when it airs. */
export function Hero({ episode }: { episode: Episode }) {
  const shows = useShows();
  const show = shows.find(({ id }) => id === episode.show_id);
  return (
    <div className={css['hero']}>
      <span className={css['picture']}>
        <IconPhoto size={28} stroke={1.25} aria-hidden="true" />
        {episode.thumbnail_url && <img key={episode.thumbnail_url} src={episode.thumbnail_url} alt="" onError={(event) => event.currentTarget.remove()} />}
      </span>
      <div className={css['heroWords']}>
        <div className={css['kicker']}>
          {show?.title}
          <span className={css['faint']}>{episodeText.place({ season: episode.season_number, episode: episode.episode_number })}</span>
        </div>
        <Title episode={episode} />
        <div className={css['state']}>
          <StatusButton episode={episode} />
          <Airs episode={episode} />
        </div>
      </div>
    </div>
  );
}

const titleFields = ['title'] as const;

function Title({ episode }: { episode: Episode }) {
  const mayEdit = useMayEdit();
  const edit = useEdit(episode, 'title', titleFields);
  const open = (): void => openCell('title', episode.id, titleFields);
  const live = mayEdit && episode.deleted_at === undefined;
  return (
    <Held id={episode.id} fields={titleFields} typing={edit !== undefined} small>
      {edit ? (
        <>
          <h1 className="vh" data-title tabIndex={-1}>
            {episode.title}
          </h1>
          {live ? (
            <>
              <TitleInput edit={edit} />
              <Note id="note-title" field="title" edit={edit} />
            </>
          ) : (
            <Withheld edit={edit} label={text.edits.fields['title'] ?? ''} />
          )}
        </>
      ) : (
        <h1 className={css['title']} dir="auto" tabIndex={-1} data-title>
          {live ? (
            <button type="button" className={css['words']} onClick={open} data-cell="title">
              <Marked id={episode.id} field="title">
                {episode.title}
              </Marked>
            </button>
          ) : (
            <Marked id={episode.id} field="title">
              {episode.title}
            </Marked>
          )}
        </h1>
      )}
    </Held>
  );
}

function TitleInput({ edit }: { edit: NonNullable<ReturnType<typeof useEdit>> }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const keys = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) {
      return;
    }
    if (event.key === 'Enter') {
      edit.save();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      edit.giveUp();
    }
  };
  return (
    <input
      ref={input}
      className={`${css['input']} ${css['titleInput']}`}
      dir="auto"
      aria-label={text.edits.fields['title']}
      aria-invalid={edit.draft.error !== undefined}
      aria-describedby="note-title"
      value={edit.draft.patch.title ?? ''}
      onChange={(event) => edit.type({ title: event.target.value })}
      onKeyDown={keys}
      onBlur={edit.save}
    />
  );
}

const statusFields = ['status'] as const;

function StatusButton({ episode }: { episode: Episode }) {
  const mayEdit = useMayEdit();
  const [opened, setOpened] = useState(false);
  const draft = useDraft(episode.id, 'status');
  const edit = useEdit(episode, 'status', statusFields);
  const solid = (
    <StatusSolid status={episode.status}>
      <Marked id={episode.id} field="status">
        {text.status[episode.status]}
      </Marked>
      {mayEdit && <IconChevronDown size={12} stroke={2} aria-hidden="true" />}
    </StatusSolid>
  );
  if (!mayEdit || episode.deleted_at !== undefined) {
    return edit ? <Withheld edit={edit} label={text.edits.fields['status'] ?? ''} /> : solid;
  }
  const choose = (status: Status): void => {
    setOpened(false);
    setDraft('status', { began: draft?.began ?? episode, patch: { status } });
    commit(episode.id, 'status');
  };
  const keys = (event: KeyboardEvent): void => {
    const status = statuses[Number(event.key) - 1];
    if (status) {
      event.preventDefault();
      choose(status);
    }
  };
  return (
    <span className={css['status']}>
      <Menu opened={opened} onChange={setOpened}>
        <Menu.Target>
          <button type="button" aria-label={`${text.edits.fields['status']}: ${text.status[episode.status]}`} data-cell="status">
            {solid}
          </button>
        </Menu.Target>
        <Menu.Dropdown onKeyDown={keys}>
          {statuses.map((status, i) => (
            <Menu.Radio key={status} checked={status === episode.status} icon={<StatusIcon status={status} />} end={<Kbd>{String(i + 1)}</Kbd>} onChoose={() => choose(status)}>
              {text.status[status]}
            </Menu.Radio>
          ))}
          <Menu.Divider />
          <Menu.Label>{text.episodes.publishingTells}</Menu.Label>
        </Menu.Dropdown>
      </Menu>
      {edit?.draft.error !== undefined && <Note id="note-status" field="status" edit={edit} />}
    </span>
  );
}

const near = 14; // days ahead of which it is said how many there are

function Airs({ episode: { id, air_date: day } }: { episode: Episode }) {
  const now = useNow();
  const zone = useZone();
  const today_ = today(now, zone);
  const words = day === null ? text.edits.noDate : dayNumber(day) < dayNumber(today_) ? episodeText.aired({ day: longDate(day, today_) }) : episodeText.airs({ day: longDate(day, today_) });
  const days = day === null ? -1 : dayNumber(day) - dayNumber(today_);
  const soon = days < 0 || days > near ? '' : days === 0 ? text.time.today : days === 1 ? text.time.tomorrow : text.time.inDays({ days });
  return (
    <>
      <span className={day === null ? css['faint'] : css['airs']}>
        <Marked id={id} field="air_date">
          {words}
        </Marked>
      </span>
      {soon && <span className={css['faint']}>{soon}</span>}
    </>
  );
}
