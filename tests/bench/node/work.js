// What the contestants in JavaScript do with Node's dgram: Node itself (subject.js), and the guests (guest.js).
'use strict';
const dgram = require('node:dgram');

const FIRST = 0xd6, LAST = 0x6d, BATCH = 64, PATIENCE_MS = 3000;
const LOOPBACK = { ipv4: '127.0.0.1', ipv6: '::1' };
let socket;

/** Receives `count` datagrams, and sends them back if `echo` says so. */
function take(bytes, count, echo, tell) {
  let done = 0, seen = -1;
  // As a time limit of the whole: one for each datagram would be part of what is measured.
  const timer = setInterval(() => {
    if (done === seen) end(new Error(`${done} of ${count} came, then none for ${PATIENCE_MS} ms`));
    seen = done;
  }, PATIENCE_MS);
  const end = (error) => {
    clearInterval(timer);
    socket.removeAllListeners('message');
    if (error) tell.failed(error);
    else tell.done(count);
  };
  socket.on('message', (data, from) => {
    if (data.length !== bytes || data[0] !== FIRST || data[bytes - 1] !== LAST) {
      return end(new Error(`not a datagram of the benchmark of ${bytes} bytes: ${data.length} bytes`));
    }
    if (echo) socket.send(data, from.port, from.address);
    if (++done === count) end();
  });
}

/** Sends `count` datagrams, 64 at a time before the event loop has its turn. */
function give(bytes, count, port, address, tell) {
  const data = Buffer.alloc(bytes);
  data[0] = FIRST;
  data[bytes - 1] = LAST;
  let done = 0;
  const some = (error) => {
    if (error) return tell.failed(error);
    if (done >= count) return tell.done(done);
    for (let i = 1; i < BATCH; i++) socket.send(data, port, address);
    done += BATCH;
    socket.send(data, port, address, some);
  };
  some();
}

/**
 * Obeys one order (src/order.rs), in words. `tell` hears: `at(address, begin)`, where `begin` begins what is measured, and
 * `done(count)` or `failed(error)`.
 */
exports.obey = ([work, family, bytes, count, to], tell) => {
  socket?.close();
  socket = dgram.createSocket(family === 'ipv6' ? 'udp6' : 'udp4');
  socket.on('error', tell.failed);
  socket.bind(0, LOOPBACK[family], () => {
    const { address, port } = socket.address();
    tell.at(family === 'ipv6' ? `[${address}]:${port}` : `${address}:${port}`, () => {
      if (work === 'send') give(+bytes, +count, +to.slice(to.lastIndexOf(':') + 1), LOOPBACK[family], tell);
      else take(+bytes, +count, work !== 'receive', tell);
    });
  });
};
