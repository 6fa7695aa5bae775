import { createSecretKey } from 'node:crypto';

import jwt from 'jsonwebtoken';

import { Problem } from './problem.mjs';

const options = { algorithms: ['HS256'] };

/** Returns what checks tokens that were signed with secret. */
export function authentication(secret) {
  const key = createSecretKey(Buffer.from(secret)); // once: a string would be turned into a key for every request

  const verify = (token) => {
    const { sub, name, role } = jwt.verify(token, key, options);
    return { id: sub, name, role };
  };

  return {
    /** Middleware: sets req.user, or answers 401. */
    signedIn(req, res, next) {
      const [scheme, token] = (req.headers.authorization ?? '').split(' ');
      if (scheme !== 'Bearer' || !token) throw new Problem(401, 'Sign in first');
      req.user = tryVerify(verify, token);
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

function tryVerify(verify, token) {
  try {
    return verify(token);
  } catch {
    throw new Problem(401, 'The token is not valid');
  }
}

/** Middleware: answers 403 to those with another role. */
export function allow(...roles) {
  return (req, res, next) => {
    if (!roles.includes(req.user.role)) throw new Problem(403, 'Your role does not allow that');
    next();
  };
}
