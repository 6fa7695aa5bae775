import { RestClient, type RestOptions } from 'callboard';

import { heardTime } from './clock';
import { takeEarly } from './early';

/** The path that the board is served below: empty, or such as "/callboard". The server writes it into the page. */
export const base = new URL(document.baseURI).pathname.replace(/\/+$/, '');

/** Who the page is of. The tabs of a browser share its cookie: the server refuses what the page of one user sends with the cookie of another. */
let user: string | undefined;

export function pageIsOf(id: string | undefined): void {
  user = id;
}

/** What goes with each request of the page. */
export function headersOfPage(): Record<string, string> {
  return user === undefined ? {} : { 'X-Callboard-User': user };
}

/** What both clients do alike. The session cookie says who calls. */
export const options: RestOptions = {
  url: `${window.location.origin}${base}`,
  fetch: async (request) => {
    const signed = new Request(request);
    Object.entries(headersOfPage()).forEach(([name, value]) => signed.headers.set(name, value));
    const response = await (takeEarly(request) ?? window.fetch(signed));
    heardTime(response);
    return response;
  },
  onError: () => undefined, // what failed while nobody waited for it is of no concern to anybody
};

/** The client of the server that calls. What listens, too, is imported after the first list: see live.ts. */
export const client = new RestClient(options);
