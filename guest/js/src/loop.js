// The event loop: timers, sockets, immediates, in the order of Node's. Before each next callback all ticks and jobs of
// promises have run.

import { wait } from 'datagrant:dgram/wait@0.1.0';
import { nanoseconds } from './host.js';
import { call, drain } from './ticks.js';
import { areTimersAlive, runImmediates, runTimers, untilNext } from './timers.js';

/**
 * What can be waited for, by id: `{ id, isAlive, wantsSend, take() }`. `take` does what can be done now, and answers
 * whether there may be more.
 */
const watched = new Map();
/** Those that may have something to take. */
const hot = new Set();

export function watch(source) {
  watched.set(source.id, source);
  hot.add(source);
}

export function unwatch(source) {
  watched.delete(source.id);
  hot.delete(source);
}

/** Something may be there that no wait will tell. */
export function look(source) {
  hot.add(source);
}

/** The longest wait of a call: beyond 2^53 ns numbers are not exact. */
const LONGEST = 24 * 60 * 60 * 1000;

function isAlive() {
  for (const source of watched.values()) if (source.isAlive) return true;
  return areTimersAlive();
}

/** One turn without waiting. `ready`: what a wait answered. */
function turn(ready) {
  for (const list of [ready.receive, ready.send]) {
    for (const id of list) if (watched.has(id)) hot.add(watched.get(id));
  }
  drain();
  runTimers();
  for (const source of [...hot]) {
    // It may have been closed by another's callback.
    if (hot.has(source) && !source.take()) hot.delete(source);
  }
  runImmediates();
}

/** What to wait for after a turn, or none when nothing keeps the program alive. */
function wanted(beforeEnd) {
  if (!isAlive()) {
    call(beforeEnd);
    if (!isAlive()) return null;
  }
  const time = hot.size > 0 ? 0 : Math.min(untilNext(), LONGEST);
  const send = [];
  for (const source of watched.values()) if (source.wantsSend) send.push(source.id);
  return { on: { receive: [...watched.keys()], send }, time };
}

const NOTHING = { receive: [], send: [] };

/** Runs until nothing is left that keeps the program alive. */
export function runLoop(beforeEnd) {
  for (let ready = NOTHING; ;) {
    turn(ready);
    // With more to take, what others wait for is looked at too, so that none of them starves; if there are others.
    if (hot.size > 0 && hot.size === watched.size && isAlive()) {
      ready = NOTHING;
      continue;
    }
    const next = wanted(beforeEnd);
    if (next === null) return;
    ready = wait(next.on, nanoseconds(next.time));
  }
}

/** A service's step: the contract's `wanted`, or null. */
export function step(ready, beforeEnd) {
  turn(ready);
  const next = wanted(beforeEnd);
  return next && { on: next.on, timeout: nanoseconds(next.time) };
}
