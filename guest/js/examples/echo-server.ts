// Sends each datagram back to where it came from, then prints its length and source: the first example of Node's manual
// for dgram. `echo-server [ADDRESS]`

import dgram from 'node:dgram';
import { parse, text } from './address.ts';

const { type, address, port } = parse(process.argv[2] ?? '127.0.0.1:41234');
const server = dgram.createSocket(type);

server.on('error', (error) => {
  console.error(`echo-server: ${error.message}`);
  server.close();
  process.exitCode = 1;
});

server.on('message', (message, from) => {
  server.send(message, from.port, from.address, (error) => {
    // A datagram that cannot be answered is no reason to stop answering others.
    if (error) console.error(`echo-server: ${message.length} bytes from ${text(from)} not answered: ${error.message}`);
    else console.log(`${message.length} bytes from ${text(from)}`);
  });
});

server.on('listening', () => console.log(`listening on ${text(server.address())}`));

server.bind(port, address);
