// The contestant `node`: obeys the same orders as the runner's own (src/order.rs, src/subject/mod.rs).
'use strict';
const dgram = require('node:dgram');
const readline = require('node:readline');

const FIRST = 0xd6, LAST = 0x6d, BATCH = 64, PATIENCE_MS = 3000;
const LOOPBACK = { ipv4: '127.0.0.1', ipv6: '::1' };
let socket;

function check(data, bytes) {
  if (data.length !== bytes || data[0] !== FIRST || data[bytes - 1] !== LAST) {
    throw new Error(`not a datagram of the benchmark of ${bytes} bytes: ${data.length} bytes`);
  }
}

function begin() {
  const cpu = process.cpuUsage(), wall = process.hrtime.bigint();
  return (count) => {
    const used = process.cpuUsage(cpu);
    console.log(`done ${(used.user + used.system) * 1000} ${process.hrtime.bigint() - wall} ${count}`);
  };
}

function failed(error) {
  console.log(`failed ${error.message.replaceAll('\n', ' ')}`);
}

/** Receives `count` datagrams, and sends them back if `echo` says so. */
function take(bytes, count, echo) {
  const end = begin();
  let done = 0, seen = -1;
  // As a time limit of the whole: one for each datagram would be part of what is measured.
  const timer = setInterval(() => {
    if (done === seen) {
      clearInterval(timer);
      socket.removeAllListeners('message');
      failed(new Error(`${done} of ${count} came, then none for ${PATIENCE_MS} ms`));
    }
    seen = done;
  }, PATIENCE_MS);
  socket.on('message', (data, from) => {
    try {
      check(data, bytes);
    } catch (error) {
      clearInterval(timer);
      socket.removeAllListeners('message');
      return failed(error);
    }
    if (echo) socket.send(data, from.port, from.address);
    if (++done === count) {
      clearInterval(timer);
      socket.removeAllListeners('message');
      end(count);
    }
  });
}

/** Sends `count` datagrams, 64 at a time before the event loop has its turn. */
function give(bytes, count, port, address) {
  const data = Buffer.alloc(bytes);
  data[0] = FIRST;
  data[bytes - 1] = LAST;
  const end = begin();
  let done = 0;
  const some = (error) => {
    if (error) return failed(error);
    if (done >= count) return end(done);
    for (let i = 1; i < BATCH; i++) socket.send(data, port, address);
    done += BATCH;
    socket.send(data, port, address, some);
  };
  some();
}

function obey(line) {
  const [work, family, bytes, count, to] = line.split(' ');
  if (socket) socket.close();
  socket = dgram.createSocket(family === 'ipv6' ? 'udp6' : 'udp4');
  socket.on('error', failed);
  socket.bind(0, LOOPBACK[family], () => {
    const { address, port } = socket.address();
    console.log(`at ${family === 'ipv6' ? `[${address}]` : address}:${port}`);
    if (work === 'send') {
      give(+bytes, +count, +to.slice(to.lastIndexOf(':') + 1), LOOPBACK[family]);
    } else {
      take(+bytes, +count, work !== 'receive');
    }
  });
}

readline.createInterface({ input: process.stdin }).on('line', obey).on('close', () => process.exit(0));
