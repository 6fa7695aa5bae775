import { useShows } from '../shows/shared';
import { useFile } from './api';
import { aboutOf, fileOf, isKind } from './about';
import type { Job } from './store/job';

/** What a job is about, in words, with the names of its file and show. */
export function useAbout(job: Job): string {
  const file = useFile(fileOf(job));
  const shows = useShows();
  const show = isKind(job, 'data-import') ? shows.find(({ id }) => id === job.args.show_id)?.title : undefined;
  return aboutOf(job, file?.name, show);
}
