import { choice, textParam, type Values } from '../address';

export const states = ['pending', 'processing', 'completed', 'failed', 'cancelled'] as const;
export type State = (typeof states)[number];

/** What an address of the jobs says. Nothing is all. */
export const jobsParams = { status: choice(['', ...states] as const, ''), kind: textParam(), owner: textParam() };

export type JobsAddress = Values<typeof jobsParams>;
