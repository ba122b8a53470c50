// The echo server as a service: the host binds its socket, hands it in under the name `echo`, and calls it when there is
// something to do. Where nothing is handed in, as over plain wasi:sockets, it binds the address that is its first argument.

import dgram from 'datagrant/dgram';
import { parse, text } from './address.ts';

const given = process.argv[2] === undefined ? undefined : parse(process.argv[2]);
const server = dgram.createSocket(given?.type ?? 'udp4', (message, from) => server.send(message, from.port, from.address));

server.on('listening', () => console.error(`listening on ${text(server.address())}`));

try {
  server.bind({ fd: 'echo' });
} catch (error) {
  if (given === undefined) throw error;
  server.bind(given.port, given.address);
}

// As a signal in Node; without a listener the service would end at once.
process.on('SIGTERM', () => server.close(() => console.error('closed')));
