import { text, clockSeconds, number } from '../text';
import { useZone } from '../session';
import { useLamp } from './connection';
import css from './Lamp.module.css';

const shapes = { connecting: 'wait', live: 'live', reconnecting: 'wait', 'catching-up': 'wait', offline: 'off' } as const;

/** Whether what is shown is what is: a disc is live, half a disc is on its way, a ring is offline. The word stands beside it. */
export function Lamp() {
  const { signal, heard } = useLamp();
  const zone = useZone();
  const facts = heard ? text.live.heard({ time: clockSeconds(heard.at, zone), pos: number(heard.pos) }) : text.live.heardNothing;
  return (
    <span className={css['lamp']} title={facts} data-signal={signal}>
      <Bulb shape={shapes[signal]} />
      <span className={css['word']}>{text.live.names[signal]}</span>
    </span>
  );
}

/** The light of a lamp, beside a word: all is well, something is behind, or away. */
export function Bulb({ shape }: { shape: 'live' | 'wait' | 'off' }) {
  return <span className={`${css['bulb']} ${css[shape]}`} aria-hidden="true" />;
}
