'use strict';

const { configure } = require('callboard');

// Calls need not be awaited. While Callboard is away they are sent again, here for a minute, and each is carried out once; a call
// that fails for good is told to onError.
configure({
  url: process.env.CALLBOARD_URL ?? 'http://127.0.0.1:8080',
  token: process.env.CALLBOARD_TOKEN, // callboard token create --service
  retry: 60_000,
  onError: (error, call) => console.error(`${call} failed: ${error.message}`),
});
