import { jobsText } from '../text/jobs';
import { kindName } from './about';
import { useStats } from './api';
import css from './Durations.module.css';

/** How many jobs ended within a day, and how long those took that were done: half of them, and nearly all. */
export function Durations() {
  const stats = useStats().data;
  const words = jobsText;
  if (!stats) {
    return <div />;
  }
  const sum = (status: string): number => stats.reduce((n, { counts }) => n + (counts[status] ?? 0), 0);
  const timed = stats.flatMap(({ kind, counts, p50_seconds: half, p95_seconds: most }) => (half === null || most === null ? [] : [{ kind, n: counts['completed'] ?? 0, half, most }]));
  const longest = Math.max(...timed.map(({ most }) => most), 0.001);
  return (
    <div className={css['column']}>
      <dl className={css['counts']}>
        <div>
          <dt>{words.doneToday}</dt>
          <dd>{sum('completed')}</dd>
        </div>
        <div>
          <dt>{words.failedToday}</dt>
          <dd>{sum('failed')}</dd>
        </div>
      </dl>
      <section className={css['panel']} aria-label={words.durations}>
        <header className={css['head']}>
          <h2>{words.durations}</h2>
          <span className={css['faint']}>{words.window}</span>
        </header>
        <ul className={css['kinds']}>
          {timed.length === 0 && <li className={css['faint']}>{words.noDurations}</li>}
          {timed
            .sort((a, b) => b.n - a.n)
            .map(({ kind, n, half, most }) => (
              <li key={kind} className={css['kind']}>
                <span className={css['name']}>{kindName(kind)}</span>
                <span className={css['faint']}>{words.counted({ n })}</span>
                <span className={css['bar']} aria-hidden="true">
                  <i style={{ width: `${(most / longest) * 100}%` }} />
                  <i style={{ width: `${(half / longest) * 100}%` }} />
                </span>
                <span className={css['half']}>{words.half({ seconds: half })}</span>
                <span className={css['faint']}>{words.most({ seconds: most })}</span>
              </li>
            ))}
        </ul>
      </section>
    </div>
  );
}
