import { useLamp } from '../live';
import { text } from '../text';
import { Avatars } from '../ui';
import { useOnline } from './api';
import css from './InNow.module.css';

/** At the foot of the sidebar: who is in now. While the board is offline nobody knows. */
export function InNow() {
  const online = useOnline();
  const offline = useLamp(({ signal }) => signal === 'offline');
  if (offline) {
    return <span className={css['in']}>{text.live.inNowUnknown}</span>;
  }
  if (!online) {
    return null;
  }
  return (
    <span className={css['in']}>
      <Avatars people={online.map(({ user_id, name }) => ({ id: user_id, name })).slice(0, 3)} size="small" />
      {text.live.inNow({ n: online.length })}
    </span>
  );
}
