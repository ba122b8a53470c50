// Timers and immediates, with Node's objects. Times are in milliseconds.

import { call } from './ticks.js';
import { Promise } from './promise.js';

const LONGEST = 2 ** 31 - 1;
const now = () => performance.now();

// A binary heap by time, then by age. A cleared timer stays in it until its time has come.
const heap = [];
const armed = new Map();
let age = 0;
let refs = 0;
let immediates = [];

const isBefore = (a, b) => a.due < b.due || (a.due === b.due && a.age < b.age);

function push(entry) {
  let i = heap.push(entry) - 1;
  for (let up; i > 0 && isBefore(entry, heap[up = (i - 1) >> 1]); i = up) [heap[i], heap[up]] = [heap[up], heap[i]];
}

function pop() {
  const first = heap[0], last = heap.pop();
  if (heap.length === 0) return first;
  heap[0] = last;
  for (let i = 0; ;) {
    let least = i;
    for (const down of [2 * i + 1, 2 * i + 2]) if (down < heap.length && isBefore(heap[down], heap[least])) least = down;
    if (least === i) return first;
    [heap[i], heap[least]] = [heap[least], heap[i]];
    i = least;
  }
}

/** What Node calls a Timeout. */
class Timeout {
  #entry;
  #isRef = true;

  constructor(callback, delay, repeat, args) {
    if (typeof callback !== 'function') {
      const error = new TypeError(`The "callback" argument must be of type function. Received ${String(callback)}`);
      throw Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
    }
    delay = Math.trunc(Number(delay));
    this.delay = delay >= 1 && delay <= LONGEST ? delay : 1;
    Object.assign(this, { callback, repeat, args });
    this.id = ++age;
    this.#arm();
  }

  #arm() {
    this.#entry = { due: now() + this.delay, age: ++age, timer: this };
    push(this.#entry);
    if (!armed.has(this.id)) {
      armed.set(this.id, this);
      if (this.#isRef) refs++;
    }
  }

  /** Its time has come, unless it was cleared or refreshed since. */
  fire(entry) {
    if (entry !== this.#entry) return;
    this.#entry = undefined;
    const { callback, args } = this;
    try {
      call(() => callback.apply(this, args));
    } finally {
      // Unless the callback refreshed or cleared it.
      if (this.#entry === undefined && armed.has(this.id)) {
        if (this.repeat) this.#arm();
        else this.close();
      }
    }
  }

  close() {
    this.#entry = undefined;
    if (armed.delete(this.id) && this.#isRef) refs--;
    return this;
  }

  refresh() {
    this.#arm();
    return this;
  }

  ref() {
    return this.#setRef(true);
  }

  unref() {
    return this.#setRef(false);
  }

  #setRef(isRef) {
    if (isRef !== this.#isRef && armed.has(this.id)) refs += isRef ? 1 : -1;
    this.#isRef = isRef;
    return this;
  }

  hasRef() {
    return this.#isRef;
  }

  [Symbol.toPrimitive]() {
    return this.id;
  }

  [Symbol.dispose]() {
    this.close();
  }
}

class Immediate {
  isRef = true;
  constructor(callback, args) {
    Object.assign(this, { callback, args });
    immediates.push(this);
  }
  ref() {
    this.isRef = true;
    return this;
  }
  unref() {
    this.isRef = false;
    return this;
  }
  hasRef() {
    return this.isRef;
  }
  [Symbol.dispose]() {
    clearImmediate(this);
  }
}

export const setTimeout = (callback, delay, ...args) => new Timeout(callback, delay, false, args);
export const setInterval = (callback, delay, ...args) => new Timeout(callback, delay, true, args);
export const setImmediate = (callback, ...args) => new Immediate(callback, args);

export function clearTimeout(timer) {
  if (typeof timer === 'string') timer = Number(timer);
  (typeof timer === 'number' ? armed.get(timer) : timer instanceof Timeout ? timer : undefined)?.close();
}

export const clearInterval = clearTimeout;

export function clearImmediate(immediate) {
  if (immediate instanceof Immediate) immediate.callback = undefined;
}

/** `timers/promises`. */
export const promises = {
  setTimeout: (delay, value, options) => later((done) => new Timeout(done, delay, false, []), clearTimeout, value, options),
  setImmediate: (value, options) => later((done) => new Immediate(done, []), clearImmediate, value, options),
};

function later(begin, clear, value, { signal, ref = true } = {}) {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clear(timer);
      const error = new Error('The operation was aborted', { cause: signal.reason });
      reject(Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' }));
    };
    const timer = begin(() => {
      signal?.removeEventListener('abort', abort);
      resolve(value);
    });
    if (!ref) timer.unref();
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

/** Runs the timers whose time has come; those that they set wait for the next turn. */
export function runTimers() {
  const time = now(), newest = age;
  const early = [];
  while (heap.length > 0 && heap[0].due <= time) {
    const entry = pop();
    if (entry.age > newest) early.push(entry);
    else entry.timer.fire(entry);
  }
  early.forEach(push);
}

export function runImmediates() {
  const list = immediates;
  immediates = [];
  for (const immediate of list) if (immediate.callback) call(() => immediate.callback(...immediate.args));
}

/** How long the loop may wait: 0 with immediates, Infinity without timers. */
export function untilNext() {
  if (immediates.some((immediate) => immediate.callback)) return 0;
  while (heap.length > 0 && !armed.has(heap[0].timer.id)) pop();
  return heap.length > 0 ? Math.max(0, heap[0].due - now()) : Infinity;
}

/** Whether a timer or an immediate keeps the program alive. */
export const areTimersAlive = () => refs > 0 || immediates.some((immediate) => immediate.isRef && immediate.callback);
