import { IconPlugConnectedX } from '@tabler/icons-react';
import { Component, type ReactNode } from 'react';

import { text } from '../text';
import { Button } from './Button';
import { Empty } from './Empty';

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
        acts={<Button onClick={() => this.setState({ broken: false })}>{text.failed.readAgain}</Button>}
      >
        {text.failed.partRest}
      </Empty>
    );
  }
}
