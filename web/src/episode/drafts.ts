import { create } from 'zustand';

import { device } from '../client';
import { complaint, fieldsOf, lastChanger, refusalWords, same, saveEdit, tellSaved, type Episode, type Field, type Kept, type Patch, type Saved } from '../episodes/shared';
import { useSession } from '../session';
import { undoable } from '../ui';
import { chosen, clashes } from './conflict';

/** The cells of the sheet; one may hold several fields. */
export type CellName = 'title' | 'description' | 'status' | 'air_date' | 'show' | 'number' | 'categories' | 'picture';

/** What is being typed into a cell. */
export interface Draft {
  /** The episode as it was when the edit began: what is saved goes by its version. */
  began: Episode;
  patch: Patch;
  error?: string | undefined;
}

/** Two have changed the same. What was typed stays a draft until it is saved or discarded. */
export interface Conflict {
  cell: CellName;
  draft: Draft;
  theirs: Episode;
  fields: Field[];
  /** Who changed them; undefined until the log has told, and nothing is asked before that. */
  by: { id: string; name: string } | undefined;
  /** Set when what was chosen was too late once more. */
  again: boolean;
}

interface Drafts {
  drafts: ReadonlyMap<string, Draft>;
  /** What is to be chosen, one after the other. */
  conflicts: readonly Conflict[];
}

const useDrafts = create<Drafts>(() => ({ drafts: new Map(), conflicts: [] }));

/** What the names of drafts on the device begin with. */
export const draftPrefix = 'callboard.draft.';

const keyOf = (id: string, cell: CellName): string => `${draftPrefix}${useSession.getState().me?.id ?? ''}.${id}.${cell}`;

export function useDraft(id: string, cell: CellName): Draft | undefined {
  return useDrafts(({ drafts }) => drafts.get(keyOf(id, cell)));
}

/** What is being typed into an episode that is words: what somebody would miss who finds the episode gone. */
export function useTypedWords(id: string): string[] {
  const drafts = useDrafts((state) => state.drafts);
  return (['title', 'description'] as const).flatMap((cell) => {
    const draft = drafts.get(keyOf(id, cell));
    const typed = draft?.patch[cell];
    return typed && typed !== draft.began[cell] ? [typed] : [];
  });
}

/** What is to be chosen next. */
export function useConflict(): Conflict | undefined {
  return useDrafts(({ conflicts }) => conflicts.find(({ by }) => by));
}

export function closeConflict(conflict: Conflict): void {
  useDrafts.setState(({ conflicts }) => ({ conflicts: conflicts.filter((other) => other !== conflict) }));
}

/** What is typed is kept on the device until it is saved or discarded, with the version that it began from. */
export function setDraft(cell: CellName, draft: Draft): void {
  const key = keyOf(draft.began.id, cell);
  useDrafts.setState(({ drafts }) => ({ drafts: new Map(drafts).set(key, draft) }));
  if (fieldsOf(draft.patch).every((field) => same(draft.patch[field], draft.began[field]))) {
    device.remove(key);
  } else {
    device.set(key, JSON.stringify(draft));
  }
}

export function dropDraft(id: string, cell: CellName): void {
  const key = keyOf(id, cell);
  device.remove(key);
  useDrafts.setState(({ drafts }) => {
    const rest = new Map(drafts);
    rest.delete(key);
    return { drafts: rest };
  });
}

const cells: readonly CellName[] = ['title', 'description', 'status', 'air_date', 'show', 'number', 'categories', 'picture'];

/** Opens again what was being typed into an episode when the page was left. */
export function recallDrafts(id: string): void {
  for (const cell of cells) {
    const key = keyOf(id, cell);
    const kept = device.get(key);
    if (kept === null || useDrafts.getState().drafts.has(key)) {
      continue;
    }
    try {
      const draft = JSON.parse(kept) as Draft;
      if (draft.began.id !== id || Object.keys(draft.patch).length === 0) {
        throw new Error('no draft');
      }
      setDraft(cell, draft);
    } catch {
      device.remove(key); // of another version of the board
    }
  }
}

/**
 * Closes a cell and saves what is in it, which shows at once. Refused, the cell opens again with what was typed and why. While somebody is asked whose shall
 * be it stays as it is: the dialog takes the focus from it, and that is no wish to save.
 */
export function commit(id: string, cell: CellName): void {
  const { drafts, conflicts } = useDrafts.getState();
  const draft = drafts.get(keyOf(id, cell));
  if (!draft || conflicts.some((conflict) => conflict.theirs.id === id && conflict.cell === cell)) {
    return;
  }
  const error = complaint(draft.patch);
  if (error !== undefined) {
    setDraft(cell, { ...draft, error });
    return;
  }
  const { began } = draft;
  const patch: Patch = Object.fromEntries(fieldsOf(draft.patch).flatMap((field) => (same(draft.patch[field], began[field]) ? [] : [[field, draft.patch[field]]])));
  if (fieldsOf(patch).length > 0) {
    void send(cell, { began, patch }, false);
  }
  dropDraft(id, cell);
}

/** Saves an edit, which keeps it on the device from here on. */
const send = undoable(async (cell: CellName, draft: Draft, again: boolean): Promise<void> => {
  const saved = await saveEdit(draft.began, draft.patch);
  if (saved.is === 'saved') {
    tellSaved(draft.began, draft.patch, saved);
  } else if (saved.is !== 'kept') {
    await comeBack(cell, draft, saved, again);
  }
});

/** What was not saved is a draft again, with the reason: it opens where it was typed. */
async function comeBack(cell: CellName, draft: Draft, saved: Exclude<Saved, { is: 'saved' }>, again: boolean): Promise<void> {
  if (saved.is === 'refused') {
    setDraft(cell, { ...draft, error: refusalWords(saved.error) });
    return;
  }
  const { theirs } = saved;
  const conflict: Conflict = { cell, draft, theirs, fields: clashes(draft.began, draft.patch, theirs), by: undefined, again };
  useDrafts.setState(({ conflicts }) => ({ conflicts: [...conflicts, conflict] }));
  setDraft(cell, draft);
  const by = await lastChanger(theirs.id, conflict.fields);
  useDrafts.setState(({ conflicts }) => ({ conflicts: conflicts.map((one) => (one === conflict ? { ...conflict, by } : one)) }));
}

/** Takes what came of an edit that had to wait. */
export async function keptWasSent({ began, patch }: Kept, saved: Saved): Promise<void> {
  if (saved.is !== 'saved') {
    await comeBack(cellOf(patch), { began, patch }, saved, false);
  }
}

/** The cell that fields are edited in. */
function cellOf(patch: Patch): CellName {
  const [field] = fieldsOf(patch);
  switch (field) {
    case 'season_number':
    case 'episode_number':
      return 'number';
    case 'show_id':
      return 'show';
    case 'thumbnail_url':
      return 'picture';
    default:
      return field ?? 'title';
  }
}

/** Saves what was chosen, field by field. */
export function settle(conflict: Conflict, mine: ReadonlySet<Field>): void {
  const { cell, draft, theirs, fields } = conflict;
  const patch = chosen(draft.patch, theirs, mine, fields);
  closeConflict(conflict);
  if (fieldsOf(patch).length > 0) {
    void send(cell, { began: theirs, patch }, true);
  }
  dropDraft(theirs.id, cell);
}

export function discard(conflict: Conflict): void {
  const { cell, theirs } = conflict;
  closeConflict(conflict);
  dropDraft(theirs.id, cell);
}
