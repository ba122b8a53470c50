'use strict';

module.exports = require('../src/process.js').process;
