import { queries, serverNow } from '../client';
import { showsQuery } from '../shows/shared';
import { date, list, text, today, type Status } from '../text';

/** A value of a field as people read it. */
export function valueWords(field: string, value: unknown): string {
  if (value === null || value === undefined || value === '') {
    return field === 'air_date' ? text.edits.noDate.toLowerCase() : text.edits.none.toLowerCase();
  }
  switch (field) {
    case 'status':
      return text.status[value as Status];
    case 'air_date':
      return date(value as string, today(serverNow(), 'UTC'));
    case 'categories':
      return Array.isArray(value) && value.length > 0 ? list(value as string[]) : text.edits.none.toLowerCase();
    case 'show_id':
      return queries.getQueryData(showsQuery.queryKey)?.find(({ id }) => id === value)?.title ?? text.episodes.unknownShow;
    case 'thumbnail_url':
      return text.edits.picture.set;
    default:
      return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
  }
}
