export { base, client, pageIsOf } from './client';
export { serverNow } from './clock';
export { device } from './device';
export { call, onSignedOut, statusOf } from './call';
export { fieldErrors, problemWords } from './problem';
export { queries } from './query';
export { randomId } from './random';
export { sendFile } from './upload';
