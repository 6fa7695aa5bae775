import { createSecretKey } from 'node:crypto';

import jwt from 'jsonwebtoken';

/** An error that the caller may see. */
export class Problem extends Error {
  constructor(status, message, fields) {
    super(message);
    this.status = status;
    this.fields = fields;
  }
}

/** The last middleware: answers errors. Express needs all four parameters to know it as one. */
export function answerProblem(error, req, res, next) {
  if (res.headersSent) return next(error);
  const status = error.status ?? 500; // express.json sets a status too
  if (status >= 500) console.error(error);
  const message = status < 500 ? error.message : 'Internal error';
  res.status(status).json({ error: { message, fields: error.fields } });
}

/** Returns what checks tokens that were signed with secret. */
export function authentication(secret) {
  const key = createSecretKey(Buffer.from(secret)); // once: a string would be turned into a key for every request
  const verify = (token) => {
    const { sub, name, role } = jwt.verify(token, key, { algorithms: ['HS256'] });
    return { id: sub, name, role };
  };
  return {
    /** Middleware: sets req.user, or answers 401. */
    signedIn(req, res, next) {
      const [scheme, token] = (req.headers.authorization ?? '').split(' ');
      if (scheme !== 'Bearer' || !token) throw new Problem(401, 'Sign in first');
      try {
        req.user = verify(token);
      } catch {
        throw new Problem(401, 'The token is not valid');
      }
      next();
    },

    /** Middleware of Socket.IO: the same token, in auth.token. */
    socket(socket, next) {
      try {
        socket.data.user = verify(socket.handshake.auth.token);
        next();
      } catch {
        next(new Error('the token is not valid'));
      }
    },
  };
}

/** Middleware: answers 403 to those with another role. */
export function allow(...roles) {
  return (req, res, next) => {
    if (!roles.includes(req.user.role)) throw new Problem(403, 'Your role does not allow that');
    next();
  };
}

const text = (least, most) => (value) => typeof value === 'string' && value.length >= least && value.length <= most;
const integer = (most) => (value) => Number.isInteger(value) && value >= 0 && value <= most;

const episodeRules = { title: text(1, 255), description: text(0, 10_000), season_number: integer(9_999), episode_number: integer(99_999) };

/** Throws a 422 that names each field of an episode that breaks its rule or is unknown. */
export function checkEpisode(body) {
  const broken = Object.entries({ title: undefined, ...body })
    .filter(([name, value]) => !Object.hasOwn(episodeRules, name) || !episodeRules[name](value)).map(([name]) => name);
  if (broken.length > 0) throw new Problem(422, 'The body breaks a rule', broken);
}
