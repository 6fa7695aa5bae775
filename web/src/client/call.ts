import { CallboardError, type ApiAnswer } from 'callboard';

/** Told of a 401. Resolves to true when somebody has signed in again and the call is worth repeating. */
type SignInAgain = () => Promise<boolean>;

let signInAgain: SignInAgain = () => Promise.resolve(false);

/** Says what to do about calls whose session has ended. */
export function onSignedOut(handler: SignInAgain): void {
  signInAgain = handler;
}

/**
 * Makes a call of the API and returns its body, or throws what the server refused it with. A call whose session has ended waits until
 * somebody has signed in again, and is made once more.
 */
export async function call<T>(make: () => Promise<ApiAnswer<T>>): Promise<T> {
  for (;;) {
    const { data, error, response } = await make();
    if (error === undefined) {
      return data;
    }
    if (response.status !== 401 || !(await signInAgain())) {
      throw refusal(response, error);
    }
  }
}

function refusal(response: Response, problem: NonNullable<ApiAnswer<unknown>['error']>): CallboardError {
  const seconds = Number(response.headers.get('Retry-After') ?? NaN);
  return new CallboardError(response.status, problem.detail, {
    errors: problem.errors ?? [],
    retryAfter: Number.isFinite(seconds) ? seconds : undefined,
    type: problem.type,
  });
}

/** The status that a call was refused with; 0 when no answer came, and for what is no refusal. */
export function statusOf(error: unknown): number {
  return error instanceof CallboardError ? error.status : 0;
}
