import { text } from '../text';
import { useUnread } from './api';
import css from './UnreadPill.module.css';

/** How much is unread, beside the entry of the inbox. */
export function UnreadPill() {
  const n = useUnread();
  if (n === 0) {
    return null;
  }
  return (
    <span className={css['pill']}>
      <span aria-hidden="true">{text.inbox.unreadShort({ n })}</span>
      <span className="vh">{text.inbox.unread({ n })}</span>
    </span>
  );
}
