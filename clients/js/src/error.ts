import type { components } from './schema.gen.js';

/** One field that breaks a rule: `{field: "categories[2]", message: "…"}`. */
export type FieldError = components['schemas']['ProblemField'];

export interface ErrorDetails {
  errors?: FieldError[];
  /** Seconds after which trying again makes sense. */
  retryAfter?: number | undefined;
  type?: string;
  cause?: unknown;
}

/** What every call of this package rejects with. */
export class CallboardError extends Error {
  override readonly name = 'CallboardError';
  /** The HTTP status; 0 when no answer came. */
  readonly status: number;
  /** What is wrong, for people. Never holds a submitted value. */
  readonly detail: string;
  /** Each field that breaks a rule; empty unless the status is 422. */
  readonly errors: readonly FieldError[];
  /** Seconds after which trying again makes sense; undefined when the server named none. */
  readonly retryAfter: number | undefined;
  /** Names the kind of problem, as in RFC 9457; empty when no answer came. */
  readonly type: string;

  constructor(status: number, detail: string, details: ErrorDetails = {}) {
    super(detail, { cause: details.cause });
    this.status = status;
    this.detail = detail;
    this.errors = details.errors ?? [];
    this.retryAfter = details.retryAfter;
    this.type = details.type ?? '';
  }
}

/** Returns the error that an answer with a failure status tells of. */
export function problemOf(response: Response, body: unknown): CallboardError {
  const problem: Partial<components['schemas']['Problem']> = typeof body === 'object' && body !== null ? body : {};
  return new CallboardError(response.status, problem.detail ?? `the server answered ${response.status}`, {
    errors: problem.errors ?? [],
    retryAfter: retryAfterOf(response),
    type: problem.type ?? '',
  });
}

/** Returns the seconds of Retry-After; undefined when there are none. */
export function retryAfterOf(response: Response): number | undefined {
  const seconds = Number(response.headers.get('Retry-After') ?? NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}
