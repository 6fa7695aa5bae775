import { device } from '../client/device';

const key = 'callboard.list';

/** Notes what the list shows now, by the search part of its address. */
export function noteList(search: string): void {
  device.set(key, search);
}

/** The address of the list as it was shown last on this device. */
export function lastList(): string {
  const search = device.get(key) ?? '';
  return search.startsWith('?') ? `/episodes${search}` : '/episodes';
}
