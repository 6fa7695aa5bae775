export { showsQuery, useShows, type Show } from './api';
export { NewShow, ShowMenu } from './ShowMenu';
export { ShowSquare } from './ShowSquare';
