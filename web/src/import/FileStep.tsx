import { IconUpload } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';

import { importsText } from '../text/imports';
import { Bar, Button, toast } from '../ui';
import { useSending } from './api';
import type { StepProps } from './ImportPage';
import { Into } from './Into';
import css from './import.module.css';

const kinds = '.csv,.tsv,.txt,.md,.json,.ndjson,.jsonl,.xlsx';

/** The first step: a sheet is dropped or chosen, and sent. What was answered before for another file holds for this one, too. */
export function FileStep({ address, change }: StepProps) {
  const input = useRef<HTMLInputElement>(null);
  const { sending, send, stop } = useSending((file) => change({ file }));
  const [over, setOver] = useState(false);
  const words = importsText.file;
  const take = (files: FileList | null): void => {
    const file = files?.[0];
    if (file) {
      send(file);
      if (files.length > 1) {
        toast({ words: file.name, more: words.oneOnly });
      }
    }
  };
  const taking = useRef(take);
  useEffect(() => {
    taking.current = take;
  });
  useEffect(() => {
    let depth = 0; // how many elements the file is over: entering a child leaves its parent
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    const move = (event: DragEvent, step: number): void => {
      if (hasFiles(event)) {
        event.preventDefault();
        depth += step;
        setOver(depth > 0);
      }
    };
    const listening = new AbortController();
    const until = { signal: listening.signal };
    window.addEventListener('dragenter', (event) => move(event, 1), until);
    window.addEventListener('dragleave', (event) => move(event, -1), until);
    window.addEventListener('dragover', (event) => move(event, 0), until);
    window.addEventListener(
      'drop',
      (event) => {
        move(event, -depth);
        taking.current(event.dataTransfer?.files ?? null);
      },
      until,
    );
    return () => listening.abort();
  }, []);
  const mended = address.show !== '' && (address.map !== null || address.dates !== '');
  return (
    <div className={css['body']}>
      <div className={`${css['page']} ${css['narrow']}`}>
        <div className={over ? `${css['drop']} ${css['over']}` : css['drop']}>
          <IconUpload size={28} stroke={1.5} aria-hidden="true" />
          <h2 className={css['big']}>{over ? words.over : words.drop}</h2>
          <p className={css['mute']}>{words.dropWhy}</p>
          {mended && <p className={css['mute']}>{words.mended}</p>}
          <Button look="ink" onClick={() => input.current?.click()}>
            {words.choose}
          </Button>
          <input
            ref={input}
            type="file"
            hidden
            accept={kinds}
            aria-label={words.choose}
            onChange={(event) => {
              take(event.target.files);
              event.target.value = '';
            }}
          />
        </div>
        {sending && (
          <section className={`${css['panel']} ${css['sending']}`}>
            <b className="cut">{sending.name}</b>
            {sending.error === undefined ? (
              <>
                <Bar value={sending.size === 0 ? 0 : (sending.sent / sending.size) * 100} label={words.sending({ name: sending.name })} />
                <Button size="small" look="quiet" onClick={stop}>
                  {words.stop}
                </Button>
              </>
            ) : (
              <span className={css['bad']} role="alert">
                {words.failed({ name: sending.name })} {sending.error}
              </span>
            )}
          </section>
        )}
        <div className={css['intoAlone']}>
          <Into address={address} change={change} />
        </div>
      </div>
    </div>
  );
}
