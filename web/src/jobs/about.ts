import type { JobKinds } from 'callboard';

import { jobsText } from '../text/jobs';
import type { Job } from './store/job';

/** Whether a job is of a kind of ours, whose arguments and result are known. */
export function isKind<K extends keyof JobKinds>(job: Job, kind: K): job is Job & { args: JobKinds[K]['args']; result: JobKinds[K]['result'] | null } {
  return job.kind === kind;
}

/** The file that a job works on. */
export function fileOf(job: Job): string | undefined {
  return isKind(job, 'data-import') || isKind(job, 'thumbnail-generation') ? job.args.file_id : undefined;
}

/** What a job is about, in words. The names of its file and show are looked up where it is shown; undefined while they are not known. */
export function aboutOf(job: Job, file: string | undefined, show: string | undefined): string {
  const words = jobsText.about;
  if (isKind(job, 'data-import')) {
    const what = words.into({ file: file ?? words.file, show: show ?? job.args.show_title ?? '' });
    return job.args.dry_run ? words.check({ what }) : what;
  }
  if (isKind(job, 'thumbnail-generation')) {
    return file ?? words.file;
  }
  if (isKind(job, 'bulk-export')) {
    const { what, format = 'csv', ids, episodes, activity } = job.args;
    const filtered = Object.keys((what === 'episodes' ? episodes : activity) ?? {}).length > 0;
    return ids ? words.exportChosen({ format, n: ids.length }) : filtered ? words.exportFiltered({ what, format }) : words.export({ what, format });
  }
  if (isKind(job, 'batch-delete')) {
    const what = job.args.ids ? words.deleteChosen({ n: job.args.ids.length }) : words.deleteFiltered;
    return job.args.dry_run ? words.count({ what }) : what;
  }
  return '';
}

/** What came of a job, in words; empty where there is nothing to say. */
export function resultOf(job: Job): string {
  const words = jobsText.result;
  if (job.result === null) {
    return '';
  }
  if (isKind(job, 'data-import') && job.result) {
    return words.imported(job.result);
  }
  if (isKind(job, 'bulk-export') && job.result) {
    return words.rows({ n: job.result.rows });
  }
  if (isKind(job, 'batch-delete') && job.result) {
    return job.result.dry_run ? words.matched({ n: job.result.matched }) : words.deleted({ n: job.result.deleted });
  }
  return '';
}

/** The name of a kind: ours, or what an application calls it. */
export function kindName(kind: string): string {
  return jobsText.kinds[kind] ?? jobsText.kind({ kind });
}
