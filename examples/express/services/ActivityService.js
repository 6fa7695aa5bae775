module.exports = require('callboard').ActivityService;
