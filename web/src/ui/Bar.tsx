import css from './Bar.module.css';

/** How far something has come, from 0 to 100. */
export function Bar({ value, label }: { value: number; label: string }) {
  const percent = Math.max(0, Math.min(100, value));
  return (
    <span className={css['bar']} role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.floor(percent)}>
      <i style={{ width: `${percent}%` }} />
    </span>
  );
}
