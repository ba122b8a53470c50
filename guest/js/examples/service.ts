// The echo server as a service: the host binds its socket, hands it in under the name `echo`, and calls it when there is
// something to do.

import dgram from 'datagrant/dgram';
import { text } from './address.ts';

const server = dgram.createSocket('udp4', (message, from) => server.send(message, from.port, from.address));

server.bind({ fd: 'echo' }, () => console.error(`listening on ${text(server.address())}`));

// As a signal in Node; without a listener the service would end at once.
process.on('SIGTERM', () => server.close(() => console.error('closed')));
