import { IconPlugConnectedX, IconRefresh } from '@tabler/icons-react';

import { problemWords } from '../client';
import { text } from '../text';
import { Button, Empty } from '../ui';

/** In the place of the board, when not even who is there can be found out. */
export function Unreached({ error }: { error: unknown }) {
  return (
    <main>
      <Empty
        icon={IconPlugConnectedX}
        title={text.failed.notReached}
        acts={
          <Button onClick={() => window.location.reload()}>
            <IconRefresh size={14} stroke={1.75} aria-hidden="true" />
            {text.tryAgain}
          </Button>
        }
      >
        {problemWords(error)}
      </Empty>
    </main>
  );
}
