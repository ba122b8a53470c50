// How a program lives: as a command, which has a loop of its own, or as a service, which is called.

import './globals.js';
import { runLoop, step as stepOf } from './loop.js';
import { Exit, process } from './process.js';
import { call, queueMicrotask } from './ticks.js';

/** `load` imports the program: what it does at its top level, it does when the component runs. What it throws, nobody catches. */
const start = (load) => queueMicrotask(load);

const beforeEnd = () => process.emit('beforeExit', process.exitCode ?? 0);

/** `wasi:cli/run`. */
export function command(load) {
  return {
    run() {
      start(load);
      runLoop(beforeEnd);
      process.exit();
    },
  };
}

/** `datagrant:dgram/handler`. */
export function service(load) {
  process.isService = true;
  let isStarted = false;

  const answer = (act, ready) => {
    try {
      act();
      const wanted = stepOf(ready, beforeEnd);
      if (wanted) return { tag: 'wait', val: wanted };
      process.exit();
    } catch (error) {
      if (!(error instanceof Exit)) throw error;
      return error.code === 0 ? { tag: 'done' } : { tag: 'failed', val: error.reason ?? `exit code ${error.code}` };
    }
  };

  return {
    step(ready) {
      return answer(() => {
        if (!isStarted) start(load);
        isStarted = true;
      }, ready);
    },
    /** As SIGTERM in Node: `process.on('SIGTERM')` hears of it, and without a listener the program ends. */
    stop() {
      const hear = () => process.emit('SIGTERM', 'SIGTERM', 15) || process.exit(0);
      return answer(() => call(hear), { receive: [], send: [] });
    },
  };
}
