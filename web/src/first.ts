// The first script of the page, beside theme.js: it is small, and begins the first reads while the other scripts are still coming.

import { readEarly } from './client/early';
import { firstFilter } from './episodes/first';
import { pageQuery } from './episodes/store/query';

/** Whether the page is for somebody who has signed in. Other pages read nothing. */
export const signedInPage = !/\/(sign-in|setup)$/.test(window.location.pathname);

if (signedInPage) {
  readEarly('api/v1/auth/me');
  readEarly('api/v1/shows?limit=200');
  const filter = firstFilter();
  if (filter) {
    const query = Object.entries(pageQuery(filter)).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, String(one)]));
    readEarly(`api/v1/episodes?${new URLSearchParams(query)}`);
  }
} else if (window.location.pathname.endsWith('/sign-in')) {
  readEarly('api/v1/auth/methods');
}
