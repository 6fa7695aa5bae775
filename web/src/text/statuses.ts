import type { Status } from './en';

/** The statuses in the order of the work. */
export const statuses: readonly Status[] = ['draft', 'pending', 'approved', 'rejected', 'published', 'archived'];
