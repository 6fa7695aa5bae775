import { CallboardError, type Me } from 'callboard';
import { useState } from 'react';

import { serverNow, statusOf } from '../client';
import { signIn, zoneOf } from '../session';
import { longDay } from '../text';
import { gateText } from '../text/gate';
import { Button, buttonClass } from '../ui';
import { providerAddress, useMethods } from './methods';
import { Rule } from './Rule';
import { Slip } from './Slip';
import css from './Slip.module.css';

interface SignInProps {
  intro?: string;
  email?: string;
  password?: string;
  /** Where the provider leads back to: a path of the board. */
  next?: string;
  /** Why the provider has led back without a session. */
  error?: string;
  /** The page below has to stay: one signs in at the provider in a tab of its own. */
  apart?: boolean;
  /** Gets nobody where the page is somebody else's: see signIn. */
  onSignedIn: (me: Me | undefined) => void;
}

/** The slip by which one signs in, in the ways that the server has. */
export function SignIn({ intro, email: known = '', password: given = '', next = '/', error = '', apart = false, onSignedIn }: SignInProps) {
  const [today] = useState(() => longDay(serverNow(), zoneOf(undefined)));
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState(given);
  const [asked, setAsked] = useState<'password' | 'app' | 'recovery'>('password');
  const [code, setCode] = useState('');
  const [refused, setRefused] = useState<string>();
  const [sending, setSending] = useState(false);
  const methods = useMethods();
  const provider = methods?.provider?.name;
  const send = async (): Promise<void> => {
    if (sending || !methods?.password) {
      return;
    }
    setSending(true);
    setRefused('');
    try {
      onSignedIn(await signIn(email.trim(), password, asked === 'password' ? '' : code.trim()));
    } catch (failed) {
      setSending(false);
      setCode('');
      if (failed instanceof CallboardError && failed.type.endsWith(':second_factor_required')) {
        setRefused({ password: '', app: gateText.wrongCode, recovery: gateText.wrongRecovery }[asked]);
        setAsked(asked === 'password' ? 'app' : asked);
      } else {
        setRefused(refusalWords(failed));
        setAsked(statusOf(failed) === 401 ? 'password' : asked); // the password was changed meanwhile
      }
    }
  };
  const ask = (what: typeof asked): void => {
    setAsked(what);
    setCode('');
    setRefused('');
  };
  const wrong = refused ?? (methods && error ? gateText.providerRefusal({ error, provider: provider ?? gateText.provider }) : '');
  if (asked !== 'password') {
    const app = asked === 'app';
    return (
      <Slip note={today} title={gateText.signIn} intro={app ? gateText.codeIntro : gateText.recoveryIntro} onSubmit={() => code.trim() && void send()}>
        <Rule
          key={asked}
          label={app ? gateText.code : gateText.recoveryCode}
          {...(app && { hint: gateText.codeHint, inputMode: 'numeric' })}
          type="text"
          name="code"
          autoComplete={app ? 'one-time-code' : 'off'}
          autoCapitalize="characters"
          spellCheck={false}
          value={code}
          onChange={(event) => setCode(event.target.value)}
          autoFocus
          required
        />
        <div role="alert">{refused && <p className={css['refused']}>{refused}</p>}</div>
        <Button look="ink" size="large" type="submit" className={css['send']} aria-disabled={sending}>
          {gateText.signIn}
        </Button>
        <p className={css['after']}>
          <Button look="quiet" size="small" onClick={() => ask(app ? 'recovery' : 'app')}>
            {app ? gateText.useRecovery : gateText.useApp}
          </Button>
        </p>
        {!app && <p className={css['after']}>{gateText.lostFactor}</p>}
      </Slip>
    );
  }
  return (
    <Slip note={today} title={gateText.signIn} {...(intro ? { intro } : {})} onSubmit={() => void send()}>
      {methods?.password && (
        <>
          <Rule label={gateText.email} type="email" name="email" autoComplete="username" value={email} onChange={(event) => setEmail(event.target.value)} autoFocus={known === ''} required />
          <Rule label={gateText.password} type="password" name="password" autoComplete="current-password" value={password} onChange={(event) => setPassword(event.target.value)} autoFocus={known !== '' && given === ''} required />
        </>
      )}
      <div role="alert">{wrong && <p className={css['refused']}>{wrong}</p>}</div>
      {methods?.password && (
        <Button look="ink" size="large" type="submit" className={css['send']} aria-disabled={sending} autoFocus={given !== ''}>
          {gateText.signIn}
        </Button>
      )}
      {provider !== undefined && (
        <>
          {methods?.password && <p className={css['or']}>{gateText.or}</p>}
          <a
            className={`${buttonClass({ size: 'large', ...(methods?.password ? {} : { look: 'ink' as const }) })} ${css[methods?.password ? 'beside' : 'send']}`}
            href={providerAddress(next)}
            {...(apart && { target: '_blank', rel: 'noopener' })}
          >
            {gateText.signInAt({ provider })}
          </a>
          {apart && <p className={css['after']}>{gateText.apart}</p>}
        </>
      )}
      {methods?.password && <p className={css['after']}>{gateText.forgotten}</p>}
    </Slip>
  );
}

function refusalWords(error: unknown): string {
  switch (statusOf(error)) {
    case 401:
    case 422:
      return gateText.mismatch;
    case 429: {
      const seconds = error instanceof CallboardError ? (error.retryAfter ?? 60) : 60;
      return gateText.tooMany({ minutes: Math.max(1, Math.ceil(seconds / 60)) });
    }
    case 0:
      return gateText.noAnswer;
    default:
      return error instanceof CallboardError ? error.detail : gateText.noAnswer;
  }
}
