// Tests that run on Node and in a component alike: one line a test on stdout, status 1 when one failed.

import dgram from 'node:dgram';
import { inspect } from 'node:util';

const tests = [];

/** A row of the table. `body` may answer a promise; it has 10 s. */
export const test = (name, body) => tests.push({ name, body });

export async function run() {
  let failed = 0;
  for (const { name, body } of tests) {
    try {
      await within(10_000, body);
      console.log(`ok ${name}`);
    } catch (error) {
      failed++;
      console.log(`not ok ${name}`);
      console.error(`${name}:`, error);
    }
    for (const socket of opened.splice(0)) {
      socket.removeAllListeners();
      socket.on('error', () => {});
      try {
        socket.close();
      } catch { /* the test has closed it */ }
    }
  }
  console.log(`${tests.length} tests, ${failed} failed`);
  process.exitCode = failed ? 1 : 0;
}

async function within(milliseconds, body) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${milliseconds} ms`)), milliseconds);
  });
  try {
    await Promise.race([Promise.resolve().then(body), late]);
  } finally {
    clearTimeout(timer);
  }
}

const opened = [];

/** A socket that is closed after the test. */
export function open(options = 'udp4', listener = undefined) {
  const socket = dgram.createSocket(options, listener);
  opened.push(socket);
  return socket;
}

/** A socket bound to a free port of loopback. */
export async function bound(options = 'udp4') {
  const socket = open(options);
  const type = options.type ?? options;
  socket.bind(0, type === 'udp4' ? '127.0.0.1' : '::1');
  await event(socket, 'listening');
  return socket;
}

/** The arguments of the next event of this name. */
export const event = (emitter, name) => new Promise((resolve, reject) => {
  const onError = (error) => reject(error);
  if (name !== 'error') emitter.once('error', onError);
  emitter.once(name, (...args) => {
    emitter.removeListener('error', onError);
    resolve(args);
  });
});

/** The arguments of a callback. */
export const called = (act) => new Promise((resolve) => {
  act((...args) => resolve(args));
});

export const later = (milliseconds) => new Promise((resolve) => {
  setTimeout(resolve, milliseconds);
});

export function equal(actual, expected) {
  const [a, b] = [inspect(actual, { depth: 9 }), inspect(expected, { depth: 9 })];
  if (a !== b) throw new Error(`expected ${b}, got ${a}`);
}

/** Checks these fields of an error. */
export function isError(error, fields) {
  if (!(error instanceof Error)) throw new Error(`expected an error, got ${inspect(error)}`);
  for (const [name, expected] of Object.entries(fields)) {
    if (error[name] !== expected) throw new Error(`${name}: expected ${inspect(expected)}, got ${inspect(error[name])} (${error.message})`);
  }
}

/** Checks that a call throws an error with these fields. */
export function throws(act, fields) {
  let error;
  try {
    act();
  } catch (thrown) {
    error = thrown;
  }
  if (error === undefined) throw new Error(`expected ${fields.code ?? 'an error'}, and nothing was thrown`);
  isError(error, fields);
}
