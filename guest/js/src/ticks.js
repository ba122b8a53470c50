// What runs before the loop goes on: ticks first, then the jobs of promises, until none is left.

/** First in, first out, without moving what is left at each take. */
class Queue {
  items = [];
  next = 0;
  push(item) {
    this.items.push(item);
  }
  take() {
    const item = this.items[this.next];
    this.items[this.next++] = undefined;
    if (this.next === this.items.length) [this.items, this.next] = [[], 0];
    return item;
  }
  get isEmpty() {
    return this.items.length === 0;
  }
}

const ticks = new Queue();
const jobs = new Queue();
let onThrow = (error) => { throw error; };
let settled = () => {};

/** Hears of what a callback threw; and what is looked at whenever all ticks and jobs have run. */
export function observe(thrown, afterJobs) {
  [onThrow, settled] = [thrown, afterJobs];
}

/** `process.nextTick`. */
export function nextTick(callback, ...args) {
  ticks.push(args.length ? () => callback(...args) : callback);
}

export function queueMicrotask(callback) {
  jobs.push(callback);
}

/** Runs a callback of the loop, and all that it left to be done. */
export function call(callback, ...args) {
  run(callback, args);
  drain();
}

function run(callback, args) {
  try {
    callback(...args);
  } catch (error) {
    onThrow(error);
  }
}

const NONE = [];

export function drain() {
  do {
    while (!ticks.isEmpty) run(ticks.take(), NONE);
    while (!jobs.isEmpty) run(jobs.take(), NONE);
    if (ticks.isEmpty) settled();
  } while (!ticks.isEmpty || !jobs.isEmpty);
}
