import { useEffect, useState } from 'react';

import { text } from '../../text';
import { Bar, Button, Dialog, toast } from '../../ui';
import { countDeletion, deleteByJob, wordsOf, type Which } from '../bulk';
import css from './DeleteDialog.module.css';

/** Asks before many are deleted, with the count of a dry run; a job deletes them, and goes on when the dialog is closed. */
export function DeleteDialog({ which, onClose, onDone }: { which: Which; onClose: () => void; onDone: () => void }) {
  const [n, setN] = useState<number>();
  const [percent, setPercent] = useState<number>();
  const [error, setError] = useState<string>();
  useEffect(() => {
    let here = true;
    countDeletion(which).then(
      (counted) => here && setN(counted),
      (failure: unknown) => here && setError(wordsOf(failure)),
    );
    return () => {
      here = false;
    };
  }, [which]);
  const remove = async (): Promise<void> => {
    setPercent(0);
    try {
      const deleted = await deleteByJob(which, setPercent);
      toast({ words: text.lists.deleted({ n: deleted, title: text.episode.noTitleBar.toLowerCase() }), more: text.lists.deleteManyWhy });
      onDone();
    } catch (failure) {
      setPercent(undefined);
      setError(wordsOf(failure));
    }
  };
  return (
    <Dialog
      title={n === undefined ? text.lists.counting : text.lists.deleteMany({ n })}
      why={text.lists.deleteManyWhy}
      onClose={onClose}
      acts={
        <>
          <Button onClick={onClose}>{percent === undefined ? text.cancel : text.close}</Button>
          {n !== undefined && percent === undefined && (
            <Button look="bad" onClick={() => void remove()}>
              {text.lists.deleteManyAct({ n })}
            </Button>
          )}
        </>
      }
    >
      {error !== undefined ? (
        <p className={css['error']} role="alert">
          <b>{text.lists.jobFailed}.</b> {error}
        </p>
      ) : (
        percent !== undefined && <Bar value={percent} label={text.lists.deleting} />
      )}
    </Dialog>
  );
}
