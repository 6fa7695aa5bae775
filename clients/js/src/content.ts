import { problemOf } from './error.js';
import type * as web from './web.js';

interface Answer {
  error?: unknown;
  response: web.Response;
}

/** Returns an answer whose body is content, to be read as it comes, or throws the CallboardError that it tells of. */
export async function answerOf(pending: Promise<Answer>): Promise<web.Response> {
  const { error, response } = await pending;
  if (!response.ok) {
    throw problemOf(response, error);
  }
  return response;
}
