import { signedIn, useSession } from '../session';
import { gateText } from '../text/gate';
import { useModal } from '../ui';
import { SignIn } from './SignIn';
import css from './SessionOver.module.css';

/** The slip over the page whose session has ended. Nothing below it is lost; what was refused is sent again after it. */
export function SessionOver() {
  const me = useSession((session) => session.me);
  const dialog = useModal();
  return (
    <dialog ref={dialog} className={css['over']} aria-label={gateText.signIn} onCancel={(event) => event.preventDefault()}>
      <div role="alert" className="vh">
        {gateText.sessionEnded}
      </div>
      <SignIn
        intro={gateText.sessionEnded}
        email={me?.email ?? ''}
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
