import type { ListFilter, Sort } from '../address';

const pageSize = 100;

/** What a list leaves out, as the server calls it. */
export function queryOf({ show, status, q, airs, deleted }: ListFilter) {
  return {
    ...(show && { show_id: [show] }),
    ...(status.length > 0 && { status: [...status] }),
    ...(q && { q }),
    ...(airs === 'never' ? { no_air_date: true } : airs && { air_date_from: airs.from, air_date_to: airs.to }),
    ...(deleted && { deleted }),
  };
}

/** What the server calls an order. Without a show, numbers go by the show first, for the groups. */
export function serverSort(sort: Sort, show: string): Sort | 'show' | '-show' {
  if (show === '' && (sort === 'number' || sort === '-number')) {
    return sort === 'number' ? 'show' : '-show';
  }
  return sort;
}

/** What the first page of a list is asked for with. */
export function pageQuery(filter: ListFilter) {
  return { limit: pageSize, sort: serverSort(filter.sort, filter.show), ...queryOf(filter) };
}
