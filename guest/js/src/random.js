// Random numbers of the host. QuickJS has the state of its own from when the component was built, the same in each run.

import { getRandomBytes } from 'wasi:random/random@0.2.0';
import { u64 } from './host.js';

const POOL = 256;
let pool = new Uint8Array(), next = 0;

/** As `Math.random`: 53 bits, at least 0 and less than 1. */
export function random() {
  if (next + 8 > pool.length) [pool, next] = [getRandomBytes(u64(POOL)), 0];
  const word = () => (pool[next++] << 24 | pool[next++] << 16 | pool[next++] << 8 | pool[next++]) >>> 0;
  return ((word() >>> 5) * 2 ** 26 + (word() >>> 6)) / 2 ** 53;
}

/** Of the web's `crypto`, what makes random values. */
export const crypto = {
  getRandomValues(array) {
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(getRandomBytes(u64(array.byteLength)));
    return array;
  },
  randomUUID() {
    const bytes = getRandomBytes(u64(16));
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  },
};
