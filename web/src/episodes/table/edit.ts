import { serverNow } from '../../client';
import { useSession, zoneOf } from '../../session';
import { text, today } from '../../text';
import { undoable } from '../../ui';
import { refusalWords } from '../complaint';
import { saveEdit } from '../kept';
import { closeCell, openCell, type EditColumn } from '../store/cursor';
import { episodeMarks, episodes, fieldsOf, same, type Episode, type Patch } from '../store/episode';
import { tellSaved } from '../undo';
import { meaningOf, typedOf } from './typed';

/** Opens a cell with what is in it now, or with what was typed over it. */
export function beginEdit(id: string, column: EditColumn, typed?: string): void {
  const began = episodes.get(id);
  if (began && began.deleted_at === undefined) {
    openCell(id, column, typed === undefined ? { began, draft: typedOf(began, column) } : { began, draft: typed, typing: true });
  }
}

/**
 * Closes a cell and saves what is in it. It shows at once; refused, the cell opens again with what was typed and why. Returns false when the cell
 * stays open.
 */
export function save(began: Episode, column: EditColumn, typed: string): boolean {
  const meant = meaningOf(column, typed, today(serverNow(), zoneOf(useSession.getState().me)));
  if ('why' in meant) {
    openCell(began.id, column, { began, draft: typed, error: meant.why });
    return false;
  }
  closeCell(began.id, column);
  const changed = fieldsOf(meant.patch).filter((field) => !same(meant.patch[field], began[field]));
  if (changed.length > 0) {
    void send(began, column, typed, Object.fromEntries(changed.map((field) => [field, meant.patch[field]])));
  }
  return true;
}

const send = undoable(async (began: Episode, column: EditColumn, draft: string, patch: Patch): Promise<void> => {
  const saved = await saveEdit(began, patch);
  switch (saved.is) {
    case 'saved':
      tellSaved(began, patch, saved);
      return;
    case 'kept':
      return;
    case 'clash': {
      const name = episodeMarks.of(began.id).get('')?.name ?? text.someone;
      openCell(began.id, column, { began, draft, clash: { name, theirs: saved.theirs } });
      return;
    }
    case 'refused':
      openCell(began.id, column, { began, draft, error: refusalWords(saved.error) });
  }
});
