export { peopleQuery } from './api';
export { InNow } from './InNow';
