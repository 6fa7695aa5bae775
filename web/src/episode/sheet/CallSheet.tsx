import { IconCalendar, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, type FocusEvent, type KeyboardEvent, type ReactNode } from 'react';

import { Marked, type Episode, type Field } from '../../episodes/shared';
import { useNow } from '../../live';
import { useMayEdit, useZone } from '../../session';
import { ShowSquare, useShows } from '../../shows/shared';
import { ago, date, exactTime, longDate, parseDay, text, today } from '../../text';
import { episodeText } from '../../text/episode';
import { Avatar, Button, Menu } from '../../ui';
import { lastEntryQuery } from '../api';
import { commit, setDraft, type CellName } from '../drafts';
import { openCell, useEdit, type Edit } from './edit';
import { Held } from './Held';
import { Note } from './Note';
import { Withheld } from './Withheld';
import css from './sheet.module.css';

/** The labelled cells of an episode. */
export function CallSheet({ episode }: { episode: Episode }) {
  return (
    <dl className={css['call']}>
      <ShowCell episode={episode} />
      <EditedCell episode={episode} cell="number" fields={numberFields} label={text.edits.number} rest={<NumberWords episode={episode} />} editor={(edit) => <NumberEditor edit={edit} />} />
      <EditedCell episode={episode} cell="air_date" fields={dateFields} label={text.edits.fields['air_date'] ?? ''} rest={<DateWords episode={episode} />} editor={(edit) => <DateEditor edit={edit} />} />
      <EditedCell episode={episode} cell="categories" fields={categoryFields} label={text.edits.fields['categories'] ?? ''} rest={<Tags episode={episode} />} editor={(edit) => <CategoriesEditor edit={edit} />} />
      <div>
        <dt>{episodeText.created}</dt>
        <dd className={css['quiet']}>
          <Created episode={episode} />
        </dd>
      </div>
      <div>
        <dt>{episodeText.lastChange}</dt>
        <dd className={css['quiet']}>
          <LastChange episode={episode} />
        </dd>
      </div>
    </dl>
  );
}

const numberFields = ['season_number', 'episode_number'] as const;
const dateFields = ['air_date'] as const;
const categoryFields = ['categories'] as const;
const showFields = ['show_id'] as const;

interface EditedCellProps {
  episode: Episode;
  cell: CellName;
  fields: readonly Field[];
  label: string;
  rest: ReactNode;
  editor: (edit: Edit) => ReactNode;
}

/** A cell that opens where it stands. What is in it is saved when it is left. */
function EditedCell({ episode, cell, fields, label, rest, editor }: EditedCellProps) {
  const mayEdit = useMayEdit() && episode.deleted_at === undefined;
  const edit = useEdit(episode, cell, fields);
  const blur = (event: FocusEvent<HTMLElement>): void => {
    if (!event.currentTarget.contains(event.relatedTarget)) {
      edit?.save();
    }
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      edit?.giveUp();
    }
  };
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <Held id={episode.id} fields={fields} typing={edit !== undefined} small>
          {edit && !mayEdit ? (
            <Withheld edit={edit} label={label} />
          ) : edit ? (
            // The fields inside have the focus and the keys; here is only what is common to them.
            // eslint-disable-next-line jsx-a11y/no-static-element-interactions
            <div className={css['editor']} onBlur={blur} onKeyDown={keys}>
              {editor(edit)}
            </div>
          ) : mayEdit ? (
            <button type="button" className={css['value']} onClick={() => openCell(cell, episode.id, fields)} data-cell={cell}>
              <span className="vh">{episodeText.edit({ field: label })}</span>
              {rest}
            </button>
          ) : (
            <span className={css['value']}>{rest}</span>
          )}
        </Held>
      </dd>
    </div>
  );
}

function ShowCell({ episode }: { episode: Episode }) {
  const mayEdit = useMayEdit() && episode.deleted_at === undefined;
  const shows = useShows();
  const edit = useEdit(episode, 'show', showFields);
  const show = shows.find(({ id }) => id === episode.show_id);
  const rest = episode.show_id === null ? (
    <span className={css['faint']}>{episodeText.noShow}</span>
  ) : (
    <>
      <ShowSquare id={episode.show_id} />
      <span className="cut">
        <Marked id={episode.id} field="show_id">
          {show?.title ?? text.episodes.unknownShow}
        </Marked>
      </span>
    </>
  );
  const choose = (id: string | null): void => {
    setDraft('show', { began: edit?.draft.began ?? episode, patch: { show_id: id } });
    commit(episode.id, 'show');
  };
  return (
    <div>
      <dt>{text.edits.fields['show_id']}</dt>
      <dd>
        {mayEdit ? (
          <Menu>
            <Menu.Target>
              <button type="button" className={css['value']} data-cell="show">
                <span className="vh">{episodeText.edit({ field: text.edits.fields['show_id'] ?? '' })}</span>
                {rest}
              </button>
            </Menu.Target>
            <Menu.Dropdown className={css['long']}>
              {shows.map((one) => (
                <Menu.Radio key={one.id} checked={one.id === episode.show_id} icon={<ShowSquare id={one.id} />} onChoose={() => choose(one.id)}>
                  {one.title}
                </Menu.Radio>
              ))}
              <Menu.Radio checked={episode.show_id === null} onChoose={() => choose(null)}>
                {episodeText.noShow}
              </Menu.Radio>
            </Menu.Dropdown>
          </Menu>
        ) : edit ? (
          <Withheld edit={edit} label={text.edits.fields['show_id'] ?? ''} />
        ) : (
          <span className={css['value']}>{rest}</span>
        )}
        {mayEdit && edit?.draft.error !== undefined && <Note id="note-show" field="show_id" edit={edit} />}
      </dd>
    </div>
  );
}

function NumberWords({ episode: { id, season_number: season, episode_number: number } }: { episode: Episode }) {
  if (season === null && number === null) {
    return <span className={css['faint']}>{text.edits.none}</span>;
  }
  return (
    <>
      <Marked id={id} field="season_number">
        {season ?? '–'}
      </Marked>
      <span className={css['faint']}>/</span>
      <Marked id={id} field="episode_number">
        {number ?? '–'}
      </Marked>
    </>
  );
}

const onEnter = (act: () => void) => (event: KeyboardEvent) => {
  if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
    event.preventDefault();
    act();
  }
};

function NumberEditor({ edit }: { edit: Edit }) {
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.select(), []);
  const field = (name: 'season_number' | 'episode_number', label: string, ref?: typeof first) => (
    <input
      {...(ref ? { ref } : {})}
      className={`${css['input']} ${css['short']}`}
      inputMode="numeric"
      aria-label={label}
      aria-invalid={edit.draft.error !== undefined}
      aria-describedby="note-number"
      value={numberText(edit.draft.patch[name])}
      onChange={(event) => edit.type({ [name]: event.target.value.trim() === '' ? null : Number(event.target.value.replace(/\D/g, '')) })}
      onKeyDown={onEnter(edit.save)}
    />
  );
  return (
    <>
      <span className={css['pair']}>
        {field('season_number', episodeText.season, first)}
        <span className={css['faint']}>/</span>
        {field('episode_number', episodeText.episodeNumber)}
      </span>
      <Note id="note-number" field="episode_number" edit={edit} />
    </>
  );
}

const numberText = (n: number | null | undefined): string => (n === null || n === undefined ? '' : String(n));

function DateWords({ episode }: { episode: Episode }) {
  return (
    <Marked id={episode.id} field="air_date">
      {episode.air_date === null ? <span className={css['faint']}>{text.edits.none}</span> : date(episode.air_date, '')}
    </Marked>
  );
}

/** A date as it is typed; below it which one is meant. The calendar of the browser is at the end. */
function DateEditor({ edit }: { edit: Edit }) {
  const input = useRef<HTMLInputElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const now = useNow();
  const zone = useZone();
  const day = today(now, zone);
  const value = edit.draft.patch.air_date ?? null;
  const [typed, setTyped] = useState(value === null ? '' : date(value, ''));
  const meant = parseDay(typed, day);
  useEffect(() => input.current?.select(), []);
  const change = (words: string): void => {
    setTyped(words);
    const parsed = parseDay(words, day);
    edit.type({ air_date: parsed === undefined ? value : parsed });
  };
  const hint = meant === undefined ? text.edits.dateUnknown : meant === null ? text.edits.dateHint : episodeText.dateWhole({ day: longDate(meant, '') });
  return (
    <>
      <span className={css['pair']}>
        <input
          ref={input}
          className={css['input']}
          aria-label={text.edits.fields['air_date']}
          aria-invalid={edit.draft.error !== undefined || meant === undefined}
          aria-describedby="note-date"
          value={typed}
          onChange={(event) => change(event.target.value)}
          onKeyDown={onEnter(() => meant !== undefined && edit.save())}
        />
        <Button icon size="small" look="quiet" label={text.edits.pickDate} onClick={() => picker.current?.showPicker()}>
          <IconCalendar size={16} stroke={1.75} aria-hidden="true" />
        </Button>
        <input ref={picker} type="date" className={css['picker']} tabIndex={-1} aria-hidden="true" value={value ?? ''} onChange={(event) => change(event.target.value)} />
      </span>
      <Note id="note-date" field="air_date" edit={edit} hint={hint} />
    </>
  );
}

function Tags({ episode: { id, categories } }: { episode: Episode }) {
  if (categories.length === 0) {
    return <span className={css['faint']}>{text.edits.none}</span>;
  }
  return (
    <Marked id={id} field="categories">
      <span className={css['tags']}>
        {categories.map((name) => (
          <span key={name} className={css['tag']}>
            {name}
          </span>
        ))}
      </span>
    </Marked>
  );
}

function CategoriesEditor({ edit }: { edit: Edit }) {
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const categories = edit.draft.patch.categories ?? [];
  useEffect(() => input.current?.focus(), []);
  const add = (words: string): void => {
    const names = words.split(',').map((name) => name.trim()).filter((name) => name !== '' && !categories.includes(name));
    if (names.length > 0) {
      edit.type({ categories: [...new Set([...categories, ...names])] });
    }
    setTyped('');
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      if (typed.trim() === '' || event.ctrlKey || event.metaKey) {
        edit.save();
      } else {
        add(typed);
      }
    } else if (event.key === ',') {
      event.preventDefault();
      add(typed);
    } else if (event.key === 'Backspace' && typed === '') {
      edit.type({ categories: categories.slice(0, -1) });
    }
  };
  return (
    <>
      <span className={`${css['tags']} ${css['tagInput']}`}>
        {categories.map((name) => (
          <span key={name} className={css['tag']}>
            {name}
            <button type="button" aria-label={episodeText.removeCategory({ name })} onClick={() => edit.type({ categories: categories.filter((other) => other !== name) })}>
              <IconX size={12} stroke={2} aria-hidden="true" />
            </button>
          </span>
        ))}
        <input
          ref={input}
          aria-label={episodeText.addCategory}
          aria-describedby="note-categories"
          placeholder={categories.length === 0 ? episodeText.addCategory : ''}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={keys}
          onBlur={() => typed.trim() !== '' && add(typed)}
        />
      </span>
      <Note id="note-categories" field="categories" edit={edit} />
    </>
  );
}

function Created({ episode }: { episode: Episode }) {
  const now = useNow();
  const zone = useZone();
  const at = Date.parse(episode.created_at);
  return <time title={exactTime(at, zone)}>{episodeText.createdBy({ when: date(today(at, zone), today(now, zone)), name: episode.created_by_name ?? text.someone })}</time>;
}

/** When it was changed last, and who did it: that is what the log says of it. */
function LastChange({ episode }: { episode: Episode }) {
  const now = useNow();
  const zone = useZone();
  const last = useQuery(lastEntryQuery(episode.id, episode.version)).data;
  const at = Date.parse(episode.updated_at);
  const when = ago(at, now, zone);
  return (
    <>
      {last && <Avatar person={{ id: last.user_id, name: last.user_name }} size="small" />}
      <time title={exactTime(at, zone)} className="cut">
        {when === undefined ? episodeText.justNow : /\d{4}$|[A-Z]/.test(when) ? when : episodeText.agoLong({ when })}
      </time>
    </>
  );
}
