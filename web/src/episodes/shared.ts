export { restoreEpisode, saveEpisode, takeEpisode, useEpisode, type Saved } from './api';
export { findQuery, noteRecent, recentEpisodes } from './find';
export { saveEdit, useKeeping, useKeptEdits, type Kept } from './kept';
export { KeptStrip } from './KeptStrip';
export { completeEpisode } from './store/apply';
export { episodeMarks, episodes, type Episode } from './store/episode';
export { changeLists, neighboursOf } from './store/lists';
export { Ago, Marked } from './table/cells';
