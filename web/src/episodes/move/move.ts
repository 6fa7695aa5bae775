import { problemWords, serverNow, statusOf } from '../../client';
import { zoneOf, useSession } from '../../session';
import { clockSeconds, date, text, today, type Status } from '../../text';
import { movesText } from '../../text/views';
import { announce, toast, undoable } from '../../ui';
import { create } from 'zustand';
import { saveEpisode, type Saved } from '../api';
import { episodeMarks, fieldsOf, type Episode, type Patch } from '../store/episode';
import { changeLists } from '../store/lists';
import { takeBack, whoChanged } from '../undo';
import { fly, placeOnScreen } from './fly';

/** Where an episode is moved to: another status, or another day. */
export type Move = { status: Status } | { air_date: string | null };

/**
 * Moves an episode as somebody saw it. It is there at once. Refused, it goes back the way it came, and a toast says why: if somebody else moved it first,
 * then who. Done, a toast takes it back.
 */
export const moveEpisode = undoable(async (began: Episode, move: Move, open: (id: string) => void): Promise<void> => {
  const { id, title } = began;
  const saved = await save(began, move);
  switch (saved.is) {
    case 'saved': {
      episodeMarks.clear(id);
      const words = wordsOf(saved.episode, move);
      const told = 'status' in move && move.status === 'published';
      toast({ words, ...(told && { more: movesText.undoPublished }), undo: () => takeBack(began, saved.episode, fieldsOf(move), save) });
      return;
    }
    case 'clash': {
      const name = await whoChanged(id, fieldsOf(move));
      toast({ look: 'bad', words: movesText.movedFirst({ name }), more: since(saved.theirs, move), act: { name: movesText.open, run: () => open(id) } });
      return;
    }
    case 'refused': {
      const more = statusOf(saved.error) === 403 ? movesText.roleChanged : statusOf(saved.error) === 404 ? text.edits.deleted : problemWords(saved.error, { status: text.episodes.heads.status, air_date: text.episodes.heads.air_date });
      toast({ look: 'bad', words: movesText.notMoved({ title }), more });
      announce(movesText.putBack({ title }));
    }
  }
});

/** How often what one moves oneself has come to its place: whoever groups by more than the order of a list groups anew. */
export const usePlacings = create<{ n: number }>(() => ({ n: 0 }));

function place(id: string): void {
  changeLists(new Set([id]), { atOnce: true });
  usePlacings.setState(({ n }) => ({ n: n + 1 }));
}

/** Saves a move. It is seen at once in every list, and so is what comes of it. */
async function save(began: Episode, move: Patch): Promise<Saved> {
  const saving = saveEpisode(began, move);
  place(began.id);
  const saved = await saving;
  const from = placeOnScreen(began.id);
  place(began.id);
  if (saved.is !== 'saved') {
    fly(began.id, from);
  }
  return saved;
}

function wordsOf({ title, status, air_date: day }: Episode, move: Move): string {
  if ('status' in move) {
    return movesText.isNow({ title, status: text.status[status] });
  }
  return day === null ? movesText.airsNever({ title }) : movesText.airs({ title, date: date(day, now()) });
}

function since({ title, status, air_date: day, updated_at }: Episode, move: Move): string {
  const at = Date.parse(updated_at);
  const changed = today(at, zone());
  const when = changed === now() ? clockSeconds(at, zone()) : date(changed, now());
  if ('status' in move) {
    return movesText.isSince({ title, status: text.status[status], when });
  }
  return day === null ? movesText.airsNeverSince({ title, when }) : movesText.airsSince({ title, date: date(day, now()), when });
}

const zone = (): string => zoneOf(useSession.getState().me);
const now = (): string => today(serverNow(), zone());
