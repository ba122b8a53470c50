// What programs for Node find without importing it.

import { Buffer } from 'buffer/';
import * as events from './event-target.js';
import { isQuickJS } from './host.js';
import { console, process } from './process.js';
import { Promise } from './promise.js';
import { crypto, random } from './random.js';
import * as text from './text.js';
import { queueMicrotask } from './ticks.js';
import * as timers from './timers.js';

Symbol.dispose ??= Symbol('Symbol.dispose');
Symbol.asyncDispose ??= Symbol('Symbol.asyncDispose');

const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate } = timers;
const ours = {
  Buffer, Promise, console, process, queueMicrotask, global: globalThis,
  setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate,
  // The engine's own times out by a loop that never runs.
  AbortSignal: events.AbortSignal, AbortController: events.AbortController,
};
for (const [name, value] of Object.entries(ours)) define(name, value);
if (isQuickJS) {
  Math.random = random;
  // Its clock began when the component was built.
  const engine = performance;
  let start;
  define('performance', {
    now() {
      start ??= engine.now();
      return engine.now() - start;
    },
  });
}
for (const [name, value] of Object.entries({ ...text, crypto, Event: events.Event, EventTarget: events.EventTarget })) {
  if (globalThis[name] === undefined) define(name, value);
}

function define(name, value) {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}
