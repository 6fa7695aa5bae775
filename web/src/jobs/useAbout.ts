import { useShows } from '../shows/shared';
import { useFile, useJob } from './api';
import { aboutOf, fileOf, isKind } from './about';
import type { Job } from './store/job';

/** What a job is about, in words, with the names of its file and show. */
export function useAbout(job: Job): string {
  return useWords(job);
}

/** The same of a job that is known by its ID alone; empty until it is read, for no ID, and where it is gone. */
export function useAboutOf(id: string): string {
  return useWords(useJob(id).job);
}

function useWords(job: Job | undefined): string {
  const file = useFile(job && fileOf(job));
  const shows = useShows();
  const show = job && isKind(job, 'data-import') ? shows.find(({ id }) => id === job.args.show_id)?.title : undefined;
  return job ? aboutOf(job, file?.name, show) : '';
}
