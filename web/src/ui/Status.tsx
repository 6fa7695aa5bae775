import { IconArchive, IconBroadcast, IconCircleCheck, IconCircleDashed, IconCircleHalf2, IconCircleX, type Icon } from '@tabler/icons-react';

import { text, type Status } from '../text';
import css from './Status.module.css';

const icons: Record<Status, Icon> = {
  draft: IconCircleDashed,
  pending: IconCircleHalf2,
  approved: IconCircleCheck,
  rejected: IconCircleX,
  published: IconBroadcast,
  archived: IconArchive,
};

/** The icon of a status in its colour. Beside it there is always its word. */
export function StatusIcon({ status, size = 16 }: { status: Status; size?: number }) {
  const Icon = icons[status];
  return <Icon className={`${css['icon']} ${css[status]}`} size={size} stroke={1.75} aria-hidden="true" />;
}

/** A status as it stands in lists: the icon in colour, the word in ink. */
export function StatusWord({ status, small = false, children }: { status: Status; small?: boolean; children?: React.ReactNode }) {
  return (
    <span className={small ? `${css['status']} ${css['small']}` : css['status']}>
      <StatusIcon status={status} size={small ? 13 : 16} />
      {children ?? <span>{text.status[status]}</span>}
    </span>
  );
}

/** The word alone in its colour, where the icon stands elsewhere. */
export function StatusInk({ status, children }: { status: Status; children?: React.ReactNode }) {
  return <span className={`${css['ink']} ${css[status]}`}>{children ?? text.status[status]}</span>;
}

/** A status on its wash, as on the sheet of an episode. */
export function StatusSolid({ status, children }: { status: Status; children: React.ReactNode }) {
  return (
    <span className={`${css['status']} ${css['solid']} ${css[status]}`}>
      <StatusIcon status={status} />
      {children}
    </span>
  );
}
