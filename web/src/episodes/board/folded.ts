import { device } from '../../client';
import type { Status } from '../../text';
import { statuses } from '../../ui';

// Which columns are folded is kept on this device.

const key = 'callboard.board.folded';

export function foldedStatuses(): readonly Status[] {
  const kept = device.get(key);
  return kept === null ? ['archived'] : statuses.filter((status) => kept.split(',').includes(status));
}

export function keepFolded(folded: readonly Status[]): void {
  device.set(key, folded.join());
}
