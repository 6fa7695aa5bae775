export { act, kindName, useFile, useJob, useReport, type Remark } from './api';
export { EditorsOnly } from './EditorsOnly';
export { JobSign } from './JobSign';
export { isUnderWay, lookOf, secondsLeft } from './look';
export { RunningPill } from './RunningPill';
export { after, furthest, takeJob, type Job } from './store/job';
