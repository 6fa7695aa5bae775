import { CallboardError } from 'callboard';
import { expect, it } from 'vitest';

import { refusalWords } from './complaint';

it('says of a change to an episode that somebody has deleted what to do', () => {
  expect(refusalWords(new CallboardError(404, 'no such episode'))).toBe('It was deleted meanwhile. Restore it first.');
  expect(refusalWords(new CallboardError(422, 'no', { errors: [{ field: 'title', message: 'must not contain the NUL character', location: 'body.title' }] }))).toBe('Title must not contain the NUL character');
});
