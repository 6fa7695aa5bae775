import { readSearch } from '../address/search';
import { filterOf, listParams, type ListFilter } from './address';
import { lastList } from './last';

/** The list that the address of the page shows in its table; undefined where it shows something else. */
export function firstFilter(): ListFilter | undefined {
  const { pathname, search } = window.location;
  const atList = pathname.endsWith('/episodes');
  const address = readSearch(listParams, atList ? search : (lastList().split('?')[1] ?? ''));
  return (atList || pathname.endsWith('/')) && address.view === 'table' ? filterOf(address) : undefined;
}
