import { text } from '../text';
import { useUnread } from './unread';
import css from './UnreadPill.module.css';

/** How much is unread, beside the entry of the inbox. */
export function UnreadPill() {
  const n = useUnread();
  if (n === 0) {
    return null;
  }
  return (
    <span className={css['pill']}>
      <span aria-hidden="true">{text.places.unreadShort({ n })}</span>
      <span className="vh">{text.places.unread({ n })}</span>
    </span>
  );
}
