import { queries, serverNow } from '../client';
import { showsQuery } from '../shows/shared';
import { date, list, text, today, type Status } from '../text';

/** A value of a field as people read it. */
export function valueWords(field: string, value: unknown): string {
  if (value === null || value === undefined || value === '') {
    return field === 'air_date' ? text.episode.noDate.toLowerCase() : text.episode.none.toLowerCase();
  }
  switch (field) {
    case 'status':
      return text.status[value as Status];
    case 'air_date':
      return date(value as string, today(serverNow(), 'UTC'));
    case 'categories':
      return Array.isArray(value) && value.length > 0 ? list(value as string[]) : text.episode.none.toLowerCase();
    case 'show_id':
      return queries.getQueryData(showsQuery.queryKey)?.find(({ id }) => id === value)?.title ?? text.episodes.unknownShow;
    case 'thumbnail_url':
      return text.episode.timeline.picture.set;
    default:
      return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
  }
}
