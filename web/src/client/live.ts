import { Callboard } from 'callboard';

import { options } from './client';

/** The client with the one connection. */
export const liveClient = new Callboard(options);
