import type { ReactNode } from 'react';

import { useBeside } from './useBeside';
import { useModal } from './useModal';
import css from './Dialog.module.css';

interface DialogProps {
  title: string;
  /** Below the title. */
  why?: ReactNode;
  /** Escape, or a press beside the dialog. Without it only the acts close it: what it shows is shown this once, or an answer is still to come. */
  onClose?: (() => void) | undefined;
  /** The acts at its foot. */
  acts: ReactNode;
  wide?: boolean;
  children?: ReactNode;
}

/** A dialog over the page; on phones it rises from below. */
export function Dialog({ title, why, onClose, acts, wide = false, children }: DialogProps) {
  const dialog = useModal();
  const beside = useBeside(onClose);
  return (
    // The browser turns Escape into cancel; the press beside it is one more way out, and none that keys need.
    <dialog
      ref={dialog}
      className={wide ? `${css['dialog']} ${css['wide']}` : css['dialog']}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      {...beside}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape' && !onClose) {
          event.preventDefault(); // the browser closes a dialog by the second Escape, whatever becomes of the first
        }
      }}
    >
      <div className={css['inside']}>
        <div className={css['head']}>
          <h2 className={css['title']}>{title}</h2>
          {why && <p className={css['why']}>{why}</p>}
        </div>
        {children && <div className={css['body']}>{children}</div>}
        <div className={css['foot']}>{acts}</div>
      </div>
    </dialog>
  );
}
