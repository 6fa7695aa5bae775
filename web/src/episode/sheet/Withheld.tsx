import { fieldsOf, valueWords } from '../../episodes/shared';
import { episodeText } from '../../text/episode';
import { Button } from '../../ui';
import type { Edit } from './edit';
import css from './sheet.module.css';

/** What was typed by somebody whose role no longer allows to save it: it can be read and copied until it is discarded. */
export function Withheld({ edit, label }: { edit: Edit; label: string }) {
  const { patch } = edit.draft;
  const words = fieldsOf(patch)
    .map((field) => valueWords(field, patch[field]))
    .join(' / ');
  return (
    <div className={css['withheld']}>
      <textarea className={css['input']} dir="auto" rows={Math.min(8, words.split('\n').length)} readOnly aria-label={label} value={words} />
      <span className={css['note']} role="status">
        <span className={css['error']}>{episodeText.withheld}</span>
      </span>
      <Button size="small" onClick={edit.giveUp}>
        {episodeText.conflict.discard}
      </Button>
    </div>
  );
}
