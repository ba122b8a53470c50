// The smallest program for cold starts: the same as the guest's first-echo.rs.
'use strict';
const dgram = require('node:dgram');
const [host, port] = process.argv[2].split(':');

const socket = dgram.createSocket('udp4');
socket.on('message', (data, from) => {
  socket.send(data, from.port, from.address, () => socket.close());
});
socket.bind(0, '127.0.0.1', () => socket.send('here', +port, host));
setTimeout(() => process.exit(1), 2000).unref();
