import { CallboardError } from './error.js';

/** What a resource is named by in an application: its own ID, text or a number. */
export type ResourceId = string | number;

/** The ID of a user: of an account, or of an application's own, text or a number. 42 is "42". */
export type UserId = string | number;

/** The error of an argument that cannot be sent. */
export function invalid(field: string, message: string, cause?: unknown): CallboardError {
  return new CallboardError(422, 'the input is not valid', { errors: [{ field, message }], cause });
}

/** Returns where the server is, without slashes at the end. */
export function baseUrl(url: unknown): string {
  if (typeof url !== 'string' || !/^https?:\/\/./.test(url) || !URL.canParse(url)) {
    throw invalid('url', 'must be where the server is, such as https://board.example');
  }
  return url.replace(/\/+$/, '');
}

/** Refuses what is no object; the fields are the server's to judge. */
export function checkObject(field: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) {
    throw invalid(field, 'must be an object');
  }
}

/** Returns an ID as it is on the wire. What is no ID is passed on: the server says what is wrong with it. */
export function idText(id: ResourceId): string {
  return typeof id === 'number' && Number.isFinite(id) ? String(id) : (id as string);
}

/**
 * Returns the ID of a user as it is on the wire. A number that JavaScript cannot tell from its neighbours is refused: it would name
 * another user.
 */
export function userText(userId: UserId): string {
  if (typeof userId === 'number' && !Number.isSafeInteger(userId)) {
    throw invalid('userId', 'must be a whole number below 2^53, or a string');
  }
  return idText(userId);
}

/** Returns a value that can stand in a path. */
export function segment(field: string, value: ResourceId): string {
  const text = idText(value);
  if (typeof text !== 'string' || text === '') {
    throw invalid(field, 'must be a string that is not empty, or a number');
  }
  if (text === '.' || text === '..') { // they would lead to another route
    throw invalid(field, 'must not be . or ..');
  }
  return text;
}

/**
 * Returns a user as it goes into a request: nothing for the caller. One that was meant to be named and is undefined or empty is
 * refused: it would count as the caller, who is not the user that was meant.
 */
export function userField(userId: UserId | null | undefined): { user_id?: string } {
  if (userId === undefined || userId === '') {
    throw invalid('userId', 'must name a user, or be null for the caller');
  }
  return userId === null ? {} : { user_id: userText(userId) };
}

/** Returns a time as RFC 3339. Text is passed on as it is: the server says what is wrong with it. */
export function timeText(field: string, time: Date | string | number): string {
  if (typeof time === 'string') {
    return time;
  }
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) {
    throw invalid(field, 'must be a time');
  }
  return date.toISOString();
}
