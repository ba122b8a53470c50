// The checks of the JavaScript SDK: the same, by the same names, as those of the other languages (see ../README.md). It runs on
// Node as well, but for `denied` and `names`, which are the host's.

import dgram from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { setTimeout as later } from 'node:timers/promises';

/** What nothing on loopback takes, and what is waited for what must not come: milliseconds. */
const PATIENCE = 5000, A_MOMENT = 50;

const opened = [];

/** A socket that is closed after its check. What it hears before it is asked waits in `heard`. */
async function bound(type = 'udp4', address = type === 'udp4' ? '127.0.0.1' : '::1', port = 0) {
  const socket = dgram.createSocket(type);
  opened.push(socket);
  socket.heard = [];
  socket.on('message', (data, from) => socket.heard.push({ data, from }));
  const listening = event(socket, 'listening');
  socket.bind(port, address);
  await listening;
  return socket;
}

/** The next event of this name; an error that comes before it. */
const event = (socket, name, patience = PATIENCE) => new Promise((resolve, reject) => {
  const timer = setTimeout(() => end(reject, new Error(`no ${name} in ${patience} ms`)), patience);
  const onEvent = (...args) => end(resolve, args);
  const onError = (error) => end(reject, error);
  const end = (act, value) => {
    clearTimeout(timer);
    socket.removeListener(name, onEvent).removeListener('error', onError);
    act(value);
  };
  socket.on(name, onEvent).on('error', onError);
});

async function hears(socket, text) {
  if (socket.heard.length === 0) await event(socket, 'message');
  const { data, from } = socket.heard.shift();
  if (text !== undefined) equal(String(data), text);
  return { data, from };
}

const send = (socket, data, port, address) => new Promise((resolve, reject) => {
  const done = (error) => (error ? reject(error) : resolve());
  if (port === undefined) socket.send(data, done);
  else socket.send(data, port, address, done);
});

const sendTo = (from, data, to) => send(from, data, to.address().port, to.address().address);

async function goesOn(socket) {
  const other = await bound();
  await sendTo(socket, 'still here', other);
  await hears(other, 'still here');
}

function equal(actual, expected) {
  if (actual !== expected) throw new Error(`expected ${expected}, got ${actual}`);
}

/** That a promise, or a call, fails with one of these codes. */
async function fails(act, ...codes) {
  let told = 'nothing was told';
  try {
    await act();
  } catch (error) {
    if (codes.includes(error.code)) return;
    told = error.message;
  }
  throw new Error(`expected ${codes.join(' or ')}: ${told}`);
}

async function thereAndBack(type) {
  const [a, b] = [await bound(type), await bound(type)];
  await sendTo(a, 'there', b);
  const { from } = await hears(b, 'there');
  equal(`${from.address} ${from.port}`, `${a.address().address} ${a.address().port}`);
  await send(b, 'and back', from.port, from.address);
  equal((await hears(a, 'and back')).from.port, b.address().port);
}

const checks = {
  echo: () => thereAndBack('udp4'),

  ipv6: () => thereAndBack('udp6'),

  async sizes() {
    const [a, b] = [await bound(), await bound()];
    for (const length of [0, 1, 1472, 65_507]) {
      const sent = Buffer.alloc(length, 'some text that is not the same everywhere');
      await sendTo(a, sent, b);
      const { data } = await hears(b);
      if (!data.equals(sent)) throw new Error(`${length} bytes came otherwise, ${data.length} of them`);
    }
  },

  async order() {
    const [all, underWay] = [1000, 50];
    const [a, b] = [await bound(), await bound()];
    const { port, address } = b.address();
    let sent = 0;
    const more = (heard) => {
      for (; sent < all && sent - heard < underWay; sent++) {
        const data = Buffer.alloc(100);
        data.writeUInt32LE(sent);
        a.send(data, port, address, (error) => error && b.emit('error', error));
      }
    };
    for (let heard = 0; heard < all; heard++) {
      more(heard);
      const { data } = await hears(b);
      equal(`${data.readUInt32LE()} of ${data.length} bytes`, `${heard} of 100 bytes`);
    }
  },

  async connect() {
    const [a, peer, other] = [await bound(), await bound(), await bound()];
    const connected = event(a, 'connect');
    a.connect(peer.address().port, '127.0.0.1');
    await connected;
    await send(a, 'to the peer');
    await hears(peer, 'to the peer');
    await sendTo(other, 'from another', a);
    await sendTo(peer, 'from the peer', a);
    await hears(a, 'from the peer');
    await later(A_MOMENT);
    equal(a.heard.length, 0);
  },

  async refused() {
    const [a, gone] = [await bound(), await bound()];
    const { port } = gone.address();
    const connected = event(a, 'connect');
    a.connect(port, '127.0.0.1');
    await connected;
    const closed = event(gone, 'close');
    gone.close();
    await closed;
    // A callback is told, or the event `error`: whichever comes first.
    await fails(async () => {
      for (let i = 0; i < 100; i++) {
        const told = event(a, 'message', A_MOMENT);
        await Promise.all([send(a, 'is anybody there'), told.catch((error) => {
          if (error.code) throw error;
        })]);
      }
    }, 'ECONNREFUSED');
  },

  async 'in-use'() {
    const first = await bound();
    await fails(() => bound('udp4', '127.0.0.1', first.address().port), 'EADDRINUSE');
  },

  async 'too-long'() {
    const [a, b] = [await bound(), await bound()];
    await fails(() => sendTo(a, Buffer.alloc(65_508), b), 'EMSGSIZE');
    await goesOn(a);
  },

  async denied() {
    const a = await bound();
    await fails(() => send(a, 'nobody said that it may', 9, '192.0.2.1'), 'EACCES', 'EPERM');
    await goesOn(a);
  },

  async closed() {
    const a = await bound();
    const closed = event(a, 'close');
    setTimeout(() => a.close(), A_MOMENT);
    await closed;
    await fails(() => send(a, 'late', 9, '127.0.0.1'), 'ERR_SOCKET_DGRAM_NOT_RUNNING');
    await fails(() => a.close(), 'ERR_SOCKET_DGRAM_NOT_RUNNING');
  },

  async timers() {
    const a = await bound();
    const order = [];
    const began = performance.now();
    setTimeout(() => {
      order.push('timer');
      sendTo(a, 'from a timer', a);
    }, A_MOMENT);
    await hears(a, 'from a timer');
    order.push('heard');
    equal(order.join(), 'timer,heard');
    // Node's clock of timers is of whole milliseconds.
    if (performance.now() - began < A_MOMENT - 1) throw new Error('the timer was early');
    const ended = await Promise.race([hears(a), later(A_MOMENT, 'the deadline')]);
    equal(ended, 'the deadline');
  },

  async names() {
    equal((await lookup('home.test')).address, '127.0.0.1');
    const [a, b] = [await bound(), await bound()];
    await send(a, 'by name', b.address().port, 'home.test');
    await hears(b, 'by name');
  },

  async multicast() {
    const group = '239.255.77.9';
    const [member, sender] = [await bound('udp4', '0.0.0.0'), await bound()];
    member.addMembership(group, '127.0.0.1');
    sender.setMulticastInterface('127.0.0.1');
    sender.setMulticastLoopback(true);
    await send(sender, 'to the group', member.address().port, group);
    await hears(member, 'to the group');
    member.dropMembership(group, '127.0.0.1');
  },

  async options() {
    const a = await bound();
    a.setTTL(7);
    a.setRecvBufferSize(65_536);
    const bytes = a.getRecvBufferSize();
    if (bytes < 65_536) throw new Error(`a receive buffer of ${bytes} bytes in place of 65536`);
  },
};

async function run(name) {
  try {
    await checks[name]();
    console.log(`${name} ok`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`${name} failed: ${error.message.replaceAll('\n', ' ')}`);
  }
  for (const socket of opened.splice(0)) {
    socket.removeAllListeners().on('error', () => {});
    try {
      socket.close();
    } catch { /* the check has closed it */ }
  }
}

function deeper() {
  throw new Error('the reason that it gives');
}

const wanted = process.argv.slice(2);
if (wanted[0] === 'throw') deeper();
for (const name of wanted.length > 0 ? wanted : Object.keys(checks)) await run(name);
