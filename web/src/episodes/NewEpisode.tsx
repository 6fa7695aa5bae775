import { CallboardError, type Schemas } from 'callboard';
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';

import { useLocation } from '../address';
import { call, client, problemWords, queries } from '../client';
import { useNow } from '../live';
import { useZone } from '../session';
import { useShows } from '../shows/shared';
import { text, today, type Status } from '../text';
import { episodeText } from '../text/episode';
import { listsText } from '../text/lists';
import { Button, Check, DayInput, Dialog, statuses, toast } from '../ui';
import { takeEpisode } from './api';
import { episodes } from './store/episode';
import { settle } from './store/lists';
import css from './NewEpisode.module.css';

type Field = 'title' | 'season_number' | 'episode_number' | 'categories' | 'air_date';

/** The dialog of a new episode: only the title is needed. */
export default function NewEpisode({ show: first, status, title: firstTitle, onClose }: { show: string; status: Status; title: string; onClose: () => void }) {
  const shows = useShows();
  const [, go] = useLocation();
  const now = today(useNow(), useZone());
  const title = useRef<HTMLInputElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const id = useId();
  const [show, setShow] = useState(first);
  const [season, setSeason] = useState(() => newestSeason(first));
  const [values, setValues] = useState({ title: firstTitle, number: '', categories: '', status });
  const [day, setDay] = useState<string | null | undefined>(null);
  const [round, setRound] = useState(0); // of several, one after the other: each begins with an empty date
  const [another, setAnother] = useState(false);
  const [errors, setErrors] = useState<Partial<Record<Field, string>>>({});
  const [busy, setBusy] = useState(false);
  useEffect(() => title.current?.focus(), []);

  const create = async (): Promise<void> => {
    const wrong: Partial<Record<Field, string>> = {
      ...(values.title.trim() === '' && { title: text.episodes.titleEmpty }),
      ...(!/^\d*$/.test(season.trim()) && { season_number: text.edits.wholeNumberOnly }),
      ...(!/^\d*$/.test(values.number.trim()) && { episode_number: text.edits.wholeNumberOnly }),
      ...(day === undefined && { air_date: text.edits.dateUnknown }),
    };
    setErrors(wrong);
    if (Object.keys(wrong).length > 0 || busy) {
      return;
    }
    const categories = [...new Set(values.categories.split(',').map((name) => name.trim()).filter(Boolean))];
    const body: Schemas['EpisodeBody'] = {
      title: values.title.trim(),
      status: values.status,
      ...(show && { show_id: show }),
      ...(season.trim() && { season_number: Number(season) }),
      ...(values.number.trim() && { episode_number: Number(values.number) }),
      ...(day && { air_date: day }),
      ...(categories.length > 0 && { categories }),
    };
    setBusy(true);
    try {
      const { data } = await call(() => client.api.POST('/api/v1/episodes', { body }));
      takeEpisode(data);
      settle([data.id]);
      toast({ words: listsText.created({ title: data.title }), act: { name: listsText.open, run: () => go(`/episodes/${data.id}`) } });
      if (!another) {
        onClose();
        return;
      }
      setValues({ title: '', number: '', categories: '', status });
      setDay(null);
      setRound(round + 1);
      title.current?.focus();
    } catch (error) {
      setErrors(errorsOf(error));
    } finally {
      setBusy(false);
    }
  };
  const field = (name: Field, label: string, input: (props: { id: string; 'aria-invalid': boolean; 'aria-describedby': string }) => ReactNode): ReactNode => (
    <div className={css['field']}>
      <label htmlFor={`${id}-${name}`}>{label}</label>
      {input({ id: `${id}-${name}`, 'aria-invalid': errors[name] !== undefined, 'aria-describedby': `${id}-${name}-error` })}
      <span id={`${id}-${name}-error`} className={css['error']} role="status">
        {errors[name]}
      </span>
    </div>
  );
  return (
    <Dialog
      title={text.episodes.new}
      why={listsText.optional}
      onClose={onClose}
      acts={
        <>
          <label className={css['another']}>
            <Check label={listsText.createAnother} checked={another} onChange={() => setAnother(!another)} />
            <span aria-hidden="true">{listsText.createAnother}</span>
          </label>
          <Button onClick={onClose}>{text.cancel}</Button>
          <Button look="ink" aria-disabled={busy} onClick={() => form.current?.requestSubmit()}>
            {listsText.create}
          </Button>
        </>
      }
    >
      <form
        ref={form}
        className={css['form']}
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        {field('title', text.edits.fields['title'] ?? '', (props) => (
          <input {...props} ref={title} dir="auto" autoComplete="off" value={values.title} onChange={(event) => setValues({ ...values, title: event.target.value })} />
        ))}
        <div className={css['field']}>
          <label htmlFor={`${id}-show`}>{text.episodes.show}</label>
          <select
            id={`${id}-show`}
            value={show}
            onChange={(event) => {
              setShow(event.target.value);
              setSeason(newestSeason(event.target.value));
            }}
          >
            <option value="">{text.episodes.noShow}</option>
            {shows.map((one) => (
              <option key={one.id} value={one.id}>
                {one.title}
              </option>
            ))}
          </select>
        </div>
        <div className={css['pair']}>
          {field('season_number', episodeText.season, (props) => (
            <input {...props} inputMode="numeric" autoComplete="off" value={season} onChange={(event) => setSeason(event.target.value)} />
          ))}
          {field('episode_number', episodeText.episodeNumber, (props) => (
            <input {...props} inputMode="numeric" autoComplete="off" placeholder={show ? listsText.nextFree : ''} value={values.number} onChange={(event) => setValues({ ...values, number: event.target.value })} />
          ))}
        </div>
        <div className={css['pair']}>
          <div className={css['field']}>
            <label htmlFor={`${id}-status`}>{text.episodes.statusFilter}</label>
            <select id={`${id}-status`} value={values.status} onChange={(event) => setValues({ ...values, status: event.target.value as Status })}>
              {statuses.map((one) => (
                <option key={one} value={one}>
                  {text.status[one]}
                </option>
              ))}
            </select>
          </div>
          <DayInput key={round} label={text.episodes.columnNames.air_date} today={now} onChange={setDay} />
        </div>
        {field('categories', text.episodes.columnNames.categories, (props) => (
          <input {...props} autoComplete="off" value={values.categories} onChange={(event) => setValues({ ...values, categories: event.target.value })} />
        ))}
        <button type="submit" className="vh" tabIndex={-1} aria-hidden="true" />
      </form>
    </Dialog>
  );
}

/** The newest season that a show has among what was read. */
function newestSeason(show: string): string {
  const ids = queries.getQueriesData<{ pages: { ids: readonly string[] }[] }>({ queryKey: ['episodes', 'list'] }).flatMap(([, data]) => data?.pages.flatMap((page) => page.ids) ?? []);
  const seasons = show ? ids.flatMap((one) => episodes.get(one) ?? []).flatMap((one) => (one.show_id === show && one.season_number !== null ? [one.season_number] : [])) : [];
  return seasons.length > 0 ? String(Math.max(...seasons)) : '';
}

/** What the server said, each below its field. A number that is taken comes without a field: it is said below the number. */
function errorsOf(error: unknown): Partial<Record<Field, string>> {
  if (!(error instanceof CallboardError) || error.errors.length === 0) {
    const taken = error instanceof CallboardError && error.status === 409;
    return { [taken ? 'episode_number' : 'title']: problemWords(error) };
  }
  const known: Record<string, Field> = { title: 'title', seasonNumber: 'season_number', season_number: 'season_number', episodeNumber: 'episode_number', episode_number: 'episode_number', airDate: 'air_date', categories: 'categories' };
  return Object.fromEntries(error.errors.map(({ field = '', message }) => [known[field.replace(/^body\./, '').replace(/\[.*/, '')] ?? 'title', message]));
}
