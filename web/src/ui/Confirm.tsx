import { text } from '../text';
import { Button } from './Button';
import { Dialog } from './Dialog';

interface ConfirmProps {
  title: string;
  why: string;
  /** What the button says that does it. */
  act: string;
  /** Says by itself what failed. */
  onConfirm: () => Promise<void>;
  onClose: () => void;
}

/** Asks before something is done that cannot be taken back, and closes when it was done. */
export function Confirm({ title, why, act, onConfirm, onClose }: ConfirmProps) {
  return (
    <Dialog
      title={title}
      why={why}
      onClose={onClose}
      acts={
        <>
          <Button look="quiet" onClick={onClose}>
            {text.cancel}
          </Button>
          <Button
            look="bad"
            act={async () => {
              await onConfirm();
              onClose();
            }}
          >
            {act}
          </Button>
        </>
      }
    />
  );
}
