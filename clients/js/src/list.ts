import type { Schemas } from './api.js';

export interface PageOptions {
  /** 1–200; default 50. */
  limit?: number | undefined;
  /** nextCursor of the page before. */
  cursor?: string | undefined;
}

export interface List<T> {
  items: T[];
  /** Passed as cursor it gives the next page; undefined on the last one. */
  nextCursor: string | undefined;
}

export function listOf<W, T>(body: { data: W[]; pagination: Schemas['Pagination'] }, item: (wire: W) => T): List<T> {
  return { items: body.data.map(item), nextCursor: body.pagination.next_cursor || undefined };
}

/** The query of a page, without what is undefined. */
export function queryOf(page: PageOptions): { limit?: number; cursor?: string } {
  return {
    ...(page.limit !== undefined && { limit: page.limit }),
    ...(page.cursor !== undefined && { cursor: page.cursor }),
  };
}
