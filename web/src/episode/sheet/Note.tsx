import { valueWords } from '../../episodes/shared';
import { episodeText } from '../../text/episode';
import type { Edit } from './edit';
import css from './sheet.module.css';

/** Below an open field: what the server said to it, what somebody else did to it, how it is saved. */
export function Note({ id, field, edit, hint }: { id: string; field: string; edit: Edit; hint?: string | undefined }) {
  const { error } = edit.draft;
  const theirs = edit.theirs && (field === 'description' ? episodeText.changedText(edit.theirs) : episodeText.changedThis({ name: edit.theirs.name, value: valueWords(field, edit.theirs.value) }));
  return (
    <span id={id} className={css['note']} role="status">
      {error && <span className={css['error']}>{error}</span>}
      {theirs && <span className={css['theirs']}>{theirs}</span>}
      {hint && !error && <span className={css['hint']}>{hint}</span>}
    </span>
  );
}
