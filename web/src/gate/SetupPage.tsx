import { CallboardError } from 'callboard';
import { useEffect, useState } from 'react';

import { textParam, useLocation, useParamsOf } from '../address';
import { call, client, problemWords, statusOf } from '../client';
import { signedIn } from '../session';
import { text } from '../text';
import { gateText } from '../text/gate';
import { Button } from '../ui';
import { leastPassword as least } from './methods';
import { Rule } from './Rule';
import { Gate, Slip } from './Slip';
import css from './Slip.module.css';

const params = { token: textParam() };

/** The first sign-in: makes the admin, against the link that the server prints at its first start. */
export default function SetupPage() {
  const [{ token }] = useParamsOf(params);
  const [, go] = useLocation();
  const [fields, setFields] = useState({ name: '', email: '', password: '' });
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [refused, setRefused] = useState('');
  const [sending, setSending] = useState(false);
  useEffect(() => {
    document.title = `${gateText.firstSignIn} · ${text.product}`;
  }, []);
  const send = async (): Promise<void> => {
    if (sending) {
      return;
    }
    const body = { token, name: fields.name.trim(), email: fields.email.trim(), password: fields.password };
    setRefused('');
    setErrors({});
    if (body.password.length < least) {
      setErrors({ password: gateText.tooShort({ least }) });
      return;
    }
    setSending(true);
    try {
      await call(() => client.api.POST('/api/v1/auth/setup', { body }));
      signedIn(await client.auth.me());
      go('/', { replace: true });
    } catch (error) {
      const named = error instanceof CallboardError ? error.errors : [];
      setErrors(Object.fromEntries(named.map(({ field, message }): [string, string] => [field ?? '', message])));
      setRefused(named.some(({ field }) => field && field in fields) ? '' : refusalWords(error));
      setSending(false);
    }
  };
  const rule = (name: keyof typeof fields) => ({
    name,
    value: fields[name],
    error: errors[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => setFields({ ...fields, [name]: event.target.value }),
    required: true,
  });
  return (
    <Gate>
      <Slip note={gateText.firstSignIn} title={gateText.putUp} intro={gateText.putUpWhy} onSubmit={() => void send()}>
        <Rule label={gateText.name} autoComplete="name" autoFocus {...rule('name')} />
        <Rule label={gateText.email} type="email" autoComplete="username" {...rule('email')} />
        <Rule label={gateText.password} type="password" autoComplete="new-password" hint={gateText.passwordLength({ n: fields.password.length, least })} {...rule('password')} />
        <div role="alert">{refused && <p className={css['refused']}>{refused}</p>}</div>
        <Button look="ink" size="large" type="submit" className={css['send']} aria-disabled={sending}>
          {gateText.create}
        </Button>
      </Slip>
    </Gate>
  );
}

function refusalWords(error: unknown): string {
  switch (statusOf(error)) {
    case 403:
      return gateText.deadLink;
    case 409:
      return gateText.alreadyUp;
    default:
      return problemWords(error);
  }
}
