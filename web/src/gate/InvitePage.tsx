import { useEffect, useState } from 'react';

import { textParam, useLocation, useParamsOf } from '../address';
import { call, client, fieldErrors, problemWords, statusOf } from '../client';
import { signedIn } from '../session';
import { text } from '../text';
import { gateText } from '../text/gate';
import { Button } from '../ui';
import { leastPassword as least } from './methods';
import { Rule } from './Rule';
import { Gate, Slip } from './Slip';
import css from './Slip.module.css';

const params = { token: textParam() };

interface Invited {
  name: string;
  email: string;
  invited_by: string;
}

/** Where somebody who was invited chooses a password, against the link that an admin has sent. */
export default function InvitePage() {
  const [{ token }] = useParamsOf(params);
  const [, go] = useLocation();
  const [invited, setInvited] = useState<Invited>();
  const [password, setPassword] = useState('');
  const [wrong, setWrong] = useState<string>();
  const [refused, setRefused] = useState('');
  const [sending, setSending] = useState(false);
  useEffect(() => {
    document.title = `${gateText.invitation} · ${text.product}`;
    call(() => client.api.POST('/api/v1/auth/invitation', { body: { token } })).then(
      ({ data }) => setInvited(data),
      (error: unknown) => setRefused(refusalWords(error)),
    );
  }, [token]);
  const send = async (): Promise<void> => {
    if (sending || !invited) {
      return;
    }
    setRefused('');
    setWrong(password.length < least ? gateText.tooShort({ least }) : undefined);
    if (password.length < least) {
      return;
    }
    setSending(true);
    try {
      await call(() => client.api.POST('/api/v1/auth/invitation/accept', { body: { token, password } }));
      signedIn(await client.auth.me());
      go('/', { replace: true });
    } catch (error) {
      const { password: rule } = fieldErrors(error);
      setWrong(rule);
      setRefused(rule ? '' : refusalWords(error));
      setSending(false);
    }
  };
  return (
    <Gate>
      <Slip
        note={gateText.invitation}
        title={invited ? gateText.invited({ name: invited.name }) : gateText.invitation}
        {...(invited && { intro: gateText.invitedWhy({ by: invited.invited_by, email: invited.email }) })}
        onSubmit={() => void send()}
      >
        {invited && (
          <>
            <input type="hidden" name="email" autoComplete="username" value={invited.email} />
            <Rule
              label={gateText.password}
              name="password"
              type="password"
              autoComplete="new-password"
              autoFocus
              required
              value={password}
              error={wrong}
              hint={gateText.passwordLength({ n: password.length, least })}
              onChange={({ target }) => setPassword(target.value)}
            />
          </>
        )}
        <div role="alert">{refused && <p className={css['refused']}>{refused}</p>}</div>
        {invited && (
          <Button look="ink" size="large" type="submit" className={css['send']} aria-disabled={sending}>
            {gateText.join}
          </Button>
        )}
      </Slip>
    </Gate>
  );
}

function refusalWords(error: unknown): string {
  return statusOf(error) === 403 ? gateText.deadInvitation : problemWords(error);
}
