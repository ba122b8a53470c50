// What a socket can be asked and told beside traffic. Each method is given the handle of a socket that is not closed.

import { fromSocketAddress, parseIPv4, parseIPv6, toIp } from './address.js';
import * as errors from './errors.js';
import { failure } from './handle.js';

/** Calls, and throws what failed as Node's error of this name. `codes`: error-codes that Node has another one for. */
function told(syscall, act, codes = {}) {
  const code = failure(act);
  if (code) throw errors.systemError(codes[code] ?? code, syscall);
}

function read(syscall, act) {
  let address;
  told(syscall, () => { address = fromSocketAddress(act()); });
  return address;
}

export const remoteAddress = (handle) => read('getpeername', () => handle.socket.remoteAddress());

const fail = (errorCode) => {
  throw Object.assign(new Error(errorCode), { payload: errorCode });
};

function hops(syscall, least, set) {
  return (handle, ttl) => {
    errors.validateNumber(ttl, 'ttl');
    const whole = ttl | 0;
    told(syscall, () => (whole < least || whole > 255 ? fail('invalid-argument') : set(handle.socket, whole)));
    return ttl;
  };
}

/** The interface by which Node names it: an IPv4 address, or the zone of an IPv6 one. */
function interfaceOf(family, text) {
  if (text === undefined || text === null || text === '') return { tag: 'default' };
  if (family === 4) {
    const address = parseIPv4(text) ?? fail('invalid-argument');
    return address.every((octet) => octet === 0) ? { tag: 'default' } : { tag: 'address', val: { tag: 'ipv4', val: address } };
  }
  const { zone } = parseIPv6(text) ?? fail('invalid-argument');
  if (zone === undefined) return { tag: 'default' };
  return /^[1-9]\d{0,8}$/.test(zone) ? { tag: 'index', val: Number(zone) } : { tag: 'name', val: zone };
}

/** Joins or leaves. A socket that is not bound is bound first, to a port of the system's choice. */
function member(syscall, method) {
  return (handle, group, source, via) => told(syscall, () => {
    const { family } = handle;
    const to = toIp(group, family) ?? fail('invalid-argument');
    const from = source === undefined ? undefined : toIp(source, family) ?? fail('invalid-argument');
    const on = interfaceOf(family, via);
    if (!handle.isBound) handle.bind(undefined, true);
    handle.socket[method](to, on, from);
  });
}

function membership(name, method) {
  const act = member(name, method);
  return (handle, group, via) => {
    if (!group) throw errors.ERR_MISSING_ARGS('multicastAddress');
    act(handle, group, undefined, via);
  };
}

function sourceMembership(name, method) {
  const act = member(name, method);
  return (handle, source, group, via) => {
    errors.validateString(source, 'sourceAddress');
    errors.validateString(group, 'groupAddress');
    act(handle, group, source, via);
  };
}

/** The kernel's buffer of one direction. Linux takes what fits into an int, and so does the contract's u32 in all engines. */
function bufferSize(direction) {
  const syscall = `uv_${direction === 'receive' ? 'recv' : 'send'}_buffer_size`;
  const suffix = direction === 'receive' ? 'receiveBufferBytes' : 'sendBufferBytes';
  const method = `set${suffix[0].toUpperCase()}${suffix.slice(1)}`;
  return (handle, size) => {
    if (size >>> 0 !== size) throw errors.ERR_SOCKET_BAD_BUFFER_SIZE();
    let bytes;
    const code = failure(() => {
      if (size > 0x7fffffff) fail('invalid-argument');
      if (size > 0) handle.socket[method](size);
      else bytes = handle.socket[suffix]();
    });
    if (code) throw errors.ERR_SOCKET_BUFFER_SIZE(code, syscall);
    return bytes;
  };
}

const receiveBuffer = bufferSize('receive');
const sendBuffer = bufferSize('send');

export const methods = {
  address: (handle) => read('getsockname', () => handle.socket.localAddress()),
  setBroadcast: (handle, on) => told('setBroadcast', () => handle.socket.setBroadcast(Boolean(on))),
  setTTL: hops('setTTL', 1, (socket, ttl) => socket.setTtl(ttl)),
  setMulticastTTL: hops('setMulticastTTL', 0, (socket, ttl) => socket.setMulticastTtl(ttl)),
  setMulticastLoopback(handle, on) {
    told('setMulticastLoopback', () => handle.socket.setMulticastLoopback(Boolean(on)));
    return on;
  },
  setMulticastInterface(handle, address) {
    errors.validateString(address, 'interfaceAddress');
    // An address of no interface is EADDRNOTAVAIL there; of a name that is none, ENODEV.
    const codes = handle.family === 4 ? { 'no-such-interface': 'address-not-bindable' } : {};
    told('setMulticastInterface', () => handle.socket.setMulticastInterface(interfaceOf(handle.family, address)), codes);
  },
  addMembership: membership('addMembership', 'join'),
  dropMembership: membership('dropMembership', 'leave'),
  addSourceSpecificMembership: sourceMembership('addSourceSpecificMembership', 'join'),
  dropSourceSpecificMembership: sourceMembership('dropSourceSpecificMembership', 'leave'),
  setRecvBufferSize: (handle, size) => void receiveBuffer(handle, size),
  setSendBufferSize: (handle, size) => void sendBuffer(handle, size),
  getRecvBufferSize: (handle) => receiveBuffer(handle, 0),
  getSendBufferSize: (handle) => sendBuffer(handle, 0),
};
