import { memo, useEffect, useRef, type CSSProperties } from 'react';

import { useRecord } from '../../live';
import { useMayEdit } from '../../session';
import { text } from '../../text';
import { Button } from '../../ui';
import { restoreEpisode } from '../api';
import type { ColumnId } from '../address';
import { completeEpisode } from '../store/apply';
import { moveCursor, useCursor, useOpenCell, type EditField } from '../store/cursor';
import { episodeMarks, episodes, type Episode } from '../store/episode';
import { Cell } from './cells';
import { beginEdit } from './edit';
import { PhoneRow } from './PhoneRow';
import { StatusEditor } from './StatusEditor';
import { TitleEditor } from './TitleEditor';
import css from './Row.module.css';

export interface RowProps {
  id: string;
  /** Its place among all rows, from 1, for those who cannot see it. */
  index: number;
  columns: readonly ColumnId[];
  hints: boolean;
  phone: boolean;
  top: number;
  height: number;
  /** The column that Tab leads to while there is no cursor. */
  entry: ColumnId | undefined;
}

/** One row. It draws itself anew when its own record changes, and for nothing else. */
export const Row = memo(function Row({ id, index, columns, hints, phone, top, height, entry }: RowProps) {
  const episode = useRecord(episodes, id);
  const cursor = useCursor(({ at }) => (at?.key === id ? at.column : undefined));
  useEffect(() => {
    void completeEpisode(id);
  }, [id, episode]);
  if (!episode) {
    return null;
  }
  const deleted = episode.deleted_at !== undefined;
  const className = [css['row'], phone && css['phone'], cursor && css['cursor'], deleted && css['deleted']].filter(Boolean).join(' ');
  const style: CSSProperties = { transform: `translateY(${top}px)`, height };
  return (
    <div className={className} style={style} role="row" aria-rowindex={index} data-row={id}>
      {phone ? (
        <PhoneRow episode={episode} focusable={cursor !== undefined || entry !== undefined} />
      ) : (
        columns.map((column) => (
          <RowCell key={column} column={column} episode={episode} hints={hints} focusable={cursor === column || (cursor === undefined && entry === column)} />
        ))
      )}
      {deleted && <Deleted episode={episode} />}
    </div>
  );
});

const editable = (column: ColumnId): EditField | undefined => (column === 'title' || column === 'status' ? column : undefined);

function RowCell({ column, episode, hints, focusable }: { column: ColumnId; episode: Episode; hints: boolean; focusable: boolean }) {
  const mayEdit = useMayEdit();
  const field = editable(column);
  const open = useOpenCell(episode.id, field ?? 'title');
  const wasHere = useRef(false);
  const press = (): void => {
    wasHere.current = useCursor.getState().at?.key === episode.id; // the focus moves the cursor, before the click
  };
  const click = (): void => {
    if (open) {
      return; // what is in the cell takes its clicks
    }
    moveCursor({ key: episode.id, column });
    if (field && mayEdit && wasHere.current) {
      beginEdit(episode.id, field);
    }
  };
  return (
    // The grid handles the keys of all its cells.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events
    <div className={css['cell']} role="gridcell" tabIndex={focusable ? 0 : -1} data-cell={`${episode.id} ${column}`} aria-readonly={!(field && mayEdit)} onPointerDown={press} onClick={click}>
      {open && field === 'title' ? (
        <TitleEditor episode={episode} open={open} />
      ) : open && field === 'status' ? (
        <StatusEditor episode={episode} open={open} />
      ) : (
        <Cell column={column} episode={episode} hints={hints} />
      )}
      {field && episodes.saving(episode.id) && <span className={css['saving']} role="img" aria-label={text.episodes.saving} />}
    </div>
  );
}

/** Somebody has deleted the episode; its row stays until the list takes that. */
function Deleted({ episode }: { episode: Episode }) {
  const mayEdit = useMayEdit();
  const name = episodeMarks.of(episode.id).get('')?.name ?? text.someone;
  return (
    <div className={css['gone']} role="gridcell">
      {text.episodes.deletedBy({ name })}
      {mayEdit && (
        <Button size="small" onClick={() => void restoreEpisode(episode.id).catch(() => undefined)}>
          {text.episodes.restore}
        </Button>
      )}
    </div>
  );
}
