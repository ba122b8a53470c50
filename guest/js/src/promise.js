// Promises whose jobs the loop runs.
//
// An export of a component returns before the engine runs its own jobs, and QuickJS never runs them: so the loop, which is
// one long call, needs promises of its own. The build command turns async functions into generators over them.

import { queueMicrotask, unsettle } from './ticks.js';

const PENDING = 0, FULFILLED = 1, REJECTED = 2;
const unhandled = new Set();
const NONE = [];

/** Takes the promises that were rejected and that nobody listens to. */
export function takeUnhandled() {
  if (unhandled.size === 0) return NONE;
  const list = [...unhandled];
  unhandled.clear();
  return list;
}

export class Promise {
  #state = PENDING;
  #value;
  #reactions = [];
  #isHandled = false;

  constructor(executor) {
    if (typeof executor !== 'function') throw new TypeError(`Promise resolver ${String(executor)} is not a function`);
    const { resolve, reject } = this.#resolvers();
    try {
      executor(resolve, reject);
    } catch (error) {
      reject(error);
    }
  }

  /** One of the two may be called, once. */
  #resolvers() {
    let isDone = false;
    const once = (act) => (value) => {
      if (isDone) return;
      isDone = true;
      act(value);
    };
    return { resolve: once((value) => this.#resolve(value)), reject: once((reason) => this.#settle(REJECTED, reason)) };
  }

  #resolve(value) {
    if (value === this) return this.#settle(REJECTED, new TypeError('Chaining cycle detected for promise #<Promise>'));
    if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return this.#settle(FULFILLED, value);
    let then;
    try {
      then = value.then;
    } catch (error) {
      return this.#settle(REJECTED, error);
    }
    if (typeof then !== 'function') return this.#settle(FULFILLED, value);
    queueMicrotask(() => {
      const { resolve, reject } = this.#resolvers();
      try {
        then.call(value, resolve, reject);
      } catch (error) {
        reject(error);
      }
    });
  }

  #settle(state, value) {
    [this.#state, this.#value] = [state, value];
    const reactions = this.#reactions;
    this.#reactions = undefined;
    if (state === REJECTED && !this.#isHandled) {
      unhandled.add(this);
      unsettle();
    }
    for (const reaction of reactions) queueMicrotask(() => reaction(state, value));
  }

  then(onFulfilled, onRejected) {
    const { promise, resolve, reject } = (this.constructor[Symbol.species] ?? Promise).withResolvers();
    const reaction = (state, value) => {
      const handler = state === FULFILLED ? onFulfilled : onRejected;
      if (typeof handler !== 'function') return state === FULFILLED ? resolve(value) : reject(value);
      try {
        resolve(handler(value));
      } catch (error) {
        reject(error);
      }
    };
    this.#isHandled = true;
    unhandled.delete(this);
    if (this.#state === PENDING) this.#reactions.push(reaction);
    else queueMicrotask(() => reaction(this.#state, this.#value));
    return promise;
  }

  catch(onRejected) {
    return this.then(undefined, onRejected);
  }

  finally(callback) {
    if (typeof callback !== 'function') return this.then(callback, callback);
    const C = this.constructor;
    return this.then(
      (value) => C.resolve(callback()).then(() => value),
      (reason) => C.resolve(callback()).then(() => { throw reason; }),
    );
  }

  get [Symbol.toStringTag]() {
    return 'Promise';
  }

  static get [Symbol.species]() {
    return this;
  }

  /** The reason of a rejected promise. */
  static reasonOf(promise) {
    return promise.#value;
  }

  static resolve(value) {
    return value instanceof Promise && value.constructor === this ? value : new this((resolve) => resolve(value));
  }

  static reject(reason) {
    return new this((_, reject) => reject(reason));
  }

  static withResolvers() {
    const all = {};
    all.promise = new this((resolve, reject) => Object.assign(all, { resolve, reject }));
    return all;
  }

  static try(callback, ...args) {
    return new this((resolve) => resolve(callback(...args)));
  }

  static race(values) {
    return new this((resolve, reject) => {
      for (const value of values) this.resolve(value).then(resolve, reject);
    });
  }

  static all(values) {
    return this.#collect(values, (entry, place, done, resolve, reject) => entry.then((value) => done(place, value), reject));
  }

  static allSettled(values) {
    return this.#collect(values, (entry, place, done) => entry.then(
      (value) => done(place, { status: 'fulfilled', value }),
      (reason) => done(place, { status: 'rejected', reason }),
    ));
  }

  static any(values) {
    const failed = (errors) => { throw new AggregateError(errors, 'All promises were rejected'); };
    return new this((resolve, reject) => {
      this.#collect(values, (entry, place, done) => entry.then(resolve, (reason) => done(place, reason)))
        .then(failed).catch(reject);
    });
  }

  static #collect(values, listen) {
    return new this((resolve, reject) => {
      const results = [];
      let left = 1;
      const finish = () => --left === 0 && resolve(results);
      const done = (place, value) => {
        results[place] = value;
        finish();
      };
      let place = 0;
      for (const value of values) {
        results.push(undefined);
        left++;
        listen(this.resolve(value), place++, done, resolve, reject);
      }
      finish();
    });
  }
}
