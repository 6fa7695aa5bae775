export { InNow } from './InNow';
