import { useEffect, useRef, useState } from 'react';

import { text } from '../../text';
import { closeCell, openCell, type OpenCell } from '../store/cursor';
import { episodeMarks, episodes, type Episode } from '../store/episode';
import { CellNote } from './CellNote';
import { Picture } from './cells';
import { save } from './edit';
import { afterEdit } from './focus';
import css from './editors.module.css';

/** The title, being written. What others do to it meanwhile is said below, and never touches what is typed. */
export function TitleEditor({ episode, open }: { episode: Episode; open: OpenCell }) {
  const input = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState(open.draft);
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  const finish = (move: 'down' | 'next' | 'stay'): void => {
    if (save(open.began, 'title', draft)) {
      afterEdit(episode.id, 'title', move);
    }
  };
  const keys = (event: React.KeyboardEvent): void => {
    event.stopPropagation(); // the grid's keys are letters here
    if (event.nativeEvent.isComposing) {
      return;
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      finish('down');
    } else if (event.key === 'Escape') {
      event.preventDefault();
      closeCell(episode.id, 'title');
      afterEdit(episode.id, 'title', 'stay');
    } else if (event.key === 'Tab' && !event.shiftKey) {
      event.preventDefault();
      finish('next');
    }
  };
  const blur = (event: React.FocusEvent): void => {
    if (!open.clash && !(event.relatedTarget instanceof Element && event.relatedTarget.closest('[data-note]'))) {
      save(open.began, 'title', draft);
    }
  };
  const saved = episodes.saved(episode.id);
  const theirs = open.clash?.theirs ?? (saved && saved.title !== open.began.title && saved.title !== draft ? saved : undefined);
  const name = open.clash?.name ?? episodeMarks.of(episode.id).get('')?.name ?? text.someone;
  return (
    <span className={css['title']}>
      <Picture url={episode.thumbnail_url} />
      <span className={css['field']}>
        <input
          ref={input}
          className={css['input']}
          dir="auto"
          aria-label={text.episodes.editTitle({ title: open.began.title })}
          aria-invalid={open.error !== undefined}
          aria-describedby={`note-${episode.id}`}
          value={draft}
          onChange={(event) => {
            setDraft(event.target.value);
            openCell(episode.id, 'title', { began: open.began, draft: event.target.value });
          }}
          onKeyDown={keys}
          onBlur={blur}
        />
        <CellNote
          id={`note-${episode.id}`}
          error={open.error}
          theirs={theirs && { name, value: theirs.title }}
          onMine={
            open.clash &&
            (() => {
              save(open.clash?.theirs ?? open.began, 'title', draft);
              afterEdit(episode.id, 'title', 'stay');
            })
          }
          onTheirs={() => {
            closeCell(episode.id, 'title');
            afterEdit(episode.id, 'title', 'stay');
          }}
        />
      </span>
    </span>
  );
}
