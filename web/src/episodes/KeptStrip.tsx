import { IconPencil, IconRefresh } from '@tabler/icons-react';
import { useEffect, useState } from 'react';

import { useLamp } from '../live';
import { text } from '../text';
import { Button } from '../ui';
import { sendKept, useIsKept, useKeptEdits, useWaits } from './kept';
import css from './KeptStrip.module.css';

/** Above a page, while what was typed cannot be saved although the board is live: that it is kept, and what next. */
export function KeptStrip() {
  const n = useKeptEdits().length;
  const waits = useWaits();
  const live = useLamp(({ signal }) => signal === 'live'); // else its own strip has the number
  if (n === 0 || !waits || !live) {
    return null;
  }
  return (
    <div className={css['strip']}>
      <IconPencil className={css['icon']} size={16} stroke={1.75} aria-hidden="true" />
      <span className={css['words']}>
        <b role="alert">{waits.why === 'cannot-write' ? text.kept.cannotWrite : text.kept.noAnswer}</b> <Countdown to={waits.nextAt} /> {text.kept.waits({ n })}
      </span>
      <Button size="small" act={sendKept}>
        <IconRefresh size={14} stroke={1.75} aria-hidden="true" />
        {text.live.tryNow}
      </Button>
    </div>
  );
}

const second = 1000; // ms

function Countdown({ to }: { to: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), second);
    return () => clearInterval(timer);
  }, [to]);
  return text.kept.tryingAgain({ seconds: Math.max(0, Math.round((to - now) / second)) });
}

/** Beside a value that the server does not have yet. */
export function KeptMark({ id, field }: { id: string; field: string }) {
  const kept = useIsKept(id, field);
  return (
    kept && (
      <span className={css['mark']} role="img" aria-label={text.kept.mark} title={text.kept.mark}>
        <IconPencil size={14} stroke={1.75} aria-hidden="true" />
      </span>
    )
  );
}
