import { IconPlugConnectedX } from '@tabler/icons-react';
import { Component, type ReactNode } from 'react';

import { text } from '../text';
import { Button } from './Button';
import { Empty } from './Empty';

// What is loaded when it is wanted, and was not there: the server was away, or has another version of the board by now. React keeps such a
// failure, so nothing but the page anew helps.
let notLoaded = false;
window.addEventListener('vite:preloadError', () => (notLoaded = true));

/** Loads the page anew, once the server is there. */
async function reload(): Promise<void> {
  await fetch(document.baseURI, { method: 'HEAD' }).then(
    () => window.location.reload(),
    () => undefined, // a page that is there is better than none
  );
}

/** Around a page or a panel: when it breaks the rest of the board works. */
export class Broken extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) {
      return this.props.children;
    }
    return (
      <Empty
        icon={IconPlugConnectedX}
        title={text.failed.part}
        acts={<Button onClick={() => (notLoaded ? void reload() : this.setState({ broken: false }))}>{text.failed.readAgain}</Button>}
      >
        {text.failed.partRest}
      </Empty>
    );
  }
}
