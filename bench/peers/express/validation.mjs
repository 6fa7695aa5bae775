import { Problem } from './problem.mjs';

const text = (least, most) => ({
  holds: (value) => typeof value === 'string' && value.length >= least && value.length <= most,
  rule: `must be a string of ${least} to ${most} characters`,
});

const integer = (most) => ({
  holds: (value) => Number.isInteger(value) && value >= 0 && value <= most,
  rule: `must be an integer from 0 to ${most}`,
});

/** The fields of an episode that a caller may choose. */
export const episodeFields = {
  title: { ...text(1, 255), required: true },
  description: text(0, 10_000),
  season_number: integer(9_999),
  episode_number: integer(99_999),
};

const reserved = ['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener'];

/** The fields of a message to all. */
export const messageFields = {
  event: {
    holds: (value) => typeof value === 'string' && /^[\w.-]{1,64}$/.test(value) && !reserved.includes(value),
    rule: 'must be a name of 1 to 64 letters, digits, _ - .',
    required: true,
  },
  data: { holds: isObject, rule: 'must be an object' },
};

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Throws a 422 that names each field of body that breaks its rule, is missing or is unknown. */
export function check(fields, body) {
  if (!isObject(body)) throw new Problem(422, 'The body must be a JSON object');
  const wrong = Object.create(null); // so that no name of a field means anything else
  for (const name of Object.keys(body)) {
    if (!Object.hasOwn(fields, name)) wrong[name] = 'is not a field';
  }
  for (const [name, field] of Object.entries(fields)) {
    const value = body[name] ?? undefined;
    if (value === undefined ? field.required : !field.holds(value)) wrong[name] = field.rule;
  }
  if (Object.keys(wrong).length > 0) throw new Problem(422, 'The body breaks a rule', wrong);
}
