import { Callboard } from 'callboard';

import { heardTime } from './clock';

/** The path that the board is served below: empty, or such as "/callboard". The server writes it into the page. */
export const base = new URL(document.baseURI).pathname.replace(/\/+$/, '');

/** The one client of the server. The session cookie says who calls. */
export const client = new Callboard({
  url: `${window.location.origin}${base}`,
  fetch: async (request) => {
    const response = await window.fetch(request);
    heardTime(response);
    return response;
  },
  onError: () => undefined, // what failed while nobody waited for it is of no concern to anybody
});
