import { useEffect } from 'react';

import { base, client } from '../client';
import { signedIn, useSession } from '../session';
import { gateText } from '../text/gate';
import { useModal } from '../ui';
import { SignIn } from './SignIn';
import css from './SessionOver.module.css';

/** The slip over the page whose session has ended. Nothing below it is lost; what was refused is sent again after it. */
export function SessionOver() {
  const me = useSession((session) => session.me);
  const dialog = useModal();
  useEffect(() => {
    const look = (): void => void client.auth.me().then(signedIn, () => undefined); // one may have signed in in another tab
    window.addEventListener('focus', look);
    return () => window.removeEventListener('focus', look);
  }, []);
  return (
    <dialog ref={dialog} className={css['over']} aria-label={gateText.signIn} onCancel={(event) => event.preventDefault()}>
      <div role="alert" className="vh">
        {gateText.sessionEnded}
      </div>
      <SignIn
        intro={gateText.sessionEnded}
        email={me?.email ?? ''}
        next={window.location.pathname.slice(base.length) + window.location.search}
        apart
        onSignedIn={(again) => {
          if (again) {
            signedIn(again);
          } else {
            window.location.reload();
          }
        }}
      />
    </dialog>
  );
}
