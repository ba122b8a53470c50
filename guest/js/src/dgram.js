// Node's `dgram`.

import { Buffer } from 'buffer/';
import EventEmitter from '../builtins/events.cjs';
import { isIP, toSocketAddress } from './address.js';
import { BlockList } from './blocklist.js';
import * as errors from './errors.js';
import { Handle, failure } from './handle.js';
import * as dns from './dns.js';
import * as options from './options.js';
import { Promise } from './promise.js';
import { payload } from './payload.js';
import { nextTick } from './ticks.js';

const UNBOUND = 0, BINDING = 1, BOUND = 2;
const DISCONNECTED = 0, CONNECTING = 1, CONNECTED = 2;

const anyAddress = (family) => (family === 4 ? '0.0.0.0' : '::');
const loopback = (family) => (family === 4 ? '127.0.0.1' : '::1');

/** A numeric address that was given, or undefined. */
function numeric(address, name, method) {
  if (address == null || address === '') return undefined;
  errors.validateString(address, name);
  if (isIP(address)) return address;
  const reason = `must be a numeric IP address; ${method} does not perform DNS resolution`;
  throw errors.ERR_INVALID_ARG_VALUE(name, address, reason);
}

let running;

export class Socket extends EventEmitter {
  static {
    running = (socket) => socket.#running();
  }

  #handle;
  #bindState = UNBOUND;
  #connectState = DISCONNECTED;
  /** What waits for the end of a bind. */
  #queue;
  #lookup;
  #options;

  constructor(type, listener) {
    super();
    const given = type !== null && typeof type === 'object' ? type : { type };
    this.#options = given;
    for (const name of ['recvBufferSize', 'sendBufferSize']) {
      if (given[name]) errors.validateUint32(given[name], `options.${name}`);
    }
    for (const name of ['receiveBlockList', 'sendBlockList']) {
      if (given[name] && !BlockList.isBlockList(given[name])) {
        throw errors.ERR_INVALID_ARG_TYPE(`options.${name}`, 'an net.BlockList', given[name]);
      }
    }
    if (given.lookup !== undefined) errors.validateFunction(given.lookup, 'lookup');
    if (given.type !== 'udp4' && given.type !== 'udp6') throw errors.ERR_SOCKET_BAD_TYPE();
    const family = given.type === 'udp4' ? 4 : 6;
    const anyOf = given.lookup ?? dns.lookup;
    this.#lookup = (address, callback) => anyOf(address || loopback(family), family, callback);
    this.#handle = new Handle(family, {
      reuseAddress: Boolean(given.reuseAddr),
      reusePort: Boolean(given.reusePort),
      ipv6Only: Boolean(given.ipv6Only),
    }, {
      emitter: this,
      isBlocked: given.receiveBlockList && ((address) => given.receiveBlockList.check(address, `ipv${family}`)),
      error: (code) => this.emit('error', errors.systemError(code, 'recvmsg')),
      // The grants were withdrawn.
      revoked: () => this.#handle && this.close(),
    });
    this.type = given.type;
    if (typeof listener === 'function') this.on('message', listener);
    if (given.signal !== undefined) this.#closeOnAbort(given.signal);
  }

  #closeOnAbort(signal) {
    if (signal === null || typeof signal !== 'object' || !('aborted' in signal)) {
      throw errors.ERR_INVALID_ARG_TYPE('options.signal', 'an instance of AbortSignal', signal);
    }
    const onAborted = () => {
      if (this.#handle) this.close();
    };
    if (signal.aborted) return onAborted();
    signal.addEventListener('abort', onAborted, { once: true });
    this.once('close', () => signal.removeEventListener('abort', onAborted));
  }

  #running() {
    if (!this.#handle) throw errors.ERR_SOCKET_DGRAM_NOT_RUNNING();
    return this.#handle;
  }

  get #family() {
    return this.type === 'udp4' ? 4 : 6;
  }

  bind(port, address, ...rest) {
    this.#running();
    if (this.#bindState !== UNBOUND) throw errors.ERR_SOCKET_ALREADY_BOUND();
    this.#bindState = BINDING;
    const callback = [port, address, ...rest].findLast((argument) => typeof argument === 'function');
    if (callback) this.#onceListening(callback);
    if (typeof port === 'function') port = undefined;
    let exclusive = false;
    if (port !== null && typeof port === 'object') {
      if (port.fd !== undefined) return this.#take(port.fd);
      ({ address, exclusive = false, port } = port);
    }
    if (typeof address === 'function' || !address) address = anyAddress(this.#family);
    this.#lookup(address, (error, ip) => {
      // Closed in the meantime.
      if (!this.#handle) return;
      if (error) return this.#bindFailed(error);
      const code = this.#bindNow(ip, port || 0, Boolean(exclusive) || Boolean(this.#options.reusePort));
      if (code) return this.#bindFailed(errors.systemError(code, 'bind', ip, port));
      this.#startReceiving();
      this.emit('listening');
    });
    return this;
  }

  /** `callback` on success; forgotten when an error comes first. */
  #onceListening(callback) {
    const forget = () => {
      this.removeListener(EventEmitter.errorMonitor, forget);
      this.removeListener('listening', onListening);
    };
    const onListening = () => {
      forget();
      callback.call(this);
    };
    this.on(EventEmitter.errorMonitor, forget);
    this.on('listening', onListening);
  }

  /** Takes what the host handed in: its name stands where Node has a descriptor. */
  #take(name) {
    this.#bindState = UNBOUND;
    errors.validateString(name, 'options.fd');
    const code = failure(() => this.#handle.adopt(name));
    if (code) throw errors.systemError(code, 'open', name);
    this.#startReceiving();
    nextTick(() => this.#handle && this.emit('listening'));
    return this;
  }

  #bindNow(ip, port, exclusive) {
    const local = toSocketAddress(ip, Number(port), this.#family);
    return local ? failure(() => this.#handle.bind(local, exclusive)) : 'invalid-argument';
  }

  #bindFailed(error) {
    this.#bindState = UNBOUND;
    this.emit('error', error);
  }

  #startReceiving() {
    this.#handle.receive();
    this.#bindState = BOUND;
    if (this.#options.recvBufferSize) this.setRecvBufferSize(this.#options.recvBufferSize);
    if (this.#options.sendBufferSize) this.setSendBufferSize(this.#options.sendBufferSize);
  }

  bindSync(given = {}) {
    this.#running();
    errors.validateObject(given, 'options');
    if (this.#bindState !== UNBOUND) throw errors.ERR_SOCKET_ALREADY_BOUND();
    const port = errors.validatePort(given.port ?? 0, 'options.port');
    const address = numeric(given.address, 'options.address', 'bindSync') ?? anyAddress(this.#family);
    const code = this.#bindNow(address, port, true);
    if (code) throw errors.systemError(code, 'bind', address, port);
    this.#startReceiving();
    nextTick(() => this.#handle && this.emit('listening'));
    return this.address();
  }

  connect(port, address, callback) {
    port = errors.validatePort(port, 'Port', false);
    if (typeof address === 'function') [callback, address] = [address, ''];
    address ??= address === null ? address : '';
    errors.validateString(address, 'address');
    if (this.#connectState !== DISCONNECTED) throw errors.ERR_SOCKET_DGRAM_IS_CONNECTED();
    this.#connectState = CONNECTING;
    if (this.#bindState === UNBOUND) this.bind({ port: 0, exclusive: true });
    const connect = () => {
      if (callback) this.once('connect', callback);
      this.#lookup(address, (error, ip) => this.#connectTo(error, ip, port, address, callback));
    };
    if (this.#bindState === BOUND) connect();
    else this.#enqueue(connect);
  }

  #connectTo(error, ip, port, address, callback) {
    if (!this.#handle) return;
    if (!error && this.#options.sendBlockList?.check(ip, `ipv${isIP(ip)}`)) error = errors.ERR_IP_BLOCKED(ip);
    if (!error) {
      const code = this.#connectNow(ip, port);
      if (code) error = errors.systemError(code, 'connect', address, port);
    }
    this.#connectState = error ? DISCONNECTED : CONNECTED;
    nextTick(() => {
      if (!error) return this.emit('connect');
      if (!callback) return this.emit('error', error);
      this.removeListener('connect', callback);
      callback(error);
    });
  }

  #connectNow(ip, port) {
    const remote = toSocketAddress(ip, port, this.#family);
    return remote ? failure(() => this.#handle.connect(remote)) : 'invalid-argument';
  }

  connectSync(port, address) {
    this.#running();
    port = errors.validatePort(port, 'Port', false);
    if (this.#connectState !== DISCONNECTED) throw errors.ERR_SOCKET_DGRAM_IS_CONNECTED();
    address = numeric(address, 'address', 'connectSync') ?? loopback(this.#family);
    if (this.#bindState === UNBOUND) this.bindSync();
    else if (this.#bindState !== BOUND) throw errors.ERR_SOCKET_ALREADY_BOUND();
    if (this.#options.sendBlockList?.check(address, `ipv${isIP(address)}`)) throw errors.ERR_IP_BLOCKED(address);
    const code = this.#connectNow(address, port);
    if (code) throw errors.systemError(code, 'connect', address, port);
    this.#connectState = CONNECTED;
    nextTick(() => this.#handle && this.emit('connect'));
  }

  disconnect() {
    if (this.#connectState !== CONNECTED) throw errors.ERR_SOCKET_DGRAM_NOT_CONNECTED();
    const code = failure(() => this.#running().disconnect());
    if (code) throw errors.systemError(code, 'connect');
    this.#connectState = DISCONNECTED;
  }

  send(...given) {
    const { bytes, port, address, callback } = payload(given, this.#connectState === CONNECTED);
    this.#running();
    if (this.#bindState === UNBOUND) this.bind({ port: 0, exclusive: true });
    if (this.#bindState === BOUND) this.#sendTo(bytes, port, address, callback);
    else this.#enqueue(() => this.send(bytes, port, address, callback));
  }

  sendto(buffer, offset, length, port, address, callback) {
    for (const [value, name] of [[offset, 'offset'], [length, 'length'], [port, 'port']]) errors.validateNumber(value, name);
    errors.validateString(address, 'address');
    this.send(buffer, offset, length, port, address, callback);
  }

  #sendTo(bytes, port, address, callback) {
    if (this.#connectState === CONNECTED) return this.#sendNow(bytes, undefined, address, port, callback);
    this.#lookup(address, (error, ip) => {
      if (error) return nextTick(() => (callback ? callback(error) : this.emit('error', error)));
      if (!this.#handle) return;
      if (ip && this.#options.sendBlockList?.check(ip, `ipv${isIP(ip)}`)) {
        return callback && nextTick(callback, errors.ERR_IP_BLOCKED(ip));
      }
      const remote = toSocketAddress(ip, port, this.#family);
      if (remote) this.#sendNow(bytes, remote, address, port, callback);
      else if (callback) nextTick(callback, errors.systemError('invalid-argument', 'send', address, port));
    });
  }

  // Without a callback nobody hears of a send that failed, as in Node.
  #sendNow(bytes, remote, address, port, callback) {
    const tell = (code) => {
      if (code) callback?.(errors.systemError(code, 'send', address, port));
      else callback?.(null, bytes.length);
    };
    const { code, isQueued } = this.#handle.send(bytes, remote, tell);
    if (!isQueued && callback) nextTick(tell, code);
  }

  #enqueue(act) {
    if (this.#queue === undefined) {
      this.#queue = [];
      const onError = () => {
        this.removeListener('listening', onListening);
        this.#queue = undefined;
      };
      const onListening = () => {
        this.removeListener(EventEmitter.errorMonitor, onError);
        const queue = this.#queue;
        this.#queue = undefined;
        for (const entry of queue) entry();
      };
      this.once(EventEmitter.errorMonitor, onError);
      this.once('listening', onListening);
    }
    this.#queue.push(act);
  }

  close(callback) {
    if (typeof callback === 'function') this.on('close', callback);
    if (this.#queue !== undefined) {
      this.#queue.push(() => this.close());
      return this;
    }
    this.#running().close();
    this.#handle = undefined;
    nextTick(() => this.emit('close'));
    return this;
  }

  [Symbol.asyncDispose]() {
    if (!this.#handle) return Promise.resolve();
    return new Promise((resolve) => this.close(() => resolve()));
  }

  ref() {
    if (this.#handle) this.#handle.isRef = true;
    return this;
  }

  unref() {
    if (this.#handle) this.#handle.isRef = false;
    return this;
  }

  getSendQueueSize() {
    return this.#running().queueSize;
  }

  getSendQueueCount() {
    return this.#running().queueCount;
  }

  remoteAddress() {
    this.#running();
    if (this.#connectState !== CONNECTED) throw errors.ERR_SOCKET_DGRAM_NOT_CONNECTED();
    return options.remoteAddress(this.#handle);
  }
}

// What only asks or sets something of the handle.
for (const [name, method] of Object.entries(options.methods)) {
  Object.defineProperty(Socket.prototype, name, {
    value(...given) { return method(running(this), ...given); },
    writable: true, configurable: true, enumerable: true,
  });
}

export const createSocket = (type, listener) => new Socket(type, listener);

export default { createSocket, Socket };
