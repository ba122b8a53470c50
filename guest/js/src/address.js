// IP addresses: text, the contract's variants, and the 16 bytes of a burst header.

import * as zones from 'datagrant:dgram/zones@0.1.0';

/** The four octets of dotted decimal text, or null. No octal, no short forms, as inet_pton. */
export function parseIPv4(text) {
  const parts = String(text).split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && part <= 255)) return null;
  return parts.map(Number);
}

/** The eight groups and the zone of IPv6 text (RFC 4291, RFC 4007), or null. */
export function parseIPv6(text) {
  let [address, ...zone] = String(text).split('%');
  if (zone.length > 1 || zone[0] === '') return null;
  const tail = /^(.*:)([^:]*\.[^:]*)$/.exec(address);
  if (tail) {
    const v4 = parseIPv4(tail[2]);
    if (!v4) return null;
    address = `${tail[1]}${(v4[0] << 8 | v4[1]).toString(16)}:${(v4[2] << 8 | v4[3]).toString(16)}`;
  }
  const halves = address.split('::');
  if (halves.length > 2) return null;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const count = groups[0].length + (groups[1]?.length ?? 0);
  if (halves.length === 2 ? count > 7 : count !== 8) return null;
  if (!groups.flat().every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  const gap = halves.length === 2 ? Array(8 - count).fill('0') : [];
  return { groups: [...groups[0], ...gap, ...(groups[1] ?? [])].map((group) => parseInt(group, 16)), zone: zone[0] };
}

/** 4, 6 or 0, as `net.isIP`. */
export const isIP = (text) => (parseIPv4(text) ? 4 : parseIPv6(text) ? 6 : 0);

/** IPv6 text as inet_ntop writes it: the first longest run of zeros shortened, IPv4 in dots where it is embedded. */
export function formatIPv6(groups) {
  let start = -1, length = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > length) [start, length] = [i, end - i];
    if (end > i) i = end;
  }
  const mapped = start === 0 && (length === 6 || (length === 5 && groups[5] === 0xffff));
  const dotted = mapped && `${groups[6] >> 8}.${groups[6] & 255}.${groups[7] >> 8}.${groups[7] & 255}`;
  const parts = groups.slice(0, mapped ? 6 : 8).map((group) => group.toString(16));
  if (dotted) parts.push(dotted);
  if (start < 0) return parts.join(':');
  return `${parts.slice(0, start).join(':')}::${parts.slice(start + length).join(':')}`;
}

/** The contract's `ip-address` of text in this family (4 or 6), or null. */
export function toIp(text, family) {
  if (family === 4) {
    const val = parseIPv4(text);
    return val && { tag: 'ipv4', val };
  }
  const parsed = parseIPv6(text);
  return parsed && { tag: 'ipv6', val: parsed.groups };
}

/** The last text that was read, and its octets: most programs write to the same peer, or to who wrote last, again. */
let lastText, lastIPv4;

/** The contract's `ip-socket-address` of text and port in this family, or null. */
export function toSocketAddress(text, port, family) {
  if (family === 4) {
    if (text !== lastText) [lastText, lastIPv4] = [text, parseIPv4(text)];
    return lastIPv4 && { tag: 'ipv4', val: { port, address: lastIPv4 } };
  }
  const parsed = parseIPv6(text);
  if (!parsed) return null;
  const scopeId = parsed.zone === undefined ? 0 : zoneIndex(parsed.zone);
  return { tag: 'ipv6', val: { port, flowInfo: 0, address: parsed.groups, scopeId } };
}

/** `{ address, family, port }` as Node tells it, of a contract's `ip-socket-address`. */
export function fromSocketAddress({ tag, val }) {
  if (tag === 'ipv4') return { address: val.address.join('.'), family: 'IPv4', port: val.port };
  const address = formatIPv6(Array.from(val.address)) + zoneText(val.scopeId >>> 0);
  return { address, family: 'IPv6', port: val.port };
}

/** Text of an `ip-address`. */
export const fromIp = ({ tag, val }) => (tag === 'ipv4' ? val.join('.') : formatIPv6(Array.from(val)));

/** Text of the 16 bytes of a burst header at `at`, and of its scope id. */
export function fromHeader(bytes, at, family, scope) {
  if (family === 4) return `${bytes[at + 12]}.${bytes[at + 13]}.${bytes[at + 14]}.${bytes[at + 15]}`;
  const groups = [];
  for (let i = 0; i < 16; i += 2) groups.push(bytes[at + i] << 8 | bytes[at + i + 1]);
  return formatIPv6(groups) + zoneText(scope);
}

// What is not shown to this guest has no name: the number stands for it.
function zoneText(index) {
  if (!index) return '';
  try {
    return `%${zones.name(index)}`;
  } catch {
    return `%${index}`;
  }
}

function zoneIndex(zone) {
  try {
    return zones.index(zone);
  } catch {
    return /^[1-9]\d{0,8}$/.test(zone) ? Number(zone) : 0;
  }
}
