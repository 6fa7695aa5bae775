import { IconAlertTriangle } from '@tabler/icons-react';
import type { ImportPlan } from 'callboard';

import { number } from '../text';
import { importsText } from '../text/imports';
import { fieldIn } from './questions';
import css from './import.module.css';

type Rows = Pick<ImportPlan, 'created' | 'updated' | 'unchanged' | 'refused' | 'skipped'>;

/** What becomes of the rows of a file, in numbers. What there is none of is left out, but for new episodes and rows that are left out. */
export function Counts({ counts, shows, showCount, title }: { counts: Rows; shows: ImportPlan['shows']; showCount: number; title: string }) {
  const words = importsText.counts;
  const parts = (['created', 'updated', 'unchanged', 'refused', 'skipped'] as const).filter((one) => counts[one] > 0 || one === 'created' || one === 'refused');
  return (
    <section className={css['panel']} aria-label={title}>
      <dl className={css['sum']}>
        {parts.map((one) => (
          <div key={one}>
            <dt>{words[one]}</dt>
            <dd className={one === 'refused' && counts.refused > 0 ? css['bad'] : undefined}>{number(counts[one])}</dd>
          </div>
        ))}
        <div>
          <dt>{words.show}</dt>
          <dd className={css['sumWords']}>{showCount === 0 ? words.noShow : showCount === 1 ? shows[0]?.title : words.shows({ n: showCount })}</dd>
        </div>
      </dl>
    </section>
  );
}

const firstRemarks = 10;

/** The first rows that there is something to say of, those that are left out before others. */
export function Remarks({ problems }: { problems: ImportPlan['problems'] }) {
  const words = importsText;
  return (
    <section className={css['panel']} aria-label={words.remarks}>
      <header className={css['panelHead']}>
        <h2 className={css['panelTitle']}>{words.remarks}</h2>
        <span className={css['faint']}>{problems.length === 0 ? words.noRemarks : words.remarksWhy}</span>
      </header>
      {problems.length > 0 && <RowTable rows={problems.slice(0, firstRemarks).map(({ line, outcome, reason }) => ({ line: String(line), reason, refused: outcome === 'refused' }))} />}
    </section>
  );
}

/** Rows with what is wrong with them, in the words of the server after our name of the field. */
export function RowTable({ rows }: { rows: readonly { line: string; reason: string; refused: boolean }[] }) {
  const words = importsText;
  return (
    <div className={css['scroll']}>
      <table className={css['rows']}>
        <thead>
          <tr>
            <th scope="col">{words.line}</th>
            <th scope="col">{words.field}</th>
            <th scope="col">{words.wrong}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ line, reason, refused }, i) => {
            const said = fieldIn(reason, words.fields);
            return (
              <tr key={i}>
                <td>{line}</td>
                <td className={css['field']}>{said.field}</td>
                <td className={refused ? css['bad'] : undefined}>
                  {refused && <IconAlertTriangle size={14} stroke={1.75} aria-hidden="true" />}
                  {said.words}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
