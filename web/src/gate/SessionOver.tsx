import { signedIn, useSession } from '../session';
import { text } from '../text';
import { useModal } from '../ui';
import { SignIn } from './SignIn';
import css from './SessionOver.module.css';

/** The slip over the page whose session has ended. Nothing below it is lost; what was refused is sent again after it. */
export function SessionOver() {
  const me = useSession((session) => session.me);
  const dialog = useModal();
  return (
    <dialog ref={dialog} className={css['over']} aria-label={text.gate.signIn} onCancel={(event) => event.preventDefault()}>
      <div role="alert" className="vh">
        {text.gate.sessionEnded}
      </div>
      <SignIn
        intro={text.gate.sessionEnded}
        email={me?.email ?? ''}
        onSignedIn={(again) => {
          signedIn(again);
          if (me && again.id !== me.id) {
            window.location.reload(); // the page is somebody else's
          }
        }}
      />
    </dialog>
  );
}
