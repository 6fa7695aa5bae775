import { text } from '../text';
import { useRunning } from './running';
import css from './RunningPill.module.css';

/** Beside the entry of the jobs: how many run. */
export function RunningPill() {
  const n = useRunning();
  if (n === 0) {
    return null;
  }
  return (
    <span className={css['pill']}>
      <span data-long>{text.places.running({ n })}</span>
      <span data-short aria-hidden="true">
        {n}
      </span>
    </span>
  );
}
