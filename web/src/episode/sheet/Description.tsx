import { Fragment, useEffect, useRef, type KeyboardEvent } from 'react';

import { Marked, type Episode } from '../../episodes/shared';
import { useMayEdit } from '../../session';
import { text } from '../../text';
import { episodeText } from '../../text/episode';
import { commandKey } from '../../ui';
import { openCell, useEdit, type Edit } from './edit';
import { Held } from './Held';
import { Note } from './Note';
import { Withheld } from './Withheld';
import css from './sheet.module.css';

const fields = ['description'] as const;

/** What the episode is about: plain text, whose blank lines are paragraphs and whose links are live. */
export function Description({ episode }: { episode: Episode }) {
  const mayEdit = useMayEdit() && episode.deleted_at === undefined;
  const edit = useEdit(episode, 'description', fields);
  const open = (): void => openCell('description', episode.id, fields);
  return (
    <section className={css['description']} aria-label={text.edits.fields['description']}>
      <div className={css['sectionHead']}>
        <h2>{text.edits.fields['description']}</h2>
        {mayEdit && !edit && episode.description && (
          <button type="button" className={css['link']} onClick={open} data-cell="description">
            {episodeText.editIt}
          </button>
        )}
      </div>
      <Held id={episode.id} fields={fields} typing={edit !== undefined}>
        {edit && !mayEdit ? (
          <Withheld edit={edit} label={text.edits.fields['description'] ?? ''} />
        ) : edit ? (
          <Writing edit={edit} />
        ) : episode.description ? (
          // A press on a link is the link's; one on the words opens them, as the button above does for keys.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
          <div className={mayEdit ? css['prose'] : undefined} dir="auto" onClick={(event) => mayEdit && !(event.target as Element).closest('a') && window.getSelection()?.isCollapsed !== false && open()}>
            <Marked id={episode.id} field="description">
              <Prose words={episode.description} />
            </Marked>
          </div>
        ) : mayEdit ? (
          <button type="button" className={css['addDescription']} onClick={open} data-cell="description">
            {episodeText.addDescription}
          </button>
        ) : (
          <p className={css['faint']}>{text.edits.none}</p>
        )}
      </Held>
    </section>
  );
}

function Writing({ edit }: { edit: Edit }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const value = edit.draft.patch.description ?? '';
  useEffect(() => {
    const element = area.current;
    element?.focus({ preventScroll: true });
    element?.setSelectionRange(element.value.length, element.value.length);
  }, []);
  useEffect(() => {
    const element = area.current;
    if (element) {
      element.style.height = 'auto';
      element.style.height = `${element.scrollHeight + 4}px`;
    }
  }, [value]);
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      edit.giveUp();
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      edit.save();
    }
  };
  return (
    <>
      <textarea
        ref={area}
        className={`${css['input']} ${css['area']}`}
        dir="auto"
        rows={4}
        aria-label={text.edits.fields['description']}
        aria-invalid={edit.draft.error !== undefined}
        aria-describedby="note-description"
        value={value}
        onChange={(event) => edit.type({ description: event.target.value === '' ? null : event.target.value })}
        onKeyDown={keys}
        onBlur={edit.save}
      />
      <Note id="note-description" field="description" edit={edit} hint={episodeText.saveHint({ key: commandKey })} />
    </>
  );
}

function Prose({ words }: { words: string }) {
  return words.split(/\n\s*\n/).map((paragraph, i) => (
    <p key={i}>
      {paragraph.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]'])/).map((piece, j) =>
        j % 2 === 1 ? (
          <a key={j} href={piece} target="_blank" rel="noopener noreferrer">
            {piece}
          </a>
        ) : (
          <Fragment key={j}>{piece}</Fragment>
        ),
      )}
    </p>
  ));
}
