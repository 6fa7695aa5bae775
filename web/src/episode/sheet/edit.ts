import { useCallback } from 'react';

import { episodeMarks, episodes, same, type Episode, type Field, type Patch } from '../../episodes/shared';
import { text } from '../../text';
import { commit, dropDraft, setDraft, useDraft, type CellName, type Draft } from '../drafts';
import { useEditingHint } from '../viewers';

/** What an open cell needs: what is typed, and how it ends. */
export interface Edit {
  draft: Draft;
  /** What is typed now. */
  type: (patch: Patch) => void;
  save: () => void;
  giveUp: () => void;
  /** What somebody else did to the field meanwhile: it is said, and never touches what is typed. */
  theirs: { name: string; value: unknown } | undefined;
}

/** Opens a cell with what is in it now. */
export function openCell(cell: CellName, id: string, fields: readonly Field[]): void {
  const began = episodes.get(id);
  if (began && began.deleted_at === undefined) {
    setDraft(cell, { began, patch: Object.fromEntries(fields.map((field) => [field, began[field]])) });
  }
}

/** The edit of a cell; undefined while it is closed. */
export function useEdit(episode: Episode, cell: CellName, fields: readonly Field[]): Edit | undefined {
  const { id } = episode;
  const draft = useDraft(id, cell);
  const { typed, ended } = useEditingHint(id, fields.at(-1) ?? '');
  const type = useCallback(
    (patch: Patch): void => {
      if (draft) {
        setDraft(cell, { began: draft.began, patch: { ...draft.patch, ...patch } });
        typed();
      }
    },
    [cell, draft, typed],
  );
  const save = useCallback((): void => {
    ended();
    commit(id, cell);
  }, [id, cell, ended]);
  const giveUp = useCallback((): void => {
    ended();
    dropDraft(id, cell);
  }, [id, cell, ended]);
  if (!draft) {
    return undefined;
  }
  const saved = episodes.saved(id);
  const field = fields.find((one) => saved && !same(saved[one], draft.began[one]) && !same(saved[one], draft.patch[one]));
  const theirs = field && saved ? { name: (episodeMarks.of(id).get('')?.name ?? text.someone).split(' ')[0] ?? '', value: saved[field] } : undefined;
  return { draft, type, save, giveUp, theirs };
}
