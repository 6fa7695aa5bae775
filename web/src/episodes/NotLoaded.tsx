import { IconPlugConnectedX, IconRefresh } from '@tabler/icons-react';

import { problemWords } from '../client';
import { text } from '../text';
import { Button, Empty } from '../ui';

/** In the place of episodes that could not be read. */
export function NotLoaded({ error, onAgain }: { error: unknown; onAgain: () => void }) {
  return (
    <Empty
      icon={IconPlugConnectedX}
      title={text.episodes.notLoaded}
      acts={
        <Button onClick={onAgain}>
          <IconRefresh size={14} stroke={1.75} aria-hidden="true" />
          {text.tryAgain}
        </Button>
      }
    >
      {problemWords(error)}
    </Empty>
  );
}
