'use strict';

// The application's own users, with IDs of its own, and the token that each signs in with.
const users = [
  { id: 7, name: 'Ada', token: 'ada' },
  { id: 42, name: 'Ben', token: 'ben' },
  { id: 'auth0|vera', name: 'Vera', token: 'vera' },
];

module.exports = {
  findByToken: (token) => users.find((user) => user.token === token),
  idsExcept: (id) => users.map((user) => user.id).filter((other) => other !== id),
};
