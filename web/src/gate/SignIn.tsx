import { CallboardError, type Me } from 'callboard';
import { useState } from 'react';

import { serverNow, statusOf } from '../client';
import { signIn, zoneOf } from '../session';
import { longDay } from '../text';
import { gateText } from '../text/gate';
import { Button } from '../ui';
import { Rule } from './Rule';
import { Slip } from './Slip';
import css from './Slip.module.css';

/** The slip by which one signs in. The handler gets nobody where the page is somebody else's: see signIn. */
export function SignIn({ intro, email: known = '', password: given = '', onSignedIn }: { intro?: string; email?: string; password?: string; onSignedIn: (me: Me | undefined) => void }) {
  const [today] = useState(() => longDay(serverNow(), zoneOf(undefined)));
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState(given);
  const [refused, setRefused] = useState('');
  const [sending, setSending] = useState(false);
  const send = async (): Promise<void> => {
    if (sending) {
      return;
    }
    setSending(true);
    setRefused('');
    try {
      onSignedIn(await signIn(email.trim(), password));
    } catch (error) {
      setRefused(refusalWords(error));
      setSending(false);
    }
  };
  return (
    <Slip note={today} title={gateText.signIn} {...(intro ? { intro } : {})} onSubmit={() => void send()}>
      <Rule label={gateText.email} type="email" name="email" autoComplete="username" value={email} onChange={(event) => setEmail(event.target.value)} autoFocus={known === ''} required />
      <Rule label={gateText.password} type="password" name="password" autoComplete="current-password" value={password} onChange={(event) => setPassword(event.target.value)} autoFocus={known !== '' && given === ''} required />
      <div role="alert">{refused && <p className={css['refused']}>{refused}</p>}</div>
      <Button look="ink" size="large" type="submit" className={css['send']} aria-disabled={sending} autoFocus={given !== ''}>
        {gateText.signIn}
      </Button>
      <p className={css['after']}>{gateText.forgotten}</p>
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
