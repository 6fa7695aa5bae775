import { useEffect, useRef, useState } from 'react';

import { useNow } from '../../live';
import { useZone } from '../../session';
import { longDate, parseDay, text, today } from '../../text';
import { closeCell, openCell, type EditColumn, type OpenCell } from '../store/cursor';
import { episodeMarks, episodes, type Episode } from '../store/episode';
import { CellNote } from './CellNote';
import { Picture } from './cells';
import { save } from './edit';
import { afterEdit } from './focus';
import { typedOf } from './typed';
import css from './editors.module.css';

/** A cell that is written in. What others do to it meanwhile is said below, and never touches what is typed. */
export function TextEditor({ episode, column, open }: { episode: Episode; column: Exclude<EditColumn, 'status'>; open: OpenCell }) {
  const input = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState(open.draft);
  const day = parseDay(draft, today(useNow(), useZone()));
  const typing = useRef(open.typing);
  useEffect(() => {
    input.current?.focus();
    if (typing.current) {
      input.current?.setSelectionRange(input.current.value.length, input.current.value.length);
    } else {
      input.current?.select();
    }
  }, []);
  const finish = (move: 'down' | 'next' | 'stay'): void => {
    if (save(open.began, column, draft)) {
      afterEdit(episode.id, column, move);
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
      closeCell(episode.id, column);
      afterEdit(episode.id, column, 'stay');
    } else if (event.key === 'Tab' && !event.shiftKey) {
      event.preventDefault();
      finish('next');
    }
  };
  const blur = (event: React.FocusEvent): void => {
    if (!open.clash && !(event.relatedTarget instanceof Element && event.relatedTarget.closest('[data-note]'))) {
      save(open.began, column, draft);
    }
  };
  const saved = episodes.saved(episode.id);
  const now = saved && typedOf(saved, column);
  const theirs = open.clash ? typedOf(open.clash.theirs, column) : now !== typedOf(open.began, column) && now !== draft ? now : undefined;
  const name = open.clash?.name ?? episodeMarks.of(episode.id).get('')?.name ?? text.someone;
  return (
    <span className={css['title']}>
      {column === 'title' && <Picture url={episode.thumbnail_url} />}
      <span className={css['field']}>
        <input
          ref={input}
          className={css['input']}
          dir="auto"
          aria-label={text.episodes.editCell({ column: text.episodes.columnNames[column], title: open.began.title })}
          aria-invalid={open.error !== undefined}
          aria-describedby={`note-${column}-${episode.id}`}
          value={draft}
          onChange={(event) => {
            setDraft(event.target.value);
            openCell(episode.id, column, { began: open.began, draft: event.target.value });
          }}
          onKeyDown={keys}
          onBlur={blur}
        />
        <CellNote
          id={`note-${column}-${episode.id}`}
          error={open.error}
          hint={column === 'air_date' && day !== undefined ? (day === null ? text.edits.dateHint : longDate(day, '')) : undefined}
          theirs={theirs === undefined ? undefined : { name, value: theirs || text.edits.none.toLowerCase() }}
          onMine={
            open.clash &&
            (() => {
              save(open.clash?.theirs ?? open.began, column, draft);
              afterEdit(episode.id, column, 'stay');
            })
          }
          onTheirs={() => {
            closeCell(episode.id, column);
            afterEdit(episode.id, column, 'stay');
          }}
        />
      </span>
    </span>
  );
}
