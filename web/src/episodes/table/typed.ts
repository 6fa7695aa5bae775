import { parseDay, date, text, type Status } from '../../text';
import { readCell, type Read } from '../clipboard/cells';
import type { EditColumn } from '../store/cursor';
import type { Episode } from '../store/episode';

/** What is in a cell, as it is typed. */
export function typedOf(episode: Episode, column: EditColumn): string {
  switch (column) {
    case 'title':
      return episode.title;
    case 'status':
      return episode.status;
    case 'air_date':
      return episode.air_date === null ? '' : date(episode.air_date, '');
    case 'categories':
      return episode.categories.join(', ');
    case 'number':
      return text.episodes.number({ season: episode.season_number, episode: episode.episode_number });
  }
}

/** What was typed into a cell means, or what is wrong with it before anything is sent. */
export function meaningOf(column: EditColumn, typed: string, today: string): Read {
  switch (column) {
    case 'status':
      return { patch: { status: typed as Status } };
    case 'air_date': {
      const day = parseDay(typed, today);
      return day === undefined ? { why: text.edits.dateUnknown } : { patch: { air_date: day } };
    }
    default:
      return readCell(column, typed, today);
  }
}
