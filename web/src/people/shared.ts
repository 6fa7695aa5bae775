export { peopleQuery, usePeople } from './api';
export { InNow } from './InNow';
