// The npm package `events`, with what Node has added since.

'use strict';

const EventEmitter = require('events/');

const errorMonitor = Symbol('events.errorMonitor');
const { emit } = EventEmitter.prototype;

EventEmitter.errorMonitor = errorMonitor;
EventEmitter.prototype.emit = function (type, first, second) {
  if (type === 'error' && this.listenerCount(errorMonitor) > 0) emit.call(this, errorMonitor, first);
  // Without a list of arguments for messages, which have two.
  return arguments.length === 3 ? emit.call(this, type, first, second) : emit.apply(this, arguments);
};

module.exports = EventEmitter;
