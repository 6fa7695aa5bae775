export { restoreEpisode, saveEpisode, takeEpisode, useEpisode, type Saved } from './api';
export { completeEpisode } from './store/apply';
export { episodeMarks, episodes, type Episode } from './store/episode';
export { changeLists, neighboursOf } from './store/lists';
export { Ago, Marked } from './table/cells';
