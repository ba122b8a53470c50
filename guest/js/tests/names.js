// Names, told by a name server: `names.js PORT` of the service at service.test.

import dgram from 'node:dgram';
import { lookup } from 'node:dns';
import { lookup as find } from 'node:dns/promises';

const port = Number(process.argv[2]);
const tell = (what, error, ...more) => console.log(what, error ? error.message : '', ...more);

const asked = await Promise.all([
  find('service.test'),
  find('both.test', { family: 6 }),
  find('both.test', { all: true, family: 4 }),
]);
console.log(asked);
for (const name of ['absent.test', 'denied.test']) {
  await new Promise((resolve) => lookup(name, (error) => resolve(tell(name, error))));
}

// Timers go on while a name server is silent. As in Node the callback of a socket that was closed meanwhile hears of it.
const closed = dgram.createSocket('udp4');
closed.send('never', port, 'silent.test', (error) => tell('after close', error));
setTimeout(() => closed.close(() => console.log('closed')), 10);

const other = dgram.createSocket('udp4');
other.send('x', port, 'absent.test', (error) => {
  tell('not sent', error);
  other.close();
});

const socket = dgram.createSocket('udp4');
socket.on('message', (message, from) => {
  console.log(String(message), from.address);
  socket.close();
});
socket.send('hello', port, 'service.test', (error, bytes) => {
  if (error) tell('hello', error);
});
