import { useRef } from 'react';

import { number, text, type Status } from '../../text';
import { boardText } from '../../text/views';
import { StatusIcon } from '../../ui';
import { useCarry } from '../move/carry';
import { useDropTarget } from '../move/drag';
import css from './Board.module.css';

/** A column that is folded: it still takes what is dropped on it. */
export function Rail({ status, total, onUnfold }: { status: Status; total: number | undefined; onUnfold: (status: Status) => void }) {
  const rail = useRef<HTMLButtonElement>(null);
  useDropTarget(rail, status);
  const over = useCarry(({ carry }) => carry?.over === status && carry.began.status !== status);
  return (
    <button
      type="button"
      ref={rail}
      className={over ? `${css['rail']} ${css['over']}` : css['rail']}
      aria-expanded={false}
      title={boardText.unfold({ status: text.status[status] })}
      data-column={status}
      onClick={() => onUnfold(status)}
    >
      <StatusIcon status={status} />
      {total !== undefined && <span className={css['count']}>{number(total)}</span>}
      <span className={css['upright']}>{text.status[status]}</span>
    </button>
  );
}
