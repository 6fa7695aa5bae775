import { useEffect, useRef, useState } from 'react';

import { text } from '../../text';
import { episodeText } from '../../text/episode';
import { listsText } from '../../text/lists';
import { Bar, Button, Dialog, toast } from '../../ui';
import { countDeletion, deleteByJob, wordsOf, type Which } from '../bulk';
import css from './DeleteDialog.module.css';

interface Props {
  which: Which;
  /** Told whether the job goes on by itself. */
  onClose: (goesOn: boolean) => void;
  /** They are deleted. Told whether the dialog was still there. */
  onDone: (here: boolean) => void;
}

/** Asks before many are deleted, with the count of a dry run; a job deletes them, and goes on when the dialog is closed. */
export function DeleteDialog({ which, onClose, onDone }: Props) {
  const [n, setN] = useState<number>();
  const [percent, setPercent] = useState<number>();
  const [error, setError] = useState<string>();
  useEffect(() => {
    let same = true;
    countDeletion(which).then(
      (counted) => same && setN(counted),
      (failure: unknown) => same && setError(wordsOf(failure)),
    );
    return () => {
      same = false;
    };
  }, [which]);
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);
  const close = (): void => onClose(percent !== undefined);
  const remove = async (): Promise<void> => {
    setPercent(0);
    setError(undefined);
    try {
      const deleted = await deleteByJob(which, setPercent);
      toast({ words: listsText.deleted({ n: deleted, title: episodeText.noTitleBar.toLowerCase() }), more: listsText.deleteManyWhy });
      onDone(here.current);
    } catch (failure) {
      if (!here.current) {
        toast({ look: 'bad', words: listsText.jobFailed, more: wordsOf(failure) });
        return;
      }
      setPercent(undefined);
      setError(wordsOf(failure));
    }
  };
  return (
    <Dialog
      title={n === undefined ? listsText.counting : listsText.deleteMany({ n })}
      why={listsText.deleteManyWhy}
      onClose={close}
      acts={
        <>
          <Button onClick={close}>{percent === undefined ? text.cancel : text.close}</Button>
          {n !== undefined && percent === undefined && (
            <Button look="bad" onClick={() => void remove()}>
              {listsText.deleteManyAct({ n })}
            </Button>
          )}
        </>
      }
    >
      {error !== undefined ? (
        <p className={css['error']} role="alert">
          <b>{listsText.jobFailed}.</b> {error}
        </p>
      ) : (
        percent !== undefined && <Bar value={percent} label={listsText.deleting} />
      )}
    </Dialog>
  );
}
