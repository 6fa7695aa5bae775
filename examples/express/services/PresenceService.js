module.exports = require('callboard').PresenceService;
