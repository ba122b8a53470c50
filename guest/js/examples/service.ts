// The echo server as a service: the host binds its socket, hands it in under the name `echo`, and calls it when there is
// something to do. Where none is handed in, as under the pump, it binds its first argument itself.

import dgram from 'datagrant/dgram';
import { parse, text } from './address.ts';

const where = process.argv[2];
const { type, address, port } = where === undefined ? { type: 'udp4' as const } : parse(where);
const server = dgram.createSocket(type, (message, from) => server.send(message, from.port, from.address));
const listening = () => console.error(`listening on ${text(server.address())}`);

try {
  server.bind({ fd: 'echo' }, listening);
} catch (error) {
  if (where === undefined) throw error;
  server.bind(port, address, listening);
}

// As a signal in Node; without a listener the service would end at once.
process.on('SIGTERM', () => server.close(() => console.error('closed')));
