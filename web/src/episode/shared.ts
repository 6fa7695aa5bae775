export { Values } from './timeline/Values';
export { Unsaved } from './Unsaved';
