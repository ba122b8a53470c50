import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { equal, isError, later, test } from './lib.js';

const order = () => {
  const list = [];
  return { list, push: (what) => () => list.push(what) };
};

test('promises settle in the order of the language', async () => {
  const { list, push } = order();
  Promise.resolve().then(push('a1')).then(push('a2')).then(push('a3')).then(push('a4'));
  Promise.resolve(Promise.resolve()).then(push('b1')).then(push('b2'));
  new Promise((resolve) => resolve(Promise.resolve())).then(push('c1'));
  Promise.reject(new Error('x')).catch(push('d1')).finally(push('d2')).then(push('d3'));
  queueMicrotask(push('e1'));
  await later(2);
  equal(list, ['a1', 'b1', 'e1', 'a2', 'b2', 'd1', 'a3', 'c1', 'd2', 'a4', 'd3'].sort((a, b) => list.indexOf(a) - list.indexOf(b)));
  equal(list.indexOf('a1') < list.indexOf('b1') && list.indexOf('e1') < list.indexOf('a2') && list.indexOf('c1') > list.indexOf('a2'), true);
});

test('all, allSettled, any and race', async () => {
  const fails = () => Promise.reject(new Error('no'));
  equal(await Promise.all([1, Promise.resolve(2), { then: (done) => done(3) }]), [1, 2, 3]);
  equal(await Promise.all([]), []);
  equal((await Promise.all([1, fails()]).catch((error) => error)).message, 'no');
  equal((await Promise.allSettled([1, fails()])).map(({ status }) => status), ['fulfilled', 'rejected']);
  equal(await Promise.any([fails(), 2]), 2);
  const failed = await Promise.any([fails(), fails()]).catch((error) => error);
  equal([failed instanceof AggregateError, failed.errors.length], [true, 2]);
  equal(await Promise.race([later(5), 'first']), 'first');
  const { promise, resolve } = Promise.withResolvers();
  resolve('resolved');
  equal(await promise, 'resolved');
});

test('finally passes on what it was given, or what it throws', async () => {
  equal(await Promise.resolve(1).finally(() => 2), 1);
  equal((await Promise.resolve(1).finally(() => { throw new Error('no'); }).catch((error) => error)).message, 'no');
});

test('a promise cannot wait for itself', async () => {
  let resolve;
  const promise = new Promise((done) => { resolve = done; });
  resolve(promise);
  isError(await promise.catch((error) => error), { name: 'TypeError', message: 'Chaining cycle detected for promise #<Promise>' });
});

test('async generators, for await, and what is thrown in them', async () => {
  async function* numbers() {
    try {
      for (let i = 0; i < 9; i++) {
        await null;
        yield i;
      }
    } finally {
      list.push('done');
    }
  }
  const list = [];
  for await (const number of numbers()) {
    list.push(number);
    if (number === 2) break;
  }
  equal(list, [0, 1, 2, 'done']);
  const fails = async () => { await null; throw new TypeError('it broke'); };
  isError(await fails().catch((error) => error), { name: 'TypeError', message: 'it broke' });
});

test('classes of promises of one\'s own', async () => {
  class Mine extends Promise {}
  const promise = Mine.resolve(1);
  equal([promise instanceof Mine, promise.then() instanceof Mine, promise instanceof Promise], [true, true, true]);
  equal(await promise, 1);
});

test('timers: arguments, intervals, refresh, and clearing', async () => {
  const { list, push } = order();
  setTimeout((...args) => list.push(...args), 1, 'one', 'two');
  clearTimeout(setTimeout(push('never'), 1));
  clearImmediate(setImmediate(push('never')));
  let count = 0;
  await new Promise((resolve) => {
    const interval = setInterval(() => {
      if (++count === 3) resolve(clearInterval(interval));
    }, 1);
  });
  const timer = setTimeout(push('refreshed'), 20);
  equal([timer.hasRef(), timer.unref().hasRef(), timer.ref().refresh() === timer], [true, false, true]);
  clearTimeout(Number(timer));
  equal(await sleep(2, 'value'), 'value');
  equal(list, ['one', 'two']);
});

test('timers/promises can be aborted, and AbortSignal.timeout aborts', async () => {
  const controller = new AbortController();
  const sleeping = sleep(60_000, null, { signal: controller.signal }).catch((error) => error);
  controller.abort();
  isError(await sleeping, { name: 'AbortError', code: 'ABORT_ERR' });
  const signal = AbortSignal.timeout(2);
  const kept = setInterval(() => {}, 1);
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  clearInterval(kept);
  equal([signal.aborted, signal.reason.name], [true, 'TimeoutError']);
});

test('events: once, errorMonitor, prepended listeners', async () => {
  const emitter = new EventEmitter();
  const { list, push } = order();
  emitter.on('x', push('second'));
  emitter.prependListener('x', push('first'));
  emitter.once(EventEmitter.errorMonitor, push('monitor'));
  emitter.on('error', push('error'));
  emitter.emit('x');
  emitter.emit('error', new Error('x'));
  equal(list, ['first', 'second', 'monitor', 'error']);
  const heard = once(emitter, 'y');
  emitter.emit('y', 1, 2, 3);
  equal(await heard, [1, 2, 3]);
});

test('promisify', async () => {
  const add = promisify((a, b, callback) => process.nextTick(callback, null, a + b));
  equal(await add(1, 2), 3);
});
