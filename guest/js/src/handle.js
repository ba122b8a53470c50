// A socket of the contract, with the state and the send queue that Node's dgram expects of libuv.

import { Socket } from 'datagrant:dgram/sockets@0.1.0';
import * as bursts from 'datagrant:dgram/bursts@0.1.0';
import * as granted from 'datagrant:dgram/granted@0.1.0';
import { Buffer } from 'buffer/';
import { fromHeader, fromSocketAddress } from './address.js';
import { codeOf } from './errors.js';
import { drop } from './host.js';
import { look, unwatch, watch } from './loop.js';
import { call } from './ticks.js';
import { setImmediate } from './timers.js';

/** Datagrams a call, and the longest of one. */
const BURST = 64, LONGEST = 65_535;
const STRIDE = 32;

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
  /** The last header, and its address as text. */
  #last = new Uint32Array(8);
  #lastText;

  /** `family`: 4 or 6. `events`: `message(buffer, rinfo)` and `error(errorCode)`. */
  constructor(family, flags, events) {
    Object.assign(this, { family, flags, events });
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
      call(done, code);
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
    const code = failure(() => { burst = bursts.receive(this.#socket, BURST, LONGEST); });
    if (code !== undefined) {
      call(this.events.error, code);
      return this.#socket !== undefined;
    }
    this.#tell(burst);
    if (burst.moreEvents && this.#socket) this.#others();
    // What is there beyond a burst that was not full, a wait will tell.
    return this.#socket !== undefined && (burst.moreEvents || burst.headers.length === BURST * STRIDE);
  }

  #tell({ headers, payload }) {
    if (headers.length === 0) return;
    const words = new Uint32Array(headers.buffer, headers.byteOffset, headers.length / 4);
    const peerBefore = this.#peer, family = this.family === 4 ? 'IPv4' : 'IPv6';
    let start = payload.byteOffset;
    for (let at = 0; at < headers.length && this.#socket; at += STRIDE) {
      const word = at / 4, size = words[word];
      const address = this.#addressOf(headers, words, word);
      const port = words[word + 1] >>> 16;
      // What Buffer.from does, without its questions.
      const data = Reflect.construct(Uint8Array, [payload.buffer, start, size], Buffer);
      start += size;
      // Connected by a callback since the burst was taken: of others nothing is told any more.
      const peer = this.#peer;
      if (peer !== peerBefore && peer && (peer.address !== address || peer.port !== port)) continue;
      call(this.events.message, data, { address, family, port, size });
    }
  }

  /** Text of the address of a header; peers often write more than once in a row. */
  #addressOf(headers, words, word) {
    const last = this.#last;
    for (let i = 3; i < 8; i++) {
      if (words[word + i] === last[i]) continue;
      last.set(words.subarray(word, word + 8));
      this.#lastText = fromHeader(headers, 4 * word + 16, this.family, words[word + 3]);
      break;
    }
    return this.#lastText;
  }

  /** Takes what is no datagram; what follows from our own calls is told by those. */
  #others() {
    for (const { tag, val } of this.#socket.nextEvents(1)) {
      if (tag === 'error') call(this.events.error, val);
      else if (tag === 'close') call(this.events.revoked);
      else if (tag === 'message') {
        call(this.events.message, Buffer.from(val.data), { ...fromSocketAddress(val.remote), size: val.data.length });
      }
    }
  }
}

function invalidState() {
  throw Object.assign(new Error('invalid-state'), { payload: 'invalid-state' });
}
