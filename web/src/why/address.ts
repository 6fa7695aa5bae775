import { textParam } from '../address';

/** What the address of who got an event says. */
export const whyParams = {
  /** Whom it is asked about; none is whoever asks. */
  user: textParam(),
};
