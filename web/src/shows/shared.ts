export { showsQuery, useShows, type Show } from './api';
export { NewShow, ShowDialog, ShowMenu } from './ShowMenu';
export { ShowSquare } from './ShowSquare';
