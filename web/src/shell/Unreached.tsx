import { problemWords } from '../client';
import { text } from '../text';
import { NotLoaded } from '../ui';

/** In the place of the board, when not even who is there can be found out. */
export function Unreached({ error }: { error: unknown }) {
  return (
    <main>
      <NotLoaded title={text.failed.notReached} onAgain={() => window.location.reload()}>
        {problemWords(error)}
      </NotLoaded>
    </main>
  );
}
