// The npm package `events`, with what Node has added since.

'use strict';

const EventEmitter = require('events/');

const errorMonitor = Symbol('events.errorMonitor');
const { emit } = EventEmitter.prototype;

EventEmitter.errorMonitor = errorMonitor;
EventEmitter.prototype.emit = function (type, ...args) {
  if (type === 'error' && this.listenerCount(errorMonitor) > 0) emit.call(this, errorMonitor, ...args);
  return emit.call(this, type, ...args);
};

module.exports = EventEmitter;
