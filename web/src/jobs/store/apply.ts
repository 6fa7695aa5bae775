import type { Schemas } from 'callboard';

import { queries } from '../../client';
import { queue } from '../../live';
import { useSession } from '../../session';
import { after, jobs } from './job';

const pause = 700; // ms between two readings of the lists, however many jobs begin and end meanwhile

let waiting: ReturnType<typeof setTimeout> | undefined;

/** Reads anew what is shown of jobs, in a moment: what came of them, and how many there are. */
export function refreshJobs(): void {
  waiting ??= setTimeout(() => {
    waiting = undefined;
    void queries.invalidateQueries({ queryKey: ['jobs'] });
  }, pause);
}

// A job that is known changes at once. Lists and results, which no event tells, are read anew; progress alone changes neither.
queue.applies((batch) => {
  const { me } = useSession.getState();
  for (const { message } of batch) {
    const { event, data, resource, timestamp, direct } = message;
    if (direct || resource.type !== 'job') {
      continue;
    }
    const job = jobs.saved(resource.id);
    const changed = job && after(job, event, data, timestamp);
    if (changed) {
      jobs.put(changed);
    }
    if (event !== 'job_progress' && (me?.role === 'admin' || (data as Partial<Schemas['JobData']>).owner_id === me?.id)) {
      refreshJobs();
    }
  }
});
