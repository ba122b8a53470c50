// Answers queries for the addresses of a few names; the wire format is that of the npm package dns-packet.
// `dns-server ADDRESS NAME=IP...`

import dgram from 'node:dgram';
import { isIPv4 } from 'node:net';
import packet, { type Packet, type StringAnswer } from 'dns-packet';
import { parse, text } from './address.ts';

const TTL = 300;
const [, , where = '', ...records] = process.argv;
const { type, address, port } = parse(where);
const known: StringAnswer[] = records.map((record) => {
  const [name, ip] = record.split('=');
  return { name: name.toLowerCase(), type: isIPv4(ip) ? 'A' : 'AAAA', ttl: TTL, data: ip };
});

/** The answer to a query, or nothing to what is none. */
function answer(message: Buffer): Buffer | undefined {
  let query: Packet;
  try {
    query = packet.decode(message);
  } catch {
    return undefined;
  }
  const { id, flags = 0, questions: [question, ...more] = [] } = query;
  if (query.type !== 'query' || !question || more.length > 0) return undefined;
  const named = known.filter(({ name }) => name === question.name.toLowerCase());
  return packet.encode({
    type: 'response',
    id,
    flags: packet.AUTHORITATIVE_ANSWER | (flags & packet.RECURSION_DESIRED) | (named.length ? 0 : 3 /* NXDOMAIN */),
    questions: [question],
    answers: named.filter((record) => record.type === question.type).map((record) => ({ ...record, name: question.name })),
  });
}

const server = dgram.createSocket(type, (message, from) => {
  const bytes = answer(message);
  if (bytes) server.send(bytes, from.port, from.address);
});

server.bind(port, address, () => console.log(`listening on ${text(server.address())}`));
