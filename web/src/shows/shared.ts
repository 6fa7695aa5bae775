export { showsQuery, useShows, type Show } from './api';
export { ShowSquare } from './ShowSquare';
