export { base, client } from './client';
export { call, onSignedOut, statusOf } from './call';
export { fieldErrors, problemWords } from './problem';
export { queries } from './query';
