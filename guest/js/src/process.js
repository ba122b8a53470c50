// Node's `process`, as far as a component has one, and the console.

import { exit as leave } from 'wasi:cli/exit@0.2.0';
import { getArguments, getEnvironment } from 'wasi:cli/environment@0.2.0';
import { getStderr } from 'wasi:cli/stderr@0.2.0';
import { getStdout } from 'wasi:cli/stdout@0.2.0';
import { Buffer } from 'buffer/';
import EventEmitter from '../builtins/events.cjs';
import { errorText, format, inspect } from './inspect.js';
import { Promise, takeUnhandled } from './promise.js';
import { nextTick, observe } from './ticks.js';

/** A stream that is written at once. WASI takes 4,096 bytes a call. */
class Output extends EventEmitter {
  #open;
  #stream;
  writable = true;

  constructor(open, fd) {
    super();
    this.#open = open;
    this.fd = fd;
  }

  write(data, encoding, callback) {
    if (typeof encoding === 'function') [callback, encoding] = [encoding, undefined];
    const bytes = typeof data === 'string' ? Buffer.from(data, encoding) : data;
    this.#stream ??= this.#open();
    for (let at = 0; at < bytes.length; at += 4096) this.#stream.blockingWriteAndFlush(bytes.subarray(at, at + 4096));
    if (callback) nextTick(callback);
    return true;
  }
}

/** How the program ends, thrown where a service cannot leave from within a call. */
export class Exit {
  constructor(code, reason) {
    Object.assign(this, { code, reason });
  }
}

class Process extends EventEmitter {
  title = 'datagrant';
  platform = 'wasi';
  arch = 'wasm32';
  pid = 1;
  version = 'v26.0.0';
  versions = { node: '26.0.0' };
  exitCode = undefined;
  stdout = new Output(getStdout, 1);
  stderr = new Output(getStderr, 2);
  /** A service is called: only what calls it may end it. */
  isService = false;
  #argv;
  #env;

  get argv() {
    if (!this.#argv) {
      const [name = '', ...rest] = getArguments();
      this.#argv = ['datagrant', name, ...rest];
    }
    return this.#argv;
  }

  get env() {
    return this.#env ??= Object.fromEntries(getEnvironment());
  }

  nextTick(callback, ...args) {
    nextTick(callback, ...args);
  }

  cwd() {
    return '/';
  }

  uptime() {
    return performance.now() / 1000;
  }

  hrtime(before) {
    const now = performance.now() * 1e6;
    const [s, ns] = [Math.floor(now / 1e9), Math.floor(now % 1e9)];
    if (!before) return [s, ns];
    return ns < before[1] ? [s - before[0] - 1, ns + 1e9 - before[1]] : [s - before[0], ns - before[1]];
  }

  emitWarning(warning) {
    this.stderr.write(`(datagrant) ${warning?.name ?? 'Warning'}: ${warning?.message ?? warning}\n`);
  }

  /** Ends the program. WASI 0.2 tells 0 and 1: any other code is 1. */
  exit(code = this.exitCode ?? 0) {
    this.exitCode = code;
    this.emit('exit', Number(code));
    end(Number(this.exitCode));
  }
}

function end(code, reason) {
  if (process.isService) throw new Exit(code, reason);
  if (reason) process.stderr.write(`${reason}\n`);
  leave(code === 0 ? { tag: 'ok' } : { tag: 'err' });
}

export const process = new Process();
process.hrtime.bigint = () => BigInt(Math.round(performance.now() * 1e6));

/** What nobody caught ends the program, with its message and stack, unless `uncaughtException` has a listener. */
export function uncaught(error, origin = 'uncaughtException') {
  if (error instanceof Exit) throw error;
  if (process.listenerCount('uncaughtException') > 0) return process.emit('uncaughtException', error, origin);
  end(1, `Uncaught ${error instanceof Error ? errorText(error) : inspect(error)}`);
}

observe(uncaught, () => {
  for (const promise of takeUnhandled()) {
    const reason = Promise.reasonOf(promise);
    if (process.emit('unhandledRejection', reason, promise)) continue;
    uncaught(reason, 'unhandledRejection');
  }
});

const timers = new Map();
const counts = new Map();
const to = (stream) => (...args) => void process[stream].write(`${format(...args)}\n`);

export const console = {
  log: to('stdout'),
  info: to('stdout'),
  debug: to('stdout'),
  dir: (value, options) => void process.stdout.write(`${inspect(value, options)}\n`),
  error: to('stderr'),
  warn: to('stderr'),
  trace: (...args) => console.error(`Trace: ${format(...args)}\n${new Error().stack}`),
  assert: (value, ...args) => void (value || console.error('Assertion failed', ...args)),
  group: (...args) => console.log(...args),
  groupEnd() {},
  table: (value) => console.log(value),
  count(label = 'default') {
    counts.set(label, (counts.get(label) ?? 0) + 1);
    console.log(`${label}: ${counts.get(label)}`);
  },
  time: (label = 'default') => void timers.set(label, performance.now()),
  timeEnd: (label = 'default') => console.log(`${label}: ${(performance.now() - timers.get(label)).toFixed(3)}ms`),
};
