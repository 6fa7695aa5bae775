/** The parameter that says from which saved view an address comes, also once its filters are others. */
const from = 'saved';

/** What passes: no part of a view, nor of where one comes back to. A calendar opens at the present month. */
const passing = ['month', 'new'];

/** An address without what passes, and so written that two of the same view are equal. */
export function viewAddress(address: string): string {
  return withoutAll(address, [...passing, from]);
}

/** Where a saved view leads: to its address, which then says so. */
export function savedAddress({ id, address }: { id: string; address: string }): string {
  const [path = '', search] = address.split('?');
  const params = new URLSearchParams(search);
  params.set(from, id); // in place of another view that it came from
  return `${path}?${params.toString()}`;
}

/** An address to come back to later. */
export function lastingAddress(address: string): string {
  return withoutAll(address, passing);
}

function withoutAll(address: string, names: readonly string[]): string {
  const [path = '', search] = address.split('?');
  const params = new URLSearchParams(search);
  names.forEach((name) => params.delete(name));
  params.sort();
  const kept = params.toString();
  return kept ? `${path}?${kept}` : path;
}

/** A saved view that is on the screen. Edited: other filters, order or columns than it was saved with. */
export interface Open<V> {
  view: V;
  edited: boolean;
}

/** Which saved view an address shows: the one that it comes from, or else the first that shows the same. */
export function openAt<V extends { id: string; address: string }>(views: readonly V[], address: string): Open<V> | undefined {
  const [path = '', search] = address.split('?');
  const here = viewAddress(address);
  const same = views.filter((view) => viewAddress(view.address) === here);
  const id = new URLSearchParams(search).get(from);
  const cameFrom = views.find((view) => view.id === id && view.address.split('?')[0] === path);
  const view = cameFrom && !same.includes(cameFrom) ? (same[0] ?? cameFrom) : (cameFrom ?? same[0]);
  return view && { view, edited: !same.includes(view) };
}
