import { CallboardError } from 'callboard';
import { useEffect, useState } from 'react';

import { textParam, useLocation, useParamsOf } from '../address';
import { call, client, problemWords, statusOf } from '../client';
import { signedIn } from '../session';
import { text } from '../text';
import { Button } from '../ui';
import { Rule } from './Rule';
import { Gate, Slip } from './Slip';
import css from './Slip.module.css';

const params = { token: textParam() };
const least = 10; // characters of a password, as the server has it

/** The first sign-in: makes the admin, against the link that the server prints at its first start. */
export default function SetupPage() {
  const [{ token }] = useParamsOf(params);
  const [, go] = useLocation();
  const [fields, setFields] = useState({ name: '', email: '', password: '' });
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [refused, setRefused] = useState('');
  const [sending, setSending] = useState(false);
  useEffect(() => {
    document.title = `${text.gate.firstSignIn} · ${text.product}`;
  }, []);
  const send = async (): Promise<void> => {
    if (sending) {
      return;
    }
    const body = { token, name: fields.name.trim(), email: fields.email.trim(), password: fields.password };
    setRefused('');
    setErrors({});
    if (body.password.length < least) {
      setErrors({ password: text.gate.tooShort({ least }) });
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
      <Slip note={text.gate.firstSignIn} title={text.gate.putUp} intro={text.gate.putUpWhy} onSubmit={() => void send()}>
        <Rule label={text.gate.name} autoComplete="name" autoFocus {...rule('name')} />
        <Rule label={text.gate.email} type="email" autoComplete="username" {...rule('email')} />
        <Rule label={text.gate.password} type="password" autoComplete="new-password" hint={text.gate.passwordLength({ n: fields.password.length, least })} {...rule('password')} />
        <div role="alert">{refused && <p className={css['refused']}>{refused}</p>}</div>
        <Button look="ink" size="large" type="submit" className={css['send']} aria-disabled={sending}>
          {text.gate.create}
        </Button>
      </Slip>
    </Gate>
  );
}

function refusalWords(error: unknown): string {
  switch (statusOf(error)) {
    case 403:
      return text.gate.deadLink;
    case 409:
      return text.gate.alreadyUp;
    default:
      return problemWords(error);
  }
}
