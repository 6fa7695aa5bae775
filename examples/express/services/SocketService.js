module.exports = require('callboard').SocketService;
