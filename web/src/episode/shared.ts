export { Values } from './timeline/Values';
