// Names: the parts of Node's `dns` that a component has, by the contract's name-lookup.

import { Lookup } from 'datagrant:dgram/name-lookup@0.1.0';
import { fromIp, isIP } from './address.js';
import { codeOf, lookupError, validateFunction, validateString } from './errors.js';
import { drop } from './host.js';
import { unwatch, watch } from './loop.js';
import { Promise } from './promise.js';
import { call, nextTick } from './ticks.js';

const LOOPBACK = { 4: ['127.0.0.1'], 6: ['::1'], 0: ['::1', '127.0.0.1'] };
const FAMILIES = { 4: 'ipv4', 6: 'ipv6', IPv4: 'ipv4', IPv6: 'ipv6' };

/** A lookup under way. It keeps the program alive, as a request of Node does. */
class Query {
  isAlive = true;
  wantsSend = false;
  #lookup;
  #done;

  constructor(lookup, done) {
    this.#lookup = lookup;
    this.#done = done;
    this.id = lookup.id();
    watch(this);
  }

  take() {
    let error, addresses;
    try {
      addresses = this.#lookup.answer();
    } catch (thrown) {
      error = codeOf(thrown);
      if (error === 'would-block') return false;
    }
    unwatch(this);
    drop(this.#lookup);
    call(() => this.#done(error, addresses));
    return false;
  }
}

/** `callback(errorCode, texts)`, later. */
function start(name, family, callback) {
  // RFC 6761: localhost is loopback, and nobody is asked.
  if (/^([^.]+\.)*localhost\.?$/i.test(name)) return nextTick(callback, undefined, LOOPBACK[family]);
  try {
    new Query(Lookup.start(name, FAMILIES[family]), (error, addresses) => callback(error, addresses?.map(fromIp)));
  } catch (error) {
    nextTick(callback, codeOf(error));
  }
}

/** `dns.lookup(hostname[, options or family], callback)`. */
export function lookup(hostname, options, callback) {
  if (typeof options === 'function') [callback, options] = [options, {}];
  validateFunction(callback, 'callback');
  if (typeof options === 'number' || typeof options === 'string') options = { family: options };
  const { all = false } = options ?? {};
  const family = { IPv4: 4, IPv6: 6 }[options?.family] ?? options?.family ?? 0;
  if (!hostname) {
    return nextTick(callback, null, ...(all ? [[]] : [null, family === 6 ? 6 : 4]));
  }
  validateString(hostname, 'hostname');
  const tell = (error, texts) => {
    if (error) return callback(lookupError(error, hostname));
    const found = texts.map((address) => ({ address, family: isIP(address) }));
    if (all) callback(null, found);
    else callback(null, found[0].address, found[0].family);
  };
  // As in Node a literal is its own answer, of whatever family.
  if (isIP(hostname)) nextTick(tell, undefined, [hostname]);
  else start(hostname, family, tell);
}

export const promises = {
  lookup: (hostname, options = {}) => new Promise((resolve, reject) => {
    lookup(hostname, options, (error, found, family) => {
      if (error) reject(error);
      else resolve(Array.isArray(found) ? found : { address: found, family });
    });
  }),
};
