'use strict';

const { createHmac } = require('node:crypto');

const lifetime = 600; // seconds

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

// The token with which a page of this application reads the inbox of its user and listens to the sockets, at Callboard itself.
// The secret is Callboard's JWT_SECRET. Pages ask for the next one in time: new Callboard({ url, token: () => … }).
module.exports = (user) => {
  const expires = Math.floor(Date.now() / 1000) + lifetime;
  const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub: String(user.id), name: user.name, exp: expires })}`;
  return `${content}.${createHmac('sha256', process.env.CALLBOARD_JWT_SECRET).update(content).digest('base64url')}`;
};
