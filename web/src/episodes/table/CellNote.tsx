import { text } from '../../text';
import { Button } from '../../ui';
import css from './editors.module.css';

interface CellNoteProps {
  id: string;
  error?: string | undefined;
  /** What the cell says so far. */
  hint?: string | undefined;
  /** Who has changed the field meanwhile, and to what. */
  theirs?: { name: string; value: string } | undefined;
  onMine?: (() => void) | undefined;
  onTheirs: () => void;
}

/** Below an open cell: what the server said, or what somebody else did meanwhile and what shall be. */
export function CellNote({ id, error, hint, theirs, onMine, onTheirs }: CellNoteProps) {
  return (
    <span id={id} className={error || hint || theirs ? css['note'] : undefined} role="status" data-note>
      {error ? <span className={css['error']}>{error}</span> : hint}
      {theirs && (
        <>
          <span>{text.episodes.changedTo(theirs)}</span>
          <span className={css['acts']}>
            {onMine && (
              <Button size="small" onClick={onMine}>
                {text.episodes.keepMine}
              </Button>
            )}
            <Button size="small" look="quiet" onClick={onTheirs}>
              {text.episodes.takeTheirs}
            </Button>
          </span>
        </>
      )}
    </span>
  );
}
