// `net.BlockList`: addresses, ranges and subnets.

import { formatIPv6, parseIPv4, parseIPv6 } from './address.js';
import { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE, validateNumber, validateString } from './errors.js';

/** An address as a number, in its family. */
function parse(address, family) {
  validateString(address, 'address');
  validateString(family, 'family');
  const isIPv4 = family.toLowerCase() === 'ipv4';
  if (!isIPv4 && family.toLowerCase() !== 'ipv6') {
    throw ERR_INVALID_ARG_VALUE('options.family', family, 'is invalid');
  }
  const parts = isIPv4 ? parseIPv4(address) : parseIPv6(address)?.groups;
  if (!parts) throw Object.assign(new Error('Invalid address'), { code: 'ERR_INVALID_ADDRESS' });
  const width = isIPv4 ? 8n : 16n;
  return { bits: isIPv4 ? 32n : 128n, value: parts.reduce((sum, part) => sum << width | BigInt(part), 0n) };
}

function text({ bits, value }) {
  if (bits === 32n) return [24n, 16n, 8n, 0n].map((shift) => value >> shift & 255n).join('.');
  return formatIPv6(Array.from({ length: 8 }, (_, i) => Number(value >> BigInt(112 - 16 * i) & 0xffffn)));
}

const label = (bits) => (bits === 32n ? 'IPv4' : 'IPv6');
const MAPPED = 0xffff00000000n;

export class BlockList {
  /** Newest first, as Node lists them: inclusive ranges and the text of the rule. */
  #rules = [];

  static isBlockList(value) {
    return value instanceof Object && #rules in value;
  }

  #add(bits, first, last, rule) {
    if (!this.#rules.some((other) => other.rule === rule)) this.#rules.unshift({ bits, first, last, rule });
  }

  #remove(rule) {
    this.#rules = this.#rules.filter((other) => other.rule !== rule);
  }

  addAddress(address, family = 'ipv4') {
    const { bits, value } = parse(address, family);
    this.#add(bits, value, value, `Address: ${label(bits)} ${text({ bits, value })}`);
  }

  removeAddress(address, family = 'ipv4') {
    const one = parse(address, family);
    this.#remove(`Address: ${label(one.bits)} ${text(one)}`);
  }

  addAddresses(addresses, family = 'ipv4') {
    if (!Array.isArray(addresses)) throw ERR_INVALID_ARG_TYPE('addresses', 'an instance of Array', addresses);
    addresses.forEach((address) => parse(address, family));
    addresses.forEach((address) => this.addAddress(address, family));
  }

  addRange(start, end, family = 'ipv4') {
    const [from, to] = [parse(start, family), parse(end, family)];
    if (from.value > to.value) throw ERR_INVALID_ARG_VALUE('start', start, 'must come before end');
    this.#add(from.bits, from.value, to.value, `Range: ${label(from.bits)} ${text(from)}-${text(to)}`);
  }

  removeRange(start, end, family = 'ipv4') {
    const [from, to] = [parse(start, family), parse(end, family)];
    this.#remove(`Range: ${label(from.bits)} ${text(from)}-${text(to)}`);
  }

  #subnet(network, prefix, family) {
    const { bits, value } = parse(network, family);
    validateNumber(prefix, 'prefix');
    if (!Number.isInteger(prefix)) throw ERR_OUT_OF_RANGE('prefix', 'an integer', prefix);
    if (prefix < 0 || prefix > bits) throw ERR_OUT_OF_RANGE('prefix', `>= 0 && <= ${bits}`, prefix);
    const rest = (1n << bits - BigInt(prefix)) - 1n;
    const rule = `Subnet: ${label(bits)} ${text({ bits, value })}/${prefix}`;
    return { bits, first: value & ~rest, last: value | rest, rule };
  }

  addSubnet(network, prefix, family = 'ipv4') {
    const { bits, first, last, rule } = this.#subnet(network, prefix, family);
    this.#add(bits, first, last, rule);
  }

  removeSubnet(network, prefix, family = 'ipv4') {
    this.#remove(this.#subnet(network, prefix, family).rule);
  }

  addCIDR(cidr) {
    this.addSubnet(...parseCIDR(cidr));
  }

  removeCIDR(cidr) {
    this.removeSubnet(...parseCIDR(cidr));
  }

  addCIDRs(cidrs) {
    if (!Array.isArray(cidrs)) throw ERR_INVALID_ARG_TYPE('cidrs', 'an instance of Array', cidrs);
    cidrs.map(parseCIDR).forEach((subnet) => this.addSubnet(...subnet));
  }

  /** Whether a rule covers the address; IPv4-mapped ones are looked up as IPv4 too. What is no address is not covered. */
  check(address, family = 'ipv4') {
    validateString(address, 'address');
    validateString(family, 'family');
    let one;
    try {
      one = parse(address, family);
    } catch {
      return false;
    }
    const { bits, value } = one;
    const covers = (b, v) => this.#rules.some((rule) => rule.bits === b && rule.first <= v && v <= rule.last);
    return covers(bits, value) || (bits === 128n && value >> 32n === MAPPED >> 32n && covers(32n, value & 0xffffffffn));
  }

  clear() {
    this.#rules = [];
  }

  /** Addresses first, as Node lists them. */
  get rules() {
    const isAddress = ({ rule }) => rule.startsWith('Address');
    return [...this.#rules.filter(isAddress), ...this.#rules.filter((rule) => !isAddress(rule))].map(({ rule }) => rule);
  }

  get size() {
    return this.#rules.length;
  }

  toJSON() {
    return this.rules;
  }

  fromJSON(data) {
    const rules = typeof data === 'string' ? JSON.parse(data) : data;
    if (!Array.isArray(rules) || !rules.every((rule) => typeof rule === 'string')) {
      throw ERR_INVALID_ARG_TYPE('data', 'one of type string or string[]', data);
    }
    for (const rule of rules) {
      const [, what, family, value] = /^(Address|Range|Subnet): (IPv[46]) (\S+)$/.exec(rule) ?? [];
      if (what === 'Address') this.addAddress(value, family);
      else if (what === 'Range') this.addRange(...value.split('-'), family);
      else if (what === 'Subnet') this.addSubnet(value.split('/')[0], Number(value.split('/')[1]), family);
    }
  }
}

function parseCIDR(cidr) {
  validateString(cidr, 'cidr');
  const slash = cidr.lastIndexOf('/');
  if (slash < 0) throw ERR_INVALID_ARG_VALUE('cidr', cidr, 'must contain a prefix length (e.g. "10.0.0.0/8")');
  const prefix = Number(cidr.slice(slash + 1));
  if (String(prefix) !== cidr.slice(slash + 1)) {
    throw ERR_INVALID_ARG_VALUE('cidr', cidr, 'prefix length must be a valid integer');
  }
  const address = cidr.slice(0, slash);
  return [address, prefix, address.includes(':') ? 'ipv6' : 'ipv4'];
}
