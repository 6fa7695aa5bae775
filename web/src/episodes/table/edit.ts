import { problemWords } from '../../client';
import { text } from '../../text';
import { saveEdit } from '../kept';
import { closeCell, openCell, type EditField } from '../store/cursor';
import { episodeMarks, episodes, type Episode } from '../store/episode';
import { tellSaved } from '../undo';

/** Opens a cell with what is in it now. */
export function beginEdit(id: string, field: EditField): void {
  const began = episodes.get(id);
  if (began && began.deleted_at === undefined) {
    openCell(id, field, { began, draft: began[field] });
  }
}

/** What is wrong with a value before anything is sent; undefined when nothing is. */
function complaint(field: EditField, draft: string): string | undefined {
  if (field !== 'title') {
    return undefined;
  }
  if (draft === '') {
    return text.episodes.titleEmpty;
  }
  return [...draft].length > 255 ? text.episodes.titleLong : undefined;
}

/**
 * Closes a cell and saves what is in it. It shows at once; refused, the cell opens again with what was typed and why. Returns false when the cell
 * stays open.
 */
export function save(began: Episode, field: EditField, typed: string): boolean {
  const draft = typed.trim();
  const error = complaint(field, draft);
  if (error !== undefined) {
    openCell(began.id, field, { began, draft: typed, error });
    return false;
  }
  closeCell(began.id, field);
  if (draft !== began[field]) {
    void send(began, field, draft);
  }
  return true;
}

async function send(began: Episode, field: EditField, draft: string): Promise<void> {
  const saved = await saveEdit(began, { [field]: draft });
  switch (saved.is) {
    case 'saved':
      tellSaved(began, { [field]: draft }, saved);
      return;
    case 'kept':
      return;
    case 'clash': {
      const name = episodeMarks.of(began.id).get('')?.name ?? text.someone;
      openCell(began.id, field, { began, draft, clash: { name, theirs: saved.theirs } });
      return;
    }
    case 'refused':
      openCell(began.id, field, { began, draft, error: problemWords(saved.error, { title: text.episodes.heads.title, status: text.episodes.heads.status }) });
  }
}
