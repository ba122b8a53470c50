// Throws where it is told to, and nobody catches it: `throws.js WHERE`, as a service.

import dgram from 'node:dgram';

function deeper() {
  throw new RangeError('the reason that it gives');
}

const places = {
  'at once': deeper,
  'in a timer': () => setTimeout(() => deeper(), 1),
  'in a promise': async () => {
    await null;
    deeper();
  },
  'in a tick': () => process.nextTick(() => deeper()),
  'in a listener': () => {
    const socket = dgram.createSocket('udp4', () => deeper());
    socket.bind(0, '127.0.0.1', () => socket.send('to itself', socket.address().port, '127.0.0.1'));
  },
  'when asked to end': () => {
    process.on('SIGTERM', () => deeper());
    setTimeout(() => {}, 60_000);
    console.log('waits');
  },
};

places[process.argv[2]]();
