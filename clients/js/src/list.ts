import type { CallOptions, Schemas } from './api.js';

export interface PageOptions extends CallOptions {
  /** 1–200; default 50. */
  limit?: number | undefined;
  /** nextCursor of the page before. */
  cursor?: string | undefined;
}

/** A page of a list. */
export type List<T> = T[] & {
  /** Passed as cursor it gives the next page; undefined on the last one. */
  readonly nextCursor: string | undefined;
};

export function listOf<W, T>(body: { data: W[]; pagination: Schemas['Pagination'] }, item: (wire: W) => T): List<T> {
  // Not enumerable, so that the page is equal to an array of its items.
  return Object.defineProperty(body.data.map(item), 'nextCursor', { value: body.pagination.next_cursor || undefined }) as List<T>;
}

/** The query of a page, without what is undefined. */
export function queryOf(page: PageOptions | null | undefined): { limit?: number; cursor?: string } {
  return {
    ...(page?.limit !== undefined && { limit: page.limit }),
    ...(page?.cursor !== undefined && { cursor: page.cursor }),
  };
}
