export { kindName } from './about';
export { act, useFile, useJob, useReport, type Remark } from './api';
export { EditorsOnly } from './EditorsOnly';
export { JobSign } from './JobSign';
export { isUnderWay, lookOf, secondsLeft } from './look';
export { useAboutOf } from './useAbout';
export { after, furthest, takeJob, type Job } from './store/job';
