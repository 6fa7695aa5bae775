import { camelKey } from './camel.js';
import type { components } from './schema.gen.js';
import type * as web from './web.js';

/** One field that breaks a rule: `{field: "categories[2]", message: "…"}`. */
export type FieldError = components['schemas']['ProblemField'];

export interface ErrorDetails {
  errors?: FieldError[];
  /** Seconds after which trying again makes sense. */
  retryAfter?: number | undefined;
  type?: string;
  cause?: unknown;
}

/** What every call of this package rejects with. `message` names each field that breaks a rule: "userId: must be a string". */
export class CallboardError extends Error {
  override readonly name = 'CallboardError';
  /** The HTTP status; 0 when no answer came. 422 too for what is wrong before anything is sent. */
  readonly status: number;
  /** What is wrong, for people. Never holds a submitted value. */
  readonly detail: string;
  /** Each field that breaks a rule, named as in the call; empty unless the status is 422. */
  readonly errors: readonly FieldError[];
  /** Seconds after which trying again makes sense; undefined when the server named none. */
  readonly retryAfter: number | undefined;
  /** Names the kind of problem, as in RFC 9457; empty when no answer came. */
  readonly type: string;

  constructor(status: number, detail: string, details: ErrorDetails = {}) {
    const errors = (details.errors ?? []).map((error) => (error.field ? { ...error, field: camelField(error.field) } : error));
    const fields = errors.map(({ field, location, message }) => `${field || location || 'input'}: ${message}`);
    super(fields.length > 0 ? fields.join('; ') : detail, { cause: details.cause });
    this.status = status;
    this.detail = detail;
    this.errors = errors;
    this.retryAfter = details.retryAfter;
    this.type = details.type ?? '';
  }
}

/** The kind of problem of a service that is switched off on the server. */
const switchedOff = 'urn:callboard:problem:switched_off';

/** Whether a service is switched off on the server: then trying again makes no sense. */
export function isSwitchedOff(problem: unknown): boolean {
  return typeof problem === 'object' && problem !== null && 'type' in problem && problem.type === switchedOff;
}

/** What is in these is written as on the wire, so it keeps its names. */
const opaque: ReadonlySet<string> = new Set(['args', 'data', 'filter', 'metadata']);

/** "entries[3].resource_id" → "entries[3].resourceId". */
function camelField(field: string): string {
  let own = false;
  const camelPart = (part: string): string => {
    const name = own ? part : camelKey(part);
    own ||= opaque.has(part);
    return name;
  };
  return field.split('.').map(camelPart).join('.');
}

/** Returns the error that an answer with a failure status tells of. `id` is what the call names the ID in the path. */
export function problemOf(response: web.Response, body: unknown, id = 'id'): CallboardError {
  const problem: Partial<components['schemas']['Problem']> = typeof body === 'object' && body !== null ? body : {};
  return new CallboardError(response.status, problem.detail ?? `the server answered ${response.status}`, {
    errors: (problem.errors ?? []).map((error) => (error.location === 'path.id' ? { ...error, field: id } : error)),
    retryAfter: retryAfterOf(response),
    type: problem.type ?? '',
  });
}

/** Returns the seconds of Retry-After; undefined when there are none. */
export function retryAfterOf(response: web.Response): number | undefined {
  const seconds = Number(response.headers.get('Retry-After') ?? NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}
