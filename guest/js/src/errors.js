// Node's errors: codes, messages and fields.

import { inspect } from './inspect.js';

/** error-code of the contract: the code that Node has for it, and its number (Linux; libuv's own below -3000). */
const CODES = {
  'access-denied': ['EACCES', -13],
  'not-supported': ['ENOTSUP', -95],
  'invalid-argument': ['EINVAL', -22],
  'invalid-state': ['EBADF', -9],
  'would-block': ['EAGAIN', -11],
  'address-in-use': ['EADDRINUSE', -98],
  'address-not-bindable': ['EADDRNOTAVAIL', -99],
  'datagram-too-large': ['EMSGSIZE', -90],
  'connection-refused': ['ECONNREFUSED', -111],
  'host-unreachable': ['EHOSTUNREACH', -113],
  'network-unreachable': ['ENETUNREACH', -101],
  'network-down': ['ENETDOWN', -100],
  'no-such-interface': ['ENODEV', -19],
  'no-buffer-space': ['ENOBUFS', -105],
  'quota-exceeded': ['EMFILE', -24],
  'name-unresolvable': ['ENOTFOUND', -3008],
  'temporary-resolver-failure': ['EAI_AGAIN', -3001],
  'permanent-resolver-failure': ['EAI_FAIL', -3003],
  cancelled: ['ECANCELED', -125],
  unknown: ['UNKNOWN', -4094],
};

/** The contract's error-code that a call threw; anything else goes on. */
export function codeOf(thrown) {
  if (typeof thrown?.payload === 'string' && thrown.payload in CODES) return thrown.payload;
  throw thrown;
}

/** `bind EADDRNOTAVAIL 1.1.1.1:80`. */
export function systemError(errorCode, syscall, address, port) {
  const [code, errno] = CODES[errorCode];
  const where = port > 0 ? ` ${address}:${port}` : address ? ` ${address}` : '';
  const error = Object.assign(new Error(`${syscall} ${code}${where}`), { errno, code, syscall });
  if (address !== undefined) error.address = address;
  if (port) error.port = port;
  return error;
}

/** `getaddrinfo ENOTFOUND host`. */
export function lookupError(errorCode, hostname) {
  // What is not a name cannot be found.
  const [code, errno] = CODES[errorCode === 'invalid-argument' ? 'name-unresolvable' : errorCode];
  return Object.assign(new Error(`getaddrinfo ${code} ${hostname}`), { errno, code, syscall: 'getaddrinfo', hostname });
}

const coded = (Base, code, message) => {
  const error = new Base(message);
  error.code = code;
  // As Node: the code stands in the stack, not in the name.
  Object.defineProperty(error, 'toString', {
    value() { return `${this.name} [${code}]: ${this.message}`; },
    enumerable: false, writable: true, configurable: true,
  });
  return error;
};

const plain = (code, message, Base = Error) => () => coded(Base, code, message);

export const ERR_SOCKET_BAD_TYPE = plain('ERR_SOCKET_BAD_TYPE', 'Bad socket type specified. Valid types are: udp4, udp6', TypeError);
export const ERR_SOCKET_ALREADY_BOUND = plain('ERR_SOCKET_ALREADY_BOUND', 'Socket is already bound');
export const ERR_SOCKET_DGRAM_NOT_RUNNING = plain('ERR_SOCKET_DGRAM_NOT_RUNNING', 'Not running');
export const ERR_SOCKET_DGRAM_IS_CONNECTED = plain('ERR_SOCKET_DGRAM_IS_CONNECTED', 'Already connected');
export const ERR_SOCKET_DGRAM_NOT_CONNECTED = plain('ERR_SOCKET_DGRAM_NOT_CONNECTED', 'Not connected');
export const ERR_SOCKET_BAD_BUFFER_SIZE = plain('ERR_SOCKET_BAD_BUFFER_SIZE', 'Buffer size must be a positive integer', TypeError);
export const ERR_BUFFER_OUT_OF_BOUNDS = (name) =>
  coded(RangeError, 'ERR_BUFFER_OUT_OF_BOUNDS', `"${name}" is outside of buffer bounds`);
export const ERR_MISSING_ARGS = (name) => coded(TypeError, 'ERR_MISSING_ARGS', `The "${name}" argument must be specified`);
export const ERR_IP_BLOCKED = (ip) => coded(Error, 'ERR_IP_BLOCKED', `IP(${ip}) is blocked by net.BlockList`);
export const ERR_INVALID_ARG_VALUE = (name, value, reason, Base = TypeError) =>
  coded(Base, 'ERR_INVALID_ARG_VALUE', `The ${kind(name)} '${name}' ${reason}. Received ${inspect(value)}`);
export const ERR_OUT_OF_RANGE = (name, range, value) =>
  coded(RangeError, 'ERR_OUT_OF_RANGE', `The value of "${name}" is out of range. It must be ${range}. Received ${inspect(value)}`);

/** `expected`: how it goes on, such as `of type string`. */
export const ERR_INVALID_ARG_TYPE = (name, expected, value) =>
  coded(TypeError, 'ERR_INVALID_ARG_TYPE', `The "${name}" ${kind(name)} must be ${expected}. Received ${received(value)}`);

/** A failed call for a buffer's size is a SystemError, with `info` beside the fields. */
export function ERR_SOCKET_BUFFER_SIZE(errorCode, syscall) {
  const [code, errno] = CODES[errorCode];
  const text = { EBADF: 'bad file descriptor', EINVAL: 'invalid argument' }[code] ?? errorCode.replaceAll('-', ' ');
  const error = coded(Error, 'ERR_SOCKET_BUFFER_SIZE', `Could not get or set buffer size: ${syscall} returned ${code} (${text})`);
  return Object.assign(error, { name: 'SystemError', info: { errno, code, message: text, syscall }, errno, syscall });
}

const kind = (name) => (name.includes('.') ? 'property' : 'argument');

function received(value) {
  if (value == null) return String(value);
  if (typeof value === 'function') return value.name ? `function ${value.name}` : 'function ';
  if (typeof value === 'object') {
    return value.constructor?.name ? `an instance of ${value.constructor.name}` : inspect(value);
  }
  const text = inspect(value);
  return `type ${typeof value} (${text.length > 28 ? `${text.slice(0, 25)}...` : text})`;
}

export function validateString(value, name) {
  if (typeof value !== 'string') throw ERR_INVALID_ARG_TYPE(name, 'of type string', value);
}

export function validateNumber(value, name) {
  if (typeof value !== 'number') throw ERR_INVALID_ARG_TYPE(name, 'of type number', value);
}

export function validateFunction(value, name) {
  if (typeof value !== 'function') throw ERR_INVALID_ARG_TYPE(name, 'of type function', value);
}

export function validateObject(value, name) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw ERR_INVALID_ARG_TYPE(name, 'of type object', value);
  }
}

export function validateUint32(value, name) {
  validateNumber(value, name);
  if (!Number.isInteger(value)) throw ERR_OUT_OF_RANGE(name, 'an integer', value);
  if (value < 0 || value > 0xffffffff) throw ERR_OUT_OF_RANGE(name, '>= 0 && <= 4294967295', value);
}

/** A port as a number; strings of digits are taken, as by Node. */
export function validatePort(port, name, allowZero = true) {
  const text = typeof port === 'string' ? port.trim() : port;
  const isOne = (typeof text === 'number' || (typeof text === 'string' && text !== '')) && +text === +text >>> 0;
  if (isOne && text <= 0xffff && (+text !== 0 || allowZero)) return text | 0;
  const range = `${name} should be ${allowZero ? '>=' : '>'} 0 and < 65536`;
  throw coded(RangeError, 'ERR_SOCKET_BAD_PORT', `${range}. Received ${received(port)}.`);
}
