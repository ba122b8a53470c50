// A socket of the contract, with the state and the send queue that Node's dgram expects of libuv.

import { Socket } from 'datagrant:dgram/sockets@0.1.0';
import * as bursts from 'datagrant:dgram/bursts@0.1.0';
import * as granted from 'datagrant:dgram/granted@0.1.0';
import { Buffer } from 'buffer/';
import EventEmitter from '../builtins/events.cjs';
import { fromHeader, fromSocketAddress } from './address.js';
import { codeOf } from './errors.js';
import { drop } from './host.js';
import { look, unwatch, watch } from './loop.js';
import { call, drain, isIdle, thrown } from './ticks.js';
import { setImmediate } from './timers.js';

const { emit } = EventEmitter.prototype;
/** Datagrams a call. */
const BURST = 64;
/** Words of 32 bits a header. */
const STRIDE = 8;

/** What Buffer.from makes of a part of a burst, in a quarter of the time: as Node's own of this name. */
class FastBuffer extends Uint8Array {}
Object.setPrototypeOf(FastBuffer.prototype, Buffer.prototype);
Object.defineProperty(FastBuffer.prototype, 'constructor', { value: Buffer });

/** How often a socket was closed or connected: with it what was received may not be told any more. */
let changes = 0;
/** Of an emitter whose own `emit` has to be called. */
const NO_LISTENER = { _events: {} };

/** What `act` throws, as an error-code; undefined when it does not. */
export function failure(act) {
  try {
    act();
  } catch (error) {
    return codeOf(error);
  }
}

export class Handle {
  #socket;
  #queue = [];
  #isRef = true;
  #isReceiving = false;
  #peer;
  /** The address of the last datagram: its words in the header, and as text. */
  #words = new Uint32Array(STRIDE);
  #text;

  /**
   * `family`: 4 or 6. `events`: `emitter`, which emits `message`; `isBlocked(address)`, if anybody is; `error(errorCode)`;
   * `revoked()`.
   */
  constructor(family, flags, events) {
    // No UDP datagram is longer: 65,535 less the headers of UDP and of IPv4.
    Object.assign(this, { family, flags, events, longest: family === 4 ? 65_507 : 65_527 });
  }

  get isBound() {
    return this.#socket !== undefined;
  }

  /** The socket of the contract; a call on one that is not bound is `invalid-state`, Node's EBADF. */
  get socket() {
    return this.#socket ?? invalidState();
  }

  bind(local, isExclusive) {
    if (this.#socket) invalidState();
    const socket = Socket.create(this.family === 4 ? 'ipv4' : 'ipv6', this.flags);
    try {
      socket.bind(local, isExclusive);
    } catch (error) {
      drop(socket);
      throw error;
    }
    this.#begin(socket);
  }

  /** A socket that the host has bound and hands in by name. */
  adopt(name) {
    const socket = granted.take(name);
    const family = socket.family() === 'ipv4' ? 4 : 6;
    if (family !== this.family) {
      drop(socket);
      throw Object.assign(new Error('the socket that was handed in is of the other family'), { payload: 'invalid-argument' });
    }
    this.#begin(socket);
  }

  #begin(socket) {
    this.#socket = socket;
    this.id = socket.id();
    watch(this);
  }

  /** From now on datagrams are told and, with `ref`, keep the program alive. */
  receive() {
    this.#isReceiving = true;
  }

  connect(remote) {
    this.socket.connect(remote);
    this.#peer = fromSocketAddress(this.#socket.remoteAddress());
    changes++;
    look(this);
  }

  disconnect() {
    this.socket.disconnect();
    this.#peer = undefined;
  }

  close() {
    if (!this.#socket) return;
    this.#socket.close();
    unwatch(this);
    drop(this.#socket);
    this.#socket = undefined;
    changes++;
    this.#isReceiving = false;
    const cancelled = this.#queue;
    this.#queue = [];
    if (cancelled.length > 0) setImmediate(() => cancelled.forEach(({ done }) => done('cancelled')));
  }

  /** Sends now or, with the kernel's buffer full, later. `done(errorCode or undefined)` only hears of what came later. */
  send(bytes, remote, done) {
    if (this.#queue.length === 0) {
      const code = failure(() => this.socket.send(bytes, remote));
      if (code !== 'would-block') return { code };
    }
    this.#queue.push({ bytes: bytes.slice(), remote, done });
    return { isQueued: true };
  }

  #flush() {
    while (this.#queue.length > 0) {
      const { bytes, remote, done } = this.#queue[0];
      const code = failure(() => this.socket.send(bytes, remote));
      if (code === 'would-block') return;
      this.#queue.shift();
      call(() => done(code));
      if (!this.#socket) return;
    }
  }

  get queueCount() {
    return this.#queue.length;
  }

  get queueSize() {
    return this.#queue.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  set isRef(isRef) {
    this.#isRef = isRef;
  }

  // For the loop.

  get wantsSend() {
    return this.#queue.length > 0;
  }

  get isAlive() {
    return (this.#isRef && this.#isReceiving) || this.#queue.length > 0;
  }

  /** Flushes, and tells a burst of datagrams; whether there may be more. */
  take() {
    this.#flush();
    if (!this.#isReceiving) return false;
    let burst;
    const code = failure(() => { burst = bursts.receive(this.#socket, BURST, this.longest); });
    if (code !== undefined) {
      call(() => this.events.error(code));
      return this.#socket !== undefined;
    }
    this.#tell(burst);
    if (burst.moreEvents && this.#socket) this.#others();
    // What is there beyond a burst that was not full, a wait will tell.
    return this.#socket !== undefined && (burst.moreEvents || burst.headers.length === 4 * STRIDE * BURST);
  }

  // Each step costs an interpreter tens of nanoseconds: what is the same for many datagrams stands outside of the loop.
  #tell({ headers, payload }) {
    const { emitter, isBlocked } = this.events, { buffer } = payload;
    const listened = emitter.emit === emit && !isBlocked ? emitter : NO_LISTENER;
    const words = new Uint32Array(headers.buffer, headers.byteOffset, headers.length / 4);
    const isIPv6 = this.family === 6, family = isIPv6 ? 'IPv6' : 'IPv4';
    const last = this.#words, count = words.length, before = changes;
    let address = this.#text, end = address === undefined ? -1 : last[7], start = payload.byteOffset;
    for (let at = 0; at < count;) {
      try {
        while (at < count) {
          const size = words[at], port = words[at + 1] >>> 16;
          // Peers often write more than once in a row. The last word differs most; IPv4 has no other.
          if (words[at + 7] !== end || (isIPv6 && isOther(words, at, last))) {
            last.set(words.subarray(at, at + STRIDE));
            end = last[7];
            address = this.#text = fromHeader(headers, 4 * at + 16, this.family, words[at + 3]);
          }
          at += STRIDE;
          const data = new FastBuffer(buffer, start, size);
          start += size;
          if (changes !== before && !this.#isHeard(address, port)) continue;
          const listener = listened._events.message;
          // One listener, as most sockets have, is called without the list of arguments that `emit` makes.
          if (typeof listener === 'function') listener.call(emitter, data, { address, family, port, size });
          else this.#message(data, { address, family, port, size });
          if (!isIdle) drain();
        }
      } catch (error) {
        thrown(error);
        drain();
      }
    }
  }

  #message(data, rinfo) {
    const { emitter, isBlocked } = this.events;
    if (!isBlocked?.(rinfo.address)) emitter.emit('message', data, rinfo);
  }

  /** Whether a datagram is told that was received before a callback closed the socket, or connected it to somebody. */
  #isHeard(address, port) {
    const peer = this.#peer;
    return this.#socket !== undefined && (!peer || (peer.address === address && peer.port === port));
  }

  /** Takes what is no datagram; what follows from our own calls is told by those. */
  #others() {
    const { error, revoked } = this.events;
    for (const { tag, val } of this.#socket.nextEvents(1)) {
      if (tag === 'error') call(() => error(val));
      else if (tag === 'close') call(revoked);
      else if (tag === 'message') {
        call(() => this.#message(Buffer.from(val.data), { ...fromSocketAddress(val.remote), size: val.data.length }));
      }
    }
  }
}

/** Whether a header's scope or address differ from those in `last`. */
function isOther(words, at, last) {
  for (let i = 3; i < 7; i++) if (words[at + i] !== last[i]) return true;
  return false;
}

function invalidState() {
  throw Object.assign(new Error('invalid-state'), { payload: 'invalid-state' });
}
