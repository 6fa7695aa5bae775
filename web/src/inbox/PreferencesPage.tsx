import { IconCheck } from '@tabler/icons-react';
import { Fragment } from 'react';

import { Link } from '../address';
import { problemWords } from '../client';
import { useNow } from '../live';
import { useZone } from '../session';
import { clock, dayNumber, shortWeekday, text, today, weekday } from '../text';
import { inboxText } from '../text/inbox';
import { Check, NotLoaded, Page, Skeleton, Switch } from '../ui';
import { channelsOf, usePreferences, withChannels, type Preferences } from './preferences';
import { dayParts, localMinutes, minuteOf, nextSpan, toggleDay, weekdays, type QuietHours } from './quiet';
import { groupOf, isOurs, types, type NoteType } from './types';
import css from './PreferencesPage.module.css';

/** What to hear of: types by channels, and quiet hours. Everything saves itself. */
export default function PreferencesPage() {
  const { preferences, error, read, saving, saved, change } = usePreferences();
  return (
    <Page
      title={inboxText.preferences}
      crumb={<Link href="/inbox">{inboxText.title}</Link>}
      acts={
        <span className={css['saved']} role="status">
          {saving ? (
            inboxText.saving
          ) : saved ? (
            <>
              <IconCheck size={14} stroke={1.75} aria-hidden="true" />
              {inboxText.saved}
            </>
          ) : null}
        </span>
      }
    >
      <div className={css['page']}>
        {preferences ? (
          <div className={css['parts']}>
            <section>
              <div className={`${css['panel']} ${css['mute']}`}>
                <span>
                  <b>{inboxText.muteAll}</b>
                  <span>{inboxText.muteAllWhy}</span>
                </span>
                <Switch label={inboxText.muteAll} checked={preferences.mute_all} onChange={({ target }) => change({ ...preferences, mute_all: target.checked })} />
              </div>
              <Types preferences={preferences} change={change} />
            </section>
            <aside>
              <Quiet preferences={preferences} change={change} />
              <p className={css['note']}>{inboxText.notYourOwn}</p>
            </aside>
          </div>
        ) : error ? (
          <NotLoaded title={inboxText.preferencesNotLoaded} onAgain={() => void read()}>
            {problemWords(error)}
          </NotLoaded>
        ) : (
          <Skeleton rows={12} height={37} />
        )}
      </div>
    </Page>
  );
}

interface PartProps {
  preferences: Preferences;
  change: (preferences: Preferences) => void;
}

const { about } = inboxText;

/** Whom a type is told to. */
const audience: Record<NoteType, string> = {
  episode_updated: about.watched,
  episode_created: about.editors,
  episode_published: about.all,
  episode_archived: about.watched,
  episode_deleted: about.watchedOrAdmin,
  file_created: about.files,
  file_updated: about.files,
  file_deleted: about.files,
  job_completed: about.yours,
  job_failed: about.yoursOrAdmin,
  job_cancelled: about.yours,
  show_updated: about.watched,
  show_deleted: about.watched,
};

function Types({ preferences, change }: PartProps) {
  const own = Object.keys(preferences.types).filter((type) => !isOurs(type) && type !== 'digest');
  const all = [...types, ...own];
  return (
    <table className={css['types']}>
      <thead>
        <tr>
          <th scope="col">{inboxText.tellMe}</th>
          <th scope="col" className={css['about']}>
            {inboxText.aboutHead}
          </th>
          <th scope="col" className={css['box']}>
            {inboxText.inApp}
          </th>
          <th scope="col" className={css['box']}>
            {inboxText.live}
          </th>
        </tr>
      </thead>
      <tbody>
        {all.map((type, i) => (
          <Fragment key={type}>
            {groupOf(type) !== (all[i - 1] && groupOf(all[i - 1] ?? '')) && (
              <tr className={css['group']}>
                <th colSpan={4} scope="rowgroup">
                  {inboxText.groups[groupOf(type)]}
                </th>
              </tr>
            )}
            <TypeRow type={type} preferences={preferences} change={change} />
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

function TypeRow({ type, preferences, change }: PartProps & { type: string }) {
  const channels = channelsOf(preferences, type);
  const name = isOurs(type) ? inboxText.types[type] : inboxText.ownType({ type });
  const whom = isOurs(type) ? audience[type] : about.application;
  const full = isOurs(type) ? inboxText.typeAlone({ group: inboxText.groups[groupOf(type)], type: name }) : name;
  const set = (to: typeof channels): void => change({ ...preferences, types: withChannels(preferences.types, type, to) });
  return (
    <tr>
      <th scope="row">
        {name}
        <span className={css['whom']}>{whom}</span>
      </th>
      <td className={css['about']}>{whom}</td>
      <td className={css['box']}>
        <Check label={inboxText.toInbox({ type: full })} disabled={preferences.mute_all} checked={channels.in_app} onChange={({ target }) => set({ ...channels, in_app: target.checked })} />
      </td>
      <td className={css['box']}>
        {channels.in_app ? (
          <Check label={inboxText.toPopUp({ type: full })} disabled={preferences.mute_all} checked={channels.live} onChange={({ target }) => set({ ...channels, live: target.checked })} />
        ) : (
          <span title={inboxText.notAsked}>–</span>
        )}
      </td>
    </tr>
  );
}

const usual = { start: '20:00', end: '07:00', days: ['mon', 'tue', 'wed', 'thu', 'fri'] };

function Quiet({ preferences, change }: PartProps) {
  const zone = useZone();
  const hours = preferences.quiet_hours;
  const set = (quiet: QuietHours | undefined): void => {
    const { mute_all, types: ways } = preferences;
    change({ mute_all, types: ways, ...(quiet && { quiet_hours: quiet }) });
  };
  return (
    <div className={`${css['panel']} ${css['quiet']}`}>
      <div className={css['head']}>
        <h2>{inboxText.quiet.title}</h2>
        <Switch label={inboxText.quiet.title} checked={hours !== undefined} onChange={({ target }) => set(target.checked ? { ...usual, time_zone: zone } : undefined)} />
      </div>
      <p>{inboxText.quiet.why}</p>
      {hours && <Hours hours={hours} set={set} />}
    </div>
  );
}

function Hours({ hours, set }: { hours: QuietHours; set: (hours: QuietHours) => void }) {
  const now = useNow();
  const chosen = hours.days ?? [];
  const at = localMinutes(now, hours.time_zone) % dayMinutes;
  const overnight = minuteOf(hours.end) <= minuteOf(hours.start);
  const time = (name: 'start' | 'end', label: string) => (
    <label>
      {label}
      <input type="time" value={hours[name]} onChange={({ target }) => target.value && set({ ...hours, [name]: target.value.slice(0, 5) })} />
    </label>
  );
  return (
    <>
      <div className={css['day']} aria-hidden="true">
        {dayParts(hours).map(({ from, to }) => (
          <i key={from} style={{ insetInlineStart: share(from), inlineSize: share(to - from) }} />
        ))}
        <b style={{ insetInlineStart: share(at) }} />
      </div>
      <div className={css['scale']} aria-hidden="true">
        {[0, 6, 12, 18, 24].map((hour) => (
          <span key={hour}>{hour}</span>
        ))}
      </div>
      <div className={css['times']}>
        {time('start', inboxText.quiet.from)}
        {time('end', inboxText.quiet.to)}
      </div>
      <div className={css['label']} id="quiet-days">
        {overnight ? inboxText.quiet.evenings : inboxText.quiet.days}
      </div>
      <div className={css['days']} role="group" aria-labelledby="quiet-days">
        {weekdays.map((day, i) => {
          const on = chosen.length === 0 || chosen.includes(day);
          const last = on && chosen.length === 1;
          return (
            <button
              key={day}
              type="button"
              aria-pressed={on}
              aria-label={weekday(i)}
              aria-disabled={last || undefined}
              title={last ? inboxText.quiet.lastDay : weekday(i)}
              onClick={() => !last && set({ ...hours, days: toggleDay(chosen, day) })}
            >
              {shortWeekday(i)}
            </button>
          );
        })}
      </div>
      <label>
        {inboxText.quiet.zone}
        <select value={hours.time_zone} onChange={({ target }) => set({ ...hours, time_zone: target.value })}>
          {zones(hours.time_zone).map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <p className={css['next']} role="status">
        {nextWords(hours, now)}
      </p>
    </>
  );
}

const dayMinutes = 24 * 60;

const share = (minutes: number): string => `${(minutes / dayMinutes) * 100}%`;

function zones(current: string): string[] {
  return [...new Set(['UTC', current, ...Intl.supportedValuesOf('timeZone')])].sort();
}

const evening = 17 * 60; // the minute from which today is tonight

/** "Next: tonight at 20:00, until Wednesday 07:00." */
function nextWords(hours: QuietHours, now: number): string {
  const span = nextSpan(hours, now);
  if (span === 'always') {
    return inboxText.quiet.always;
  }
  const zone = hours.time_zone;
  const dayOf = (at: number): number => dayNumber(today(at, zone));
  const startDay = span.now ? dayOf(now) : dayOf(span.from);
  const end = clock(span.until, zone);
  const until = dayOf(span.until) === startDay ? end : inboxText.quiet.dayTime({ day: weekday((dayOf(span.until) + 3) % 7), time: end });
  if (span.now) {
    return inboxText.quiet.now({ until });
  }
  const days = startDay - dayOf(now);
  const day =
    days === 0 ? (minuteOf(hours.start) >= evening ? inboxText.quiet.tonight : text.time.today) : days === 1 ? text.time.tomorrow : weekday((startDay + 3) % 7);
  return inboxText.quiet.next({ start: inboxText.quiet.at({ day, time: clock(span.from, zone) }), until });
}
