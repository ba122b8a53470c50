// More than the kernel takes at once: `queue.js ADDRESS PORT`, over a slow link.

import dgram from 'node:dgram';

const [, , address, port] = process.argv;
const COUNT = 200, SIZE = 1000;

/** Sends all at once; `told` hears of each, and `queued` of the socket when some of them wait. */
function flood(told, queued) {
  const socket = dgram.createSocket({ type: 'udp4', sendBufferSize: 4096 });
  socket.bind(0, () => {
    for (let i = 0; i < COUNT; i++) {
      socket.send(Buffer.alloc(SIZE, i), Number(port), address, (error, bytes) => told(socket, error, bytes));
    }
    setImmediate(() => queued(socket));
  });
}

let sent = 0, turns = 0;
const interval = setInterval(() => turns++, 1);
flood((socket, error, bytes) => {
  if (error || bytes !== SIZE) throw error ?? new Error(`${bytes} bytes`);
  if (++sent < COUNT) return;
  clearInterval(interval);
  console.log('sent', sent, 'left', socket.getSendQueueCount(), socket.getSendQueueSize(), 'timers went on', turns > 2);
  socket.close(cancel);
}, (socket) => {
  const count = socket.getSendQueueCount();
  console.log('waits', count > 0, 'bytes', socket.getSendQueueSize() === count * SIZE);
});

/** What waits when the socket is closed is told so. */
function cancel() {
  const results = { sent: 0 };
  let left = COUNT;
  flood((socket, error) => {
    const what = error?.code ?? 'sent';
    results[what] = (results[what] ?? 0) + 1;
    if (--left === 0) console.log('cancelled', results.ECANCELED > 0, 'all told', results.sent + results.ECANCELED === COUNT);
  }, (socket) => socket.close());
}
