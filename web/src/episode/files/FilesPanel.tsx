import { IconDots, IconDownload, IconFile, IconFileMusic, IconFileText, IconFileTypePdf, IconMovie, IconPhoto, IconPhotoCheck, IconPencil, IconProgress, IconTrash, IconUpload, type Icon } from '@tabler/icons-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';

import { Link } from '../../address';
import { problemWords } from '../../client';
import type { Episode } from '../../episodes/shared';
import { useNow } from '../../live';
import { useMayEdit, useZone } from '../../session';
import { ago, exactTime, text } from '../../text';
import { episodeText } from '../../text/episode';
import { Bar, Button, buttonClass, Confirm, Menu, usePhone } from '../../ui';
import { mayHaveThumbnails, queueThumbnails, useJobs } from '../work/api';
import { setDraft, commit } from '../drafts';
import { deleteFile, renameFile, useFiles, type FileOf } from './api';
import { dismissUpload, uploadFiles, useUploads, type Upload } from './uploads';
import panel from '../panel.module.css';
import css from './files.module.css';

/** The files of an episode, and those on their way to it. */
export function FilesPanel({ episode }: { episode: Episode }) {
  const mayEdit = useMayEdit();
  const phone = usePhone();
  const files = useFiles(episode.id);
  const jobs = useJobs(episode.id).data;
  const uploads = useUploads().filter((upload) => upload.episode === episode.id);
  const input = useRef<HTMLInputElement>(null);
  const words = episodeText.files;
  const making = new Set(
    (jobs ?? []).flatMap(({ kind, status, args }) => (kind === 'thumbnail-generation' && (status === 'pending' || status === 'processing') ? [(args as { file_id: string }).file_id] : [])),
  );
  const count = files.data?.length ?? 0;
  return (
    <section className={panel['panel']} aria-label={words.title}>
      <header className={panel['head']}>
        <h2>{words.title}</h2>
        {count > 0 && <span className={panel['count']}>{count}</span>}
        {mayEdit && (
          <Button size="small" className={panel['end']} onClick={() => input.current?.click()}>
            <IconUpload size={16} stroke={1.75} aria-hidden="true" />
            {words.upload}
          </Button>
        )}
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label={words.choose}
          onChange={(event) => {
            uploadFiles(episode.id, [...(event.target.files ?? [])]);
            event.target.value = '';
          }}
        />
      </header>
      {uploads.map((upload) => (
        <Sending key={upload.id} upload={upload} />
      ))}
      {files.isError && !files.data && (
        <p className={css['note']} role="alert">
          {words.notLoaded} <Button size="small" onClick={() => void files.refetch()}>{text.tryAgain}</Button>
        </p>
      )}
      {files.data?.map((file) => (
        <FileRow key={file.id} file={file} episode={episode} making={making.has(file.id)} />
      ))}
      {files.data && mayEdit && !phone && (
        <div className={css['drop']}>
          <IconUpload size={14} stroke={1.75} aria-hidden="true" />
          {count === 0 && uploads.length === 0 ? words.first : words.drop}
        </div>
      )}
      {count === 0 && files.data && (!mayEdit || phone) && uploads.length === 0 && <p className={css['note']}>{words.none}</p>}
    </section>
  );
}

function Sending({ upload }: { upload: Upload }) {
  const { id, name, size, sent, left, error, stop, again } = upload;
  const words = episodeText.files;
  return (
    <div className={css['file']}>
      <span className={css['icon']}>
        <IconUpload size={16} stroke={1.75} aria-hidden="true" />
      </span>
      <span className={css['what']}>
        <span className={`cut ${css['name']}`}>{name}</span>
        <span className={css['about']}>
          {error === undefined ? (
            <span className={css['sending']}>
              <Bar value={size === 0 ? 0 : (sent / size) * 100} label={words.uploadOf({ name })} />
              <span className={css['nowrap']}>{sent >= size && size > 0 ? words.storing : words.sending({ sent, size, left })}</span>
            </span>
          ) : (
            <span className={css['bad']} role="alert">
              {error}
            </span>
          )}
        </span>
      </span>
      <span className={css['acts']}>
        {again && (
          <Button size="small" onClick={again}>
            {text.tryAgain}
            <span className="vh">{words.uploadOf({ name })}</span>
          </Button>
        )}
        <Button size="small" look="quiet" onClick={() => (error === undefined ? stop() : dismissUpload(id))}>
          {error === undefined ? words.stop : words.dismiss}
        </Button>
      </span>
    </div>
  );
}

const signs: Record<string, Icon> = { image: IconPhoto, video: IconMovie, audio: IconFileMusic, text: IconFileText, 'application/pdf': IconFileTypePdf };

/** What kind of file it is. */
export function FileSign({ type, size = 16 }: { type: string; size?: number }) {
  const Sign = signs[type] ?? signs[type.split('/')[0] ?? ''] ?? IconFile;
  return <Sign size={size} stroke={size > 24 ? 1.25 : 1.75} aria-hidden="true" />;
}

function FileRow({ file, episode, making }: { file: FileOf; episode: Episode; making: boolean }) {
  const [renaming, setRenaming] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const mayEdit = useMayEdit();
  const phone = usePhone();
  const now = useNow();
  const zone = useZone();
  const words = episodeText.files;
  const at = Date.parse(file.created_at);
  const since = ago(at, now, zone);
  const when = since === undefined ? episodeText.justNow : /[A-Z]/.test(since) ? since : episodeText.agoLong({ when: since });
  const address = `/episodes/${episode.id}/files/${file.id}${window.location.search}`;
  return (
    <div className={css['file']} data-file={file.id}>
      <Link href={address} aria-label={words.open({ name: file.name })} className={css['icon']} data-open={file.id}>
        <FileSign type={file.content_type} />
        {file.thumbnails?.small && <img src={file.thumbnails.small} alt="" loading="lazy" onError={(event) => event.currentTarget.remove()} />}
      </Link>
      <span className={css['what']}>
        {renaming ? (
          <Rename file={file} onEnd={() => setRenaming(false)} />
        ) : (
          <Link href={address} className={`cut ${css['name']}`}>
            {file.name}
          </Link>
        )}
        <span className={`cut ${css['about']}`} title={exactTime(at, zone)}>
          {making && (
            <span className={css['making']}>
              <IconProgress size={14} stroke={1.75} aria-hidden="true" />
              {words.making},{' '}
            </span>
          )}
          {words.about({ size: file.size, name: file.created_by_name ?? text.someone, when })}
        </span>
      </span>
      <span className={css['acts']}>
        {!phone && (
          <a className={buttonClass({ look: 'quiet', size: 'small', icon: true })} href={file.url} download={file.name} aria-label={words.downloadOf({ name: file.name })} title={words.download}>
            <IconDownload size={16} stroke={1.75} aria-hidden="true" />
          </a>
        )}
        {(mayEdit || phone) && (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button icon size="small" look="quiet" label={words.moreOf({ name: file.name })}>
                <IconDots size={16} stroke={1.75} aria-hidden="true" />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {phone && (
                <Menu.Item component="a" href={file.url} download={file.name} leftSection={<IconDownload size={16} stroke={1.75} aria-hidden="true" />}>
                  {words.download}
                </Menu.Item>
              )}
              {mayEdit && !making && mayBePicture(file, episode) && (
                <Menu.Item leftSection={<IconPhotoCheck size={16} stroke={1.75} aria-hidden="true" />} onClick={() => makePicture(episode, file)}>
                  {words.makePicture}
                </Menu.Item>
              )}
              {mayEdit && (
                <>
                  <Menu.Item leftSection={<IconPencil size={16} stroke={1.75} aria-hidden="true" />} onClick={() => setRenaming(true)}>
                    {words.rename}
                  </Menu.Item>
                  <Menu.Divider />
                  <Menu.Item leftSection={<IconTrash size={16} stroke={1.75} aria-hidden="true" />} onClick={() => setDeleting(true)}>
                    {words.delete}
                  </Menu.Item>
                </>
              )}
            </Menu.Dropdown>
          </Menu>
        )}
      </span>
      {deleting && <DeleteDialog file={file} onClose={() => setDeleting(false)} />}
    </div>
  );
}

/** Whether a file can be the picture of its episode, and is not. */
export function mayBePicture(file: FileOf, episode: Episode): boolean {
  const { thumbnails, content_type: type } = file;
  return thumbnails?.medium !== undefined ? thumbnails.medium !== episode.thumbnail_url : mayHaveThumbnails(type);
}

/** Makes a file the picture of its episode. One that has no thumbnails yet gets them by a job, which makes it the picture, too. */
export function makePicture(episode: Episode, file: FileOf): void {
  if (file.thumbnails?.medium === undefined) {
    void queueThumbnails(file);
  } else {
    setDraft('picture', { began: episode, patch: { thumbnail_url: file.thumbnails.medium } });
    commit(episode.id, 'picture');
  }
}

export function Rename({ file, onEnd }: { file: FileOf; onEnd: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [name, setName] = useState(file.name);
  const [error, setError] = useState('');
  const done = useRef(false);
  useEffect(() => {
    const element = input.current;
    element?.focus();
    element?.setSelectionRange(0, file.name.lastIndexOf('.') > 0 ? file.name.lastIndexOf('.') : file.name.length);
  }, [file.name]);
  const save = async (): Promise<void> => {
    if (done.current) {
      return;
    }
    if (name.trim() === '' || name === file.name) {
      done.current = true;
      onEnd();
      return;
    }
    done.current = true;
    try {
      await renameFile(file, name.trim());
      onEnd();
    } catch (failed) {
      done.current = false;
      setError(problemWords(failed));
    }
  };
  const keys = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      void save();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      done.current = true;
      onEnd();
    }
  };
  return (
    <>
      <input ref={input} className={css['rename']} aria-label={episodeText.files.renameOf({ name: file.name })} aria-invalid={error !== ''} value={name} onChange={(event) => setName(event.target.value)} onKeyDown={keys} onBlur={() => void save()} />
      {error && (
        <span className={css['bad']} role="alert">
          {error}
        </span>
      )}
    </>
  );
}

export function DeleteDialog({ file, onClose }: { file: FileOf; onClose: () => void }) {
  const words = episodeText.files;
  return <Confirm title={words.deleteTitle({ name: file.name })} why={words.deleteWhy} act={words.deleteAct} onConfirm={() => deleteFile(file)} onClose={onClose} />;
}
