import dgram from 'node:dgram';
import { bound, called, equal, event, later, open, test, throws } from './lib.js';

const NOT_RUNNING = { name: 'Error', code: 'ERR_SOCKET_DGRAM_NOT_RUNNING', message: 'Not running' };

test('close answers the socket, its callback listens to close, and close is told later', async () => {
  const socket = await bound();
  const order = [];
  const closed = new Promise((resolve) => {
    socket.on('close', () => order.push('close'));
    equal(socket.close(() => resolve(order.push('callback'))) === socket, true);
  });
  order.push('returned');
  await closed;
  equal(order, ['returned', 'close', 'callback']);
});

test('closing twice is ERR_SOCKET_DGRAM_NOT_RUNNING', async () => {
  const socket = await bound();
  socket.close();
  throws(() => socket.close(), NOT_RUNNING);
});

test('after close all else is ERR_SOCKET_DGRAM_NOT_RUNNING', async () => {
  const socket = await bound();
  socket.close();
  throws(() => socket.bind(), NOT_RUNNING);
  throws(() => socket.address(), NOT_RUNNING);
  throws(() => socket.remoteAddress(), NOT_RUNNING);
  throws(() => socket.addMembership('239.1.1.1'), NOT_RUNNING);
  throws(() => socket.setMulticastInterface('0.0.0.0'), NOT_RUNNING);
});

test('no message comes after close, also when it is closed while messages wait', async () => {
  const [from, to] = [await bound(), await bound()];
  let heard = 0;
  to.on('message', () => {
    heard++;
    to.close();
  });
  const closed = event(to, 'close');
  for (let i = 0; i < 5; i++) await called((done) => from.send('x', to.address().port, '127.0.0.1', done));
  await closed;
  await later(5);
  equal(heard, 1);
});

test('the port is free when close is told', async () => {
  const first = await bound();
  const { port } = first.address();
  first.close();
  await event(first, 'close');
  const second = open().bind(port, '127.0.0.1');
  await event(second, 'listening');
});

test('close while a send waits for the bind is silent, and comes after it', async () => {
  const to = await bound();
  const from = open();
  from.send('x', to.address().port, '127.0.0.1');
  from.close();
  await event(from, 'close');
});

test('asyncDispose closes, and does nothing the second time', async () => {
  const socket = await bound();
  let closed = 0;
  socket.on('close', () => closed++);
  await socket[Symbol.asyncDispose]();
  await socket[Symbol.asyncDispose]();
  equal(closed, 1);
});

test('ref and unref answer the socket, in any state, again and again', async () => {
  const socket = open();
  equal(socket.ref().unref().unref().ref().ref() === socket, true);
  socket.close();
  equal(socket.ref() === socket && socket.unref() === socket, true);
});

test('an unref socket still hears while something else keeps the program alive', async () => {
  const socket = (await bound()).unref();
  socket.send('x', socket.address().port, '127.0.0.1');
  await event(socket, 'message');
});

test('ticks and promises run before the next message', async () => {
  const [from, to] = [await bound(), await bound()];
  const order = [];
  const all = new Promise((resolve) => {
    to.on('message', (message) => {
      order.push(`message ${message}`);
      process.nextTick(() => order.push('tick'));
      Promise.resolve().then(() => order.push('promise')).then(() => {
        order.push('promise of it');
        if (order.length === 8) resolve();
      });
    });
  });
  for (const text of ['1', '2']) await called((done) => from.send(text, to.address().port, '127.0.0.1', done));
  await all;
  equal(order, ['message 1', 'tick', 'promise', 'promise of it', 'message 2', 'tick', 'promise', 'promise of it']);
});

test('timers and sockets share the loop', async () => {
  const socket = await bound();
  let ticks = 0, heard = 0;
  socket.on('message', () => heard++);
  const interval = setInterval(() => {
    ticks++;
    socket.send('x', socket.address().port, '127.0.0.1');
  }, 2);
  while (heard < 5) await later(3);
  clearInterval(interval);
  equal(ticks >= 5, true);
});

test('immediates come before timers that were set later, and after ticks and promises', async () => {
  const order = [];
  await new Promise((resolve) => {
    setTimeout(() => resolve(order.push('timeout')), 20);
    setImmediate(() => order.push('immediate'));
    Promise.resolve().then(() => order.push('promise'));
    process.nextTick(() => order.push('tick'));
    queueMicrotask(() => order.push('microtask'));
  });
  equal(order.filter((what) => what !== 'tick'), ['promise', 'microtask', 'immediate', 'timeout']);
});

test('an event emitter of errors: without a listener an error is thrown', () => {
  const socket = dgram.createSocket('udp4');
  throws(() => socket.emit('error', new TypeError('mine')), { message: 'mine' });
  socket.close();
});
