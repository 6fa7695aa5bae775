import { memo, useEffect, useRef, type CSSProperties } from 'react';

import { useRecord } from '../../live';
import { useMayEdit } from '../../session';
import { text } from '../../text';
import { Button, Check, noPart } from '../../ui';
import type { ColumnId } from '../address';
import { completeEpisode } from '../store/apply';
import { editColumns, moveCursor, useCursor, useOpenCell, type EditColumn } from '../store/cursor';
import { episodeMarks, episodes, type Episode } from '../store/episode';
import { extend, toggle, useSelected } from '../store/selection';
import { Cell } from './cells';
import { beginEdit } from './edit';
import { PhoneRow } from './PhoneRow';
import { StatusEditor } from './StatusEditor';
import { TextEditor } from './TextEditor';
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
  /** All rows that were read, in their order: ranges of a selection go by it. */
  order: readonly string[];
  /** The list is that of deleted ones. */
  trash: boolean;
}

/** One row. It draws itself anew when its own record changes, and for nothing else. */
export const Row = memo(function Row({ id, index, columns, hints, phone, top, height, entry, order, trash }: RowProps) {
  const episode = useRecord(episodes, id);
  const cursor = useCursor(({ at }) => (at?.key === id ? at.column : undefined));
  const mayEdit = useMayEdit();
  const selected = useSelected(id);
  useEffect(() => {
    void completeEpisode(id);
  }, [id, episode]);
  if (!episode) {
    return null;
  }
  const deleted = episode.deleted_at !== undefined;
  const className = [css['row'], phone && css['phone'], cursor && css['cursor'], selected && css['selected'], deleted && css[trash ? 'trash' : 'deleted']].filter(Boolean).join(' ');
  const style: CSSProperties = { transform: `translateY(${top}px)`, height };
  return (
    <div className={className} style={style} role="row" aria-rowindex={index} {...(mayEdit && { 'aria-selected': selected })} data-row={id}>
      {phone ? (
        <PhoneRow episode={episode} focusable={cursor !== undefined || entry !== undefined} order={order} />
      ) : (
        <>
          {mayEdit && <Box episode={episode} selected={selected} order={order} />}
          {columns.map((column) => (
            <RowCell key={column} column={column} episode={episode} hints={hints} focusable={cursor === column || (cursor === undefined && entry === column)} order={order} />
          ))}
        </>
      )}
      {deleted && <Deleted episode={episode} trash={trash} />}
    </div>
  );
});

const editable = (column: ColumnId): EditColumn | undefined => editColumns.find((one) => one === column);

/** The box that selects a row; with Shift, all from the one before. */
function Box({ episode: { id, title }, selected, order }: { episode: Episode; selected: boolean; order: readonly string[] }) {
  return (
    <div className={css['box']} role="gridcell">
      <Check
        label={text.episodes.selectOne({ title })}
        checked={selected}
        tabIndex={-1}
        onChange={(event) => {
          moveCursor({ key: id, column: 'title' });
          if ((event.nativeEvent as MouseEvent).shiftKey) {
            extend(id, order);
          } else {
            toggle(id, order);
          }
        }}
      />
    </div>
  );
}

function RowCell({ column, episode, hints, focusable, order }: { column: ColumnId; episode: Episode; hints: boolean; focusable: boolean; order: readonly string[] }) {
  const mayEdit = useMayEdit();
  const field = editable(column);
  const open = useOpenCell(episode.id, field ?? 'title');
  const wasHere = useRef(false);
  const press = (): void => {
    wasHere.current = useCursor.getState().at?.key === episode.id; // the focus moves the cursor, before the click
  };
  const click = (event: React.MouseEvent): void => {
    if (open) {
      return; // what is in the cell takes its clicks
    }
    if (mayEdit && (event.shiftKey || event.ctrlKey || event.metaKey)) {
      (event.shiftKey ? extend : toggle)(episode.id, order);
      moveCursor({ key: episode.id, column });
      return;
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
      {!open || !field ? (
        <Cell column={column} episode={episode} hints={hints} />
      ) : field === 'status' ? (
        <StatusEditor episode={episode} open={open} />
      ) : (
        <TextEditor episode={episode} column={field} open={open} />
      )}
      {field && episodes.saving(episode.id) && <span className={css['saving']} role="img" aria-label={text.episodes.saving} />}
    </div>
  );
}

/** Somebody has deleted the episode; its row stays until the list takes that. In the list of deleted ones, trash, that is nothing to say. */
function Deleted({ episode, trash }: { episode: Episode; trash: boolean }) {
  const mayEdit = useMayEdit();
  const name = episodeMarks.of(episode.id).get('')?.name;
  return (
    <div className={css['gone']} role="gridcell">
      {!trash && (name === undefined ? text.episodes.deletedNow : text.episodes.deletedBy({ name }))}
      {mayEdit && (
        <Button size="small" onClick={() => void import('../bulk').then(({ restoreOne }) => restoreOne(episode.id), noPart)}>
          {text.episodes.restore}
        </Button>
      )}
    </div>
  );
}
