// Of Node's `util`, what needs no engine of Node's.

export { format, inspect } from '../src/inspect.js';

export const promisify = (callable) => function (...args) {
  return new Promise((resolve, reject) => {
    callable.call(this, ...args, (error, value) => (error ? reject(error) : resolve(value)));
  });
};

export function inherits(constructor, parent) {
  constructor.super_ = parent;
  Object.setPrototypeOf(constructor.prototype, parent.prototype);
}

export const deprecate = (callable) => callable;
export const types = {
  isUint8Array: (value) => value instanceof Uint8Array,
  isArrayBufferView: (value) => ArrayBuffer.isView(value),
  isDate: (value) => value instanceof Date,
  isPromise: (value) => value instanceof Promise,
  isRegExp: (value) => value instanceof RegExp,
};
export const { TextEncoder, TextDecoder } = globalThis;
