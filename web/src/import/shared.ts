export { addressOf } from './address';
