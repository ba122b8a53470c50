import { bound, called, equal, event, isError, later, open, test, throws } from './lib.js';

const CONNECTED = { code: 'ERR_SOCKET_DGRAM_IS_CONNECTED', message: 'Already connected' };
const NOT = { code: 'ERR_SOCKET_DGRAM_NOT_CONNECTED', message: 'Not connected' };

async function connected(peer) {
  const socket = open();
  socket.connect(peer.address().port, '127.0.0.1');
  await event(socket, 'connect');
  return socket;
}

test('connect binds, tells connect, and calls its callback', async () => {
  const peer = await bound();
  const socket = open();
  const order = [];
  socket.on('listening', () => order.push('listening'));
  await called((done) => socket.connect(peer.address().port, '127.0.0.1', done));
  equal(order, ['listening']);
  equal(socket.remoteAddress(), { address: '127.0.0.1', family: 'IPv4', port: peer.address().port });
});

test('without an address connect means loopback', async () => {
  const peer = await bound();
  const socket = open();
  await called((done) => socket.connect(peer.address().port, done));
  equal(socket.remoteAddress().address, '127.0.0.1');
  const six = open('udp6');
  await called((done) => six.connect(peer.address().port, done));
  equal(six.remoteAddress().address, '::1');
});

test('a connected socket sends without port and address, and takes none', async () => {
  const peer = await bound();
  const socket = await connected(peer);
  equal(await called((done) => socket.send('hello', done)), [null, 5]);
  equal(String((await event(peer, 'message'))[0]), 'hello');
  equal(await called((done) => socket.send('hello', 1, 3, done)), [null, 3]);
  equal(String((await event(peer, 'message'))[0]), 'ell');
  throws(() => socket.send('x', 0, 1, peer.address().port, '127.0.0.1'), CONNECTED);
});

test('a connected socket hears its peer alone', async () => {
  const [peer, other] = [await bound(), await bound()];
  const socket = await connected(peer);
  const heard = [];
  socket.on('message', (message) => heard.push(String(message)));
  const { port } = socket.address();
  await called((done) => other.send('other', port, '127.0.0.1', done));
  await called((done) => peer.send('peer', port, '127.0.0.1', done));
  while (heard.length === 0) await later(1);
  equal(heard, ['peer']);
});

test('connecting twice throws, also while the first is under way', async () => {
  const peer = await bound();
  const socket = open();
  socket.connect(peer.address().port, '127.0.0.1');
  throws(() => socket.connect(peer.address().port), CONNECTED);
  await event(socket, 'connect');
  throws(() => socket.connect(peer.address().port), CONNECTED);
});

test('disconnect ends it, and the socket can send and connect again', async () => {
  const [peer, other] = [await bound(), await bound()];
  const socket = await connected(peer);
  socket.disconnect();
  throws(() => socket.disconnect(), NOT);
  throws(() => socket.remoteAddress(), NOT);
  await called((done) => socket.send('x', other.address().port, '127.0.0.1', done));
  await event(other, 'message');
  socket.connect(other.address().port, '127.0.0.1');
  await event(socket, 'connect');
  equal(socket.remoteAddress().port, other.address().port);
});

test('disconnect and remoteAddress of what is not connected throw', async () => {
  throws(() => open().disconnect(), NOT);
  throws(() => open().remoteAddress(), NOT);
});

test('connect refuses ports that are none', () => {
  const bad = (port, received) => throws(() => open().connect(port), {
    name: 'RangeError', code: 'ERR_SOCKET_BAD_PORT', message: `Port should be > 0 and < 65536. Received ${received}.`,
  });
  bad(0, 'type number (0)');
  bad(65536, 'type number (65536)');
  bad(undefined, 'undefined');
  bad('x', "type string ('x')");
  bad(null, 'null');
  bad(1.5, 'type number (1.5)');
  throws(() => open().connect(1, 2), { code: 'ERR_INVALID_ARG_TYPE', message: 'The "address" argument must be of type string. Received type number (2)' });
});

test('a connect that fails goes to the callback, or to error, and can be tried again', async () => {
  const peer = await bound();
  const socket = open();
  const [error] = await called((done) => socket.connect(9, '::1', done));
  isError(error, { code: 'EINVAL', syscall: 'connect', address: '::1', port: 9, message: 'connect EINVAL ::1:9' });
  socket.connect(9, '::1');
  isError((await event(socket, 'error'))[0], { code: 'EINVAL' });
  socket.connect(peer.address().port);
  await event(socket, 'connect');
});

test('connectSync connects at once, and connect comes on the next tick', async () => {
  const peer = await bound();
  const socket = open();
  socket.connectSync(peer.address().port);
  equal(socket.remoteAddress().port, peer.address().port);
  throws(() => socket.connectSync(1), CONNECTED);
  await event(socket, 'connect');
  throws(() => open().connectSync(1, 'localhost'), {
    code: 'ERR_INVALID_ARG_VALUE',
    message: "The argument 'address' must be a numeric IP address; connectSync does not perform DNS resolution. Received 'localhost'",
  });
});

test('a refusal by ICMP is an error of a connected socket', async () => {
  const gone = await bound();
  const { port } = gone.address();
  gone.close();
  await event(gone, 'close');
  const socket = open();
  await called((done) => socket.connect(port, '127.0.0.1', done));
  socket.send('anyone?');
  const [error] = await event(socket, 'error');
  isError(error, { code: 'ECONNREFUSED', errno: -111, syscall: 'recvmsg', message: 'recvmsg ECONNREFUSED' });
});

test('a refusal by ICMP is not told on a socket that is not connected', async () => {
  const gone = await bound();
  const { port } = gone.address();
  gone.close();
  await event(gone, 'close');
  const [socket, peer] = [await bound(), await bound()];
  socket.on('error', (error) => { throw error; });
  await called((done) => socket.send('anyone?', port, '127.0.0.1', done));
  equal(await called((done) => socket.send('next', peer.address().port, '127.0.0.1', done)), [null, 4]);
  await event(peer, 'message');
});

test('close during connect is silent', async () => {
  const peer = await bound();
  const socket = await bound();
  let heard = false;
  socket.connect(peer.address().port, '127.0.0.1', () => { heard = true; });
  socket.close();
  await event(socket, 'close');
  await later(5);
  equal(heard, false);
});
