// Of Node's `net`, what has no connections: a component has UDP alone.

import { isIP } from '../src/address.js';

export { BlockList } from '../src/blocklist.js';
export { isIP };
export const isIPv4 = (text) => isIP(text) === 4;
export const isIPv6 = (text) => isIP(text) === 6;
