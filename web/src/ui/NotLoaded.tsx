import { IconPlugConnectedX, IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import { text } from '../text';
import { Button } from './Button';
import { Empty } from './Empty';

/** In the place of what could not be read: what, why, and a way to try again. */
export function NotLoaded({ title, onAgain, children }: { title: string; onAgain: () => void; children: ReactNode }) {
  return (
    <Empty
      icon={IconPlugConnectedX}
      title={title}
      acts={
        <Button onClick={onAgain}>
          <IconRefresh size={14} stroke={1.75} aria-hidden="true" />
          {text.tryAgain}
        </Button>
      }
    >
      {children}
    </Empty>
  );
}
