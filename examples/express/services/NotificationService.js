module.exports = require('callboard').NotificationService;
