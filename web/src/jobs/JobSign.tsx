import { IconAlertTriangle, IconBan, IconCheck, IconClock, IconProgress, IconRotateClockwise, type Icon } from '@tabler/icons-react';

import type { Look } from './look';
import css from './JobSign.module.css';

const icons: Record<Look, Icon> = { waiting: IconClock, running: IconProgress, again: IconRotateClockwise, done: IconCheck, failed: IconAlertTriangle, cancelled: IconBan };

/** The icon of how a job stands, in its colour. Beside it there is always its word. */
export function JobSign({ look }: { look: Look }) {
  const Sign = icons[look];
  return <Sign className={css[look]} size={16} stroke={1.75} aria-hidden="true" />;
}
