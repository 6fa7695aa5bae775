import { text } from '../text';
import { useLamp } from './connection';

interface Starter {
  onClick: () => void;
  'aria-disabled'?: true;
  title?: string;
}

/** What a control needs that starts something: while the board is offline nothing starts, and the control says why. */
export function useStart(): (run: () => void) => Starter {
  const offline = useLamp(({ signal }) => signal === 'offline');
  return (run) => (offline ? { onClick: () => undefined, 'aria-disabled': true, title: text.live.notNow } : { onClick: run });
}
