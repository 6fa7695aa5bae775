import type { Me } from 'callboard';
import { useEffect, useState } from 'react';

import { textParam, useLocation, useParamsOf } from '../address';
import { base, client } from '../client';
import { signedIn } from '../session';
import { text } from '../text';
import { gateText } from '../text/gate';
import { SignIn } from './SignIn';
import { Gate } from './Slip';

const params = { next: textParam(), error: textParam() };

/** Signs in. The demo prints links with an email and a password in the fragment, which no server sees: they fill the slip, and one click sends it. */
export default function SignInPage() {
  const [{ next, error }] = useParamsOf(params);
  const [, go] = useLocation();
  useEffect(() => {
    document.title = `${gateText.signIn} · ${text.product}`;
  }, []);
  const [given] = useState(() => new URLSearchParams(window.location.hash.slice(1)));
  useEffect(() => {
    if (window.location.hash) {
      window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search); // it may hold a password
    }
  }, []);
  const to = safeNext(next);
  const goOn = (me: Me | undefined): void => {
    if (!me || to.startsWith('/admin/')) {
      window.location.assign(base + to); // pages of the server's own, or of somebody else than before
    } else {
      signedIn(me);
      go(to, { replace: true });
    }
  };
  useEffect(() => {
    if (error === 'state') {
      client.auth.me().then(goOn, () => undefined); // who comes back from the provider twice, as by a double click, is signed in
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once, as the page opens
  }, []);
  return (
    <Gate>
      <SignIn
        email={given.get('email') ?? ''}
        password={given.get('password') ?? ''}
        {...(to === '/' ? {} : { intro: gateText.goOn })}
        next={to}
        error={error}
        onSignedIn={goOn}
      />
    </Gate>
  );
}

/** Returns where to go on: a path of this server, never another host. */
export function safeNext(next: string): string {
  const target = URL.canParse(next, window.location.origin) ? new URL(next, window.location.origin) : undefined;
  // "/..//evil.example" is a path of this server that, read once more, is another host
  if (!next.startsWith('/') || target?.origin !== window.location.origin || target.pathname.startsWith('//') || /^\/sign-in\/*$/.test(target.pathname)) {
    return '/';
  }
  return target.pathname + target.search + target.hash;
}
