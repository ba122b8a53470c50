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
/** Whether there is something to drain: for a loop over datagrams, most of which leave nothing to be done. */
export let isIdle = true;
/** Hears of what a callback threw. */
export let thrown = (error) => { throw error; };
let settled = () => {};

/** `onThrow`: as `thrown`. `afterJobs`: what is looked at whenever all ticks and jobs have run. */
export function observe(onThrow, afterJobs) {
  [thrown, settled] = [onThrow, afterJobs];
}

/** There is something that `settled` has to look at. */
export function unsettle() {
  isIdle = false;
}

/** `process.nextTick`. */
export function nextTick(callback, ...args) {
  isIdle = false;
  ticks.push(args.length ? () => callback(...args) : callback);
}

export function queueMicrotask(callback) {
  isIdle = false;
  jobs.push(callback);
}

/** Runs a callback of the loop, and all that it left to be done. */
export function call(callback) {
  run(callback);
  drain();
}

function run(callback) {
  try {
    callback();
  } catch (error) {
    thrown(error);
  }
}

export function drain() {
  while (!isIdle) {
    isIdle = true;
    while (!ticks.isEmpty) run(ticks.take());
    while (!jobs.isEmpty) run(jobs.take());
    if (ticks.isEmpty) settled();
  }
}
