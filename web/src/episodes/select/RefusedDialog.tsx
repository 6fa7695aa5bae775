import { text } from '../../text';
import { listsText } from '../../text/lists';
import { Button, Dialog } from '../../ui';
import css from './RefusedDialog.module.css';

const most = 50; // that are listed

/** What of many was refused, each with its reason. */
export function RefusedDialog({ done, refusals, why, onClose }: { done: number; refusals: readonly { title: string; why: string }[]; why?: string; onClose: () => void }) {
  return (
    <Dialog
      title={listsText.refused({ done, refused: refusals.length })}
      why={why}
      onClose={onClose}
      acts={
        <Button look="ink" onClick={onClose}>
          {text.close}
        </Button>
      }
    >
      <ul className={css['list']}>
        {refusals.slice(0, most).map(({ title, why: reason }, i) => (
          <li key={i}>
            <b>{title}</b>
            <span>{reason}</span>
          </li>
        ))}
        {refusals.length > most && <li>{listsText.andMore({ n: refusals.length - most })}</li>}
      </ul>
    </Dialog>
  );
}
