import { randomUUID } from 'node:crypto';

/** Returns a UUIDv7. It begins with the time, so new rows go to the end of their indexes. */
export function newID() {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const isID = (value) => uuid.test(value);
