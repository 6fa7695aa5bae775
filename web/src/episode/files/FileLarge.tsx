import { IconChevronLeft, IconChevronRight, IconCopy, IconDownload, IconPencil, IconPhotoCheck, IconTrash, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { useLocation } from '../../address';
import type { Episode } from '../../episodes/shared';
import { useNow } from '../../live';
import { useMayEdit, useZone } from '../../session';
import { date, text, today } from '../../text';
import { episodeText } from '../../text/episode';
import { Button, buttonClass, copyText, useModal } from '../../ui';
import { useFiles, type FileOf } from './api';
import { DeleteDialog, FileSign, makePicture, mayBePicture, Rename } from './FilesPanel';
import css from './FileLarge.module.css';

/** A file large, over its episode. The arrows lead to the ones beside it. */
export function FileLarge({ episode, file: id }: { episode: Episode; file: string }) {
  const files = useFiles(episode.id).data;
  const [, go] = useLocation();
  const dialog = useModal();
  const at = files?.findIndex((one) => one.id === id) ?? -1;
  const file = files?.[at];
  const [renaming, setRenaming] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const mayEdit = useMayEdit();
  const now = useNow();
  const zone = useZone();
  const words = episodeText.files;
  const search = window.location.search;
  const close = (): void => go(`/episodes/${episode.id}${search}`);
  const to = (step: number): void => {
    const other = files?.[at + step];
    if (other) {
      go(`/episodes/${episode.id}/files/${other.id}${search}`, { replace: true });
    }
  };
  return (
    // The browser turns Escape into cancel; the arrows are keys of the whole dialog.
    <dialog
      ref={dialog}
      className={css['large']}
      aria-label={file?.name ?? words.gone}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (step !== undefined && !(event.target instanceof HTMLElement && event.target.matches('input, video, audio'))) {
          to(step);
        }
      }}
    >
      <header className={css['head']}>
        <span className={css['title']}>
          {file && renaming ? <Rename file={file} onEnd={() => setRenaming(false)} /> : <h2 className="cut">{file?.name ?? words.title}</h2>}
          {file && <span className={`cut ${css['about']}`}>{words.about({ size: file.size, name: file.created_by_name ?? text.someone, when: date(today(Date.parse(file.created_at), zone), today(now, zone)) })}</span>}
        </span>
        {file && (
          <>
            {mayEdit && mayBePicture(file, episode) && (
              <Button look="quiet" onClick={() => makePicture(episode, file)} className={css['wide']}>
                <IconPhotoCheck size={16} stroke={1.75} aria-hidden="true" />
                {words.makePicture}
              </Button>
            )}
            {mayEdit && (
              <Button icon look="quiet" label={words.rename} onClick={() => setRenaming(true)}>
                <IconPencil size={16} stroke={1.75} aria-hidden="true" />
              </Button>
            )}
            {mayEdit && (
              <Button icon look="quiet" label={words.delete} onClick={() => setDeleting(true)}>
                <IconTrash size={16} stroke={1.75} aria-hidden="true" />
              </Button>
            )}
            <a className={`${buttonClass({ look: isShown(file) ? 'quiet' : 'ink', icon: isShown(file) })}`} href={file.url} download={file.name} aria-label={words.downloadOf({ name: file.name })} title={words.download}>
              <IconDownload size={16} stroke={1.75} aria-hidden="true" />
              {!isShown(file) && words.download}
            </a>
          </>
        )}
        <Button icon look="quiet" label={text.close} onClick={close}>
          <IconX size={16} stroke={1.75} aria-hidden="true" />
        </Button>
      </header>
      <div className={css['stage']}>
        {at > 0 && (
          <button type="button" className={`${css['step']} ${css['before']}`} aria-label={words.previous} onClick={() => to(-1)}>
            <IconChevronLeft size={20} stroke={1.75} aria-hidden="true" />
          </button>
        )}
        {file ? <Content key={file.id} file={file} /> : files && <p>{words.gone}</p>}
        {files && at >= 0 && at < files.length - 1 && (
          <button type="button" className={`${css['step']} ${css['after']}`} aria-label={words.next} onClick={() => to(1)}>
            <IconChevronRight size={20} stroke={1.75} aria-hidden="true" />
          </button>
        )}
      </div>
      {file && <Sum sum={file.sha256} />}
      {file && deleting && <DeleteDialog file={file} onClose={() => setDeleting(false)} />}
    </dialog>
  );
}

/** Whether a browser shows a file of this kind. */
function isShown({ content_type: type }: FileOf): boolean {
  return /^(image\/(jpeg|png|gif|webp|avif|bmp)|video\/(mp4|webm|ogg|quicktime)|audio\/|text\/)/.test(type);
}

function Content({ file }: { file: FileOf }) {
  const [kind] = file.content_type.split('/');
  if (!isShown(file)) {
    return (
      <div className={css['none']}>
        <FileSign type={file.content_type} size={48} />
        {episodeText.files.noShow}
      </div>
    );
  }
  switch (kind) {
    case 'image':
      return <img className={css['picture']} src={file.url} alt={file.name} />;
    case 'video':
      return (
        // A film of the team has no captions; what is said in it is in the script.
        // eslint-disable-next-line jsx-a11y/media-has-caption
        <video className={css['picture']} src={file.url} controls preload="metadata" {...(file.thumbnails?.large ? { poster: file.thumbnails.large } : {})} />
      );
    case 'audio':
      // eslint-disable-next-line jsx-a11y/media-has-caption -- as films
      return <audio src={file.url} controls preload="metadata" />;
    default:
      return <Letters file={file} />;
  }
}

const mostLetters = 100_000; // bytes of a text that are read to be shown

function Letters({ file }: { file: FileOf }) {
  const read = useQuery({
    queryKey: ['file', file.id, 'text'],
    queryFn: async ({ signal }) => (await fetch(file.url, { headers: { Range: `bytes=0-${mostLetters - 1}` }, signal })).text(),
  });
  return (
    <pre className={css['letters']}>
      {read.data}
      {file.size > mostLetters && `\n\n${episodeText.files.cut}`}
    </pre>
  );
}

function Sum({ sum }: { sum: string }) {
  return (
    <footer className={css['foot']}>
      {episodeText.files.sha}
      <code className="cut">{sum}</code>
      <Button
        icon
        size="small"
        look="quiet"
        label={episodeText.files.copy}
        onClick={() => void copyText(sum, episodeText.files.copied)}
      >
        <IconCopy size={14} stroke={1.75} aria-hidden="true" />
      </Button>
    </footer>
  );
}
