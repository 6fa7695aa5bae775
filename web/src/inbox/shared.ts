export { useUnread } from './api';
export { Arrivals } from './Arrivals';
export { UnreadPill } from './UnreadPill';
