import { CallboardError } from 'callboard';

import { text } from '../text';

/** What an error is to people: the server's words where it said some, with our names of the fields in front. */
export function problemWords(error: unknown, fields: Record<string, string> = {}): string {
  if (!(error instanceof CallboardError)) {
    return text.failed.part;
  }
  if (error.status === 0) {
    return text.failed.noAnswer;
  }
  if (error.type.endsWith(':switched_off')) {
    return text.failed.switchedOff;
  }
  const words = error.errors.map(({ field, message }) => text.failed.field({ field: fields[field ?? ''] ?? field ?? '', message }));
  return words.length > 0 ? words.join('; ') : error.detail;
}

/** What the server said of each field that it refused, by the field's name. */
export function fieldErrors(error: unknown): Record<string, string> {
  const errors = error instanceof CallboardError ? error.errors : [];
  return Object.fromEntries(errors.map(({ field, message }): [string, string] => [field ?? '', message]));
}
