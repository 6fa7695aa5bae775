import { useEffect, useState, type ReactNode } from 'react';

import type { Episode } from '../../episodes/shared';
import { useMayEdit } from '../../session';
import { episodeText } from '../../text/episode';
import { uploadFiles } from './uploads';
import css from './files.module.css';

/** Around the page of an episode: files that are dropped anywhere on it, or pasted, are uploaded. */
export function DropFiles({ episode, children }: { episode: Episode; children: ReactNode }) {
  const mayEdit = useMayEdit();
  const [over, setOver] = useState(false);
  const { id } = episode;
  useEffect(() => {
    if (!mayEdit) {
      return undefined;
    }
    let depth = 0; // how many elements the files are over: entering a child leaves its parent
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    const enter = (event: DragEvent): void => {
      if (hasFiles(event)) {
        event.preventDefault();
        depth++;
        setOver(true);
      }
    };
    const leave = (event: DragEvent): void => {
      if (hasFiles(event) && --depth <= 0) {
        depth = 0;
        setOver(false);
      }
    };
    const move = (event: DragEvent): void => {
      if (hasFiles(event)) {
        event.preventDefault();
      }
    };
    const drop = (event: DragEvent): void => {
      depth = 0;
      setOver(false);
      if (hasFiles(event)) {
        event.preventDefault();
        uploadFiles(id, event.dataTransfer?.files ?? []);
      }
    };
    const paste = (event: ClipboardEvent): void => {
      const files = event.clipboardData?.files;
      if (files && files.length > 0 && !(event.target instanceof HTMLElement && event.target.matches('input, textarea'))) {
        event.preventDefault();
        uploadFiles(id, files);
      }
    };
    const listening = new AbortController();
    const until = { signal: listening.signal };
    window.addEventListener('dragenter', enter, until);
    window.addEventListener('dragleave', leave, until);
    window.addEventListener('dragover', move, until);
    window.addEventListener('drop', drop, until);
    window.addEventListener('paste', paste, until);
    return () => listening.abort();
  }, [id, mayEdit]);
  return (
    <>
      {children}
      {over && (
        <div className={css['over']}>
          <span className={css['overWords']}>{episodeText.files.dropHere({ title: episode.title })}</span>
        </div>
      )}
    </>
  );
}
