import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { IconGripVertical } from '@tabler/icons-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';

import { text } from '../../text';
import { Button, Segments, Switch } from '../../ui';
import { densities, type ColumnId, type ListAddress } from '../address';
import { usualColumns } from '../table/columns';
import { moved, offered } from './order';
import css from './ColumnsPanel.module.css';

const heights = densities.map((value) => ({ value, name: text.episodes.densities[value] }));

interface ColumnsPanelProps {
  address: ListAddress;
  change: (change: Partial<ListAddress>, how?: { replace?: boolean }) => void;
}

/** Which columns the table has, in which order, and how high its rows are. */
export default function ColumnsPanel({ address, change }: ColumnsPanelProps) {
  const usual = usualColumns(address);
  const shown = address.cols.length > 0 ? address.cols : usual;
  const [order, setOrder] = useState(() => offered(shown));
  const [said, setSaid] = useState('');
  const list = useRef<HTMLUListElement>(null);
  const held = useRef<ColumnId>(undefined); // moved by keys: its grip keeps the focus, which moving it takes away
  useEffect(() => {
    if (held.current) {
      list.current?.querySelector<HTMLElement>(`[data-grip="${held.current}"]`)?.focus();
      held.current = undefined;
    }
  }, [order]);

  const show = (next: readonly ColumnId[], wanted: readonly ColumnId[]): void => {
    const cols = next.filter((id) => id === 'title' || wanted.includes(id));
    change({ cols: cols.join() === usual.join() ? [] : cols }, { replace: true });
  };
  const move = (id: ColumnId, to: ColumnId | -1 | 1): void => {
    const next = moved(order, id, to);
    setOrder(next);
    show(next, shown);
    setSaid(text.episodes.columnAt({ column: text.episodes.columnNames[id], at: next.indexOf(id) + 1, of: next.length }));
  };
  const keys = (id: ColumnId) => (event: KeyboardEvent) => {
    if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      event.preventDefault();
      held.current = id;
      move(id, event.key === 'ArrowUp' ? -1 : 1);
    }
  };
  const reset = (): void => {
    setOrder(offered(usual));
    change({ cols: [], density: 'default' }, { replace: true });
  };
  return (
    <div className={css['panel']}>
      <div className={css['head']}>
        <h2>{text.episodes.columns}</h2>
        <Button size="small" look="quiet" aria-disabled={address.cols.length === 0 && address.density === 'default'} onClick={reset}>
          {text.episodes.columnsReset}
        </Button>
      </div>
      <ul ref={list}>
        {order.map((id) => (
          <Line key={id} id={id} on={id === 'title' || shown.includes(id)} onToggle={(on) => show(order, on ? [...shown, id] : shown.filter((one) => one !== id))} onMove={move} onKeyDown={keys(id)} />
        ))}
      </ul>
      <span className="vh" role="status">
        {said}
      </span>
      <div className={css['heights']}>
        <h2>{text.episodes.rowHeight}</h2>
        <Segments label={text.episodes.rowHeight} options={heights} value={address.density} onChange={(density) => change({ density }, { replace: true })} />
      </div>
    </div>
  );
}

interface LineProps {
  id: ColumnId;
  on: boolean;
  onToggle: (on: boolean) => void;
  onMove: (id: ColumnId, to: ColumnId) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

/** A column: its grip, by which it is dragged or moved by keys, and its switch. */
function Line({ id, on, onToggle, onMove, onKeyDown }: LineProps) {
  const line = useRef<HTMLLIElement>(null);
  const grip = useRef<HTMLButtonElement>(null);
  const [over, setOver] = useState(false);
  const move = useRef(onMove);
  useEffect(() => {
    move.current = onMove;
  }, [onMove]);
  useEffect(() => {
    const [element, dragHandle] = [line.current, grip.current];
    if (!element || !dragHandle) {
      return undefined;
    }
    const ends = [
      draggable({ element, dragHandle, getInitialData: () => ({ column: id }) }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => 'column' in source.data,
        onDragEnter: ({ source }) => setOver(source.data['column'] !== id),
        onDragLeave: () => setOver(false),
        onDrop: ({ source }) => {
          setOver(false);
          move.current(source.data['column'] as ColumnId, id);
        },
      }),
    ];
    return () => ends.forEach((end) => end());
  }, [id]);
  const name = text.episodes.columnNames[id];
  return (
    <li ref={line} className={over ? css['over'] : undefined}>
      <button ref={grip} type="button" className={css['grip']} aria-label={text.episodes.moveColumn({ column: name })} title={text.episodes.moveColumnHint} onKeyDown={onKeyDown} data-grip={id}>
        <IconGripVertical size={14} stroke={1.75} aria-hidden="true" />
      </button>
      <span className={on ? css['name'] : `${css['name']} ${css['off']}`}>{name}</span>
      {id === 'title' ? <span className={css['always']}>{text.episodes.columnAlways}</span> : <Switch label={name} checked={on} onChange={(event) => onToggle(event.target.checked)} />}
    </li>
  );
}
