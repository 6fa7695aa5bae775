import { IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import { useZone } from '../session';
import { clock, text } from '../text';
import { Button } from '../ui';
import { connection, useLamp } from './connection';
import css from './Strip.module.css';

/** Above a page, while the lamp says anything but Live: what is the matter, what is safe, what next. Waits says how much was typed meanwhile. */
export function Strip({ waits }: { waits: string }) {
  const { signal, since, caught, missed, reset } = useLamp();
  const zone = useZone();
  switch (signal) {
    case 'offline':
      return (
        <Line look="off" words={text.live.offline({ time: clock(since, zone) })} more={`${text.live.offlineWhy} ${waits}`} urgent>
          <Button size="small" onClick={connection.tryNow}>
            <IconRefresh size={14} stroke={1.75} aria-hidden="true" />
            {text.live.tryNow}
          </Button>
        </Line>
      );
    case 'reconnecting':
      return <Line look="wait" words={text.live.reconnecting} more={`${text.live.reconnectingWhy} ${waits}`} />;
    case 'catching-up':
      return <Line look="wait" words={text.live.catchingUp} more={caught > 0 ? text.live.caughtUp({ n: caught, of: missed }) : ''} />;
    default:
      return reset !== undefined ? <Line look="wait" words={text.live.away({ minutes: reset })} more={text.live.awayWhy} /> : null;
  }
}

function Line({ look, words, more, urgent = false, children }: { look: 'off' | 'wait'; words: string; more: string; urgent?: boolean; children?: ReactNode }) {
  return (
    <div className={`${css['strip']} ${css[look]}`} role={urgent ? 'alert' : 'status'}>
      <span className={css['bulb']} aria-hidden="true" />
      <span className={css['words']}>
        <b>{words}</b> {more}
      </span>
      {children}
    </div>
  );
}
