import { device } from '../client';
import { lastingAddress } from '../savedviews/shared';

const key = 'callboard.list';

/** Notes what the list shows now. */
export function noteList(): void {
  device.set(key, lastingAddress(window.location.search));
}

/** The address of the list as it was shown last on this device. */
export function lastList(): string {
  return `/episodes${device.get(key) ?? ''}`;
}
