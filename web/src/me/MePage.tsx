import { IconKey } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';

import { Link } from '../address';
import { fieldErrors, problemWords } from '../client';
import { useNow } from '../live';
import { chooseTheme, chosenTheme, setSingleKeys, useMe, useSingleKeys, useZone, type Theme } from '../session';
import { date, text, today } from '../text';
import { profileText } from '../text/profile';
import { Button, buttonClass, Field, Page, Segments, SelectField, Switch, toast, useOnce } from '../ui';
import { changePassword, endOtherSessions, endSession, saveProfile, useSessions, type LoginSession } from './api';
import { agentOf } from './agent';
import { Pins } from './Pins';
import { SecondFactor } from './SecondFactor';
import css from './page.module.css';

/** One's own name, zone, password, theme and keys, and where one is signed in. */
export default function MePage() {
  const me = useMe();
  return (
    <Page title={profileText.title}>
      <div className={css['page']}>
        <div className={css['parts']}>
          {!me.external && !me.service && <About />}
          <Device />
          {!me.service && <Pins />}
          {!me.external && !me.service && (
            <>
              <Password />
              {me.hasPassword && <SecondFactor />}
              <Sessions />
            </>
          )}
          <section className={css['panel']}>
            <div className={css['head']}>
              <h2>{profileText.tokens}</h2>
              <span className={css['why']}>{profileText.tokensLine}</span>
              <Link href="/me/tokens" className={buttonClass({})}>
                <IconKey size={14} stroke={1.75} aria-hidden="true" />
                {profileText.toTokens}
              </Link>
            </div>
          </section>
        </div>
      </div>
    </Page>
  );
}

/** Does something and says how it went. Returns what was refused, by field. */
async function attempt(what: () => Promise<void>, done: string, more?: string): Promise<Record<string, string> | undefined> {
  try {
    await what();
    toast({ words: done, ...(more && { more }) });
    return undefined;
  } catch (error) {
    const fields = fieldErrors(error);
    if (Object.keys(fields).length === 0) {
      toast({ look: 'bad', words: profileText.notDone, more: problemWords(error, profileText.fields) });
    }
    return fields;
  }
}

function zones(current: string): string[] {
  return [...new Set(['UTC', current, ...Intl.supportedValuesOf('timeZone')])].sort();
}

function About() {
  const me = useMe();
  const zone = useZone();
  const [name, setName] = useState(me.name);
  const [timeZone, setTimeZone] = useState(me.timeZone);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const changed = name.trim() !== me.name || timeZone !== me.timeZone;
  const save = async (body: { name?: string; time_zone?: string }): Promise<void> => setErrors((await attempt(() => saveProfile(body), profileText.saved)) ?? {});
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void save({ ...(name.trim() !== me.name && { name: name.trim() }), ...(timeZone !== me.timeZone && { time_zone: timeZone }) });
  };
  return (
    <section className={css['panel']}>
      <div className={css['head']}>
        <h2>{profileText.about}</h2>
        <span className={css['small']}>
          {me.email}, {text.roles[me.role]}
        </span>
      </div>
      <form className={css['form']} onSubmit={submit} noValidate>
        <Field label={profileText.fields['name'] ?? ''} value={name} autoComplete="name" error={errors['name']} onChange={({ target }) => setName(target.value)} />
        <SelectField
          label={profileText.fields['time_zone'] ?? ''}
          value={timeZone}
          error={errors['time_zone']}
          hint={me.timeZone !== zone && profileText.zoneOffer({ zone })}
          onChange={({ target }) => setTimeZone(target.value)}
        >
          {zones(timeZone).map((one) => (
            <option key={one}>{one}</option>
          ))}
        </SelectField>
        <div className={css['acts']}>
          <Button type="submit" look="ink" disabled={!changed}>
            {profileText.save}
          </Button>
          {me.timeZone !== zone && (
            <Button
              onClick={() => {
                setTimeZone(zone);
                void save({ time_zone: zone });
              }}
            >
              {profileText.keepZone({ zone })}
            </Button>
          )}
        </div>
      </form>
    </section>
  );
}

function Password() {
  const me = useMe();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [submit, busy] = useOnce(async () => {
    const refused = await attempt(() => changePassword(current, next), profileText.passwordChanged, profileText.passwordChangedMore);
    setErrors(refused ?? {});
    if (!refused) {
      setCurrent('');
      setNext('');
    }
  });
  return (
    <section className={css['panel']}>
      <div className={css['head']}>
        <h2>{profileText.password}</h2>
      </div>
      {me.hasPassword ? (
        <form
          className={css['form']}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <input type="text" value={me.email} autoComplete="username" readOnly hidden />
          <Field label={profileText.fields['current_password'] ?? ''} type="password" autoComplete="current-password" value={current} error={errors['current_password']} onChange={({ target }) => setCurrent(target.value)} />
          <Field label={profileText.fields['new_password'] ?? ''} type="password" autoComplete="new-password" value={next} error={errors['new_password']} onChange={({ target }) => setNext(target.value)} />
          <div className={css['acts']}>
            <Button type="submit" disabled={current === '' || next === ''} aria-disabled={busy}>
              {profileText.changePassword}
            </Button>
            <span className={css['why']}>{profileText.passwordWhy}</span>
          </div>
        </form>
      ) : (
        <p className={`${css['form']} ${css['why']}`}>{profileText.noPassword}</p>
      )}
    </section>
  );
}

const themes: readonly Theme[] = ['light', 'dark', 'system'];

function Device() {
  const [theme, setTheme] = useState(chosenTheme);
  const single = useSingleKeys();
  return (
    <section className={css['panel']}>
      <div className={css['head']}>
        <h2>{profileText.device}</h2>
      </div>
      <div className={css['line']}>
        <span>
          <b>{text.me.theme}</b>
          <p>{profileText.themeWhy}</p>
        </span>
        <Segments
          label={text.me.theme}
          options={themes.map((value) => ({ value, name: text.me.themes[value] }))}
          value={theme}
          onChange={(value) => {
            chooseTheme(value);
            setTheme(value);
          }}
        />
      </div>
      <div className={css['line']}>
        <span>
          <b>{profileText.singleKeys}</b>
          <p>{profileText.singleKeysWhy}</p>
        </span>
        <Switch
          label={profileText.singleKeys}
          checked={single}
          onChange={({ target }) => {
            setSingleKeys(target.checked).catch((error: unknown) => toast({ look: 'bad', words: text.failed.notSaved, more: problemWords(error) }));
          }}
        />
      </div>
    </section>
  );
}

function Sessions() {
  const sessions = useSessions();
  const others = sessions.data?.some(({ current }) => !current);
  return (
    <section className={css['panel']}>
      <div className={css['head']}>
        <h2>{profileText.sessions}</h2>
        {others && (
          <Button size="small" act={() => attempt(endOtherSessions, profileText.endedOthers)}>
            {profileText.endOthers}
          </Button>
        )}
      </div>
      {sessions.isError && (
        <div className={css['line']} role="alert">
          <span>{profileText.notLoaded}</span>
          <Button size="small" onClick={() => void sessions.refetch()}>
            {text.tryAgain}
          </Button>
        </div>
      )}
      {sessions.data?.map((session) => (
        <SessionLine key={session.id} session={session} />
      ))}
    </section>
  );
}

function SessionLine({ session: { id, user_agent, ip, created_at, last_used_at, current } }: { session: LoginSession }) {
  const zone = useZone();
  const now = today(useNow(), zone);
  const agent = agentOf(user_agent);
  const name = profileText.session({ ...agent, browser: agent.browser || profileText.aBrowser });
  const day = (at: string): string => {
    const one = today(Date.parse(at), zone);
    return one === now ? text.time.today : date(one, now);
  };
  return (
    <div className={css['line']} data-session={current ? 'current' : 'other'}>
      <span title={user_agent}>
        <b>{name}</b>
        <p>
          {profileText.sessionAbout({ ip, since: day(created_at) })}, {profileText.lastUsed({ day: day(last_used_at) })}
        </p>
      </span>
      {current ? (
        <span className={css['here']}>{profileText.thisOne}</span>
      ) : (
        <Button size="small" aria-label={profileText.endOf({ session: name })} act={() => attempt(() => endSession(id), profileText.ended)}>
          {profileText.end}
        </Button>
      )}
    </div>
  );
}
