import dgram from 'node:dgram';
import { equal, event, open, test, throws, bound, isError, later } from './lib.js';

test('createSocket takes a type, and its callback listens to message', async () => {
  const heard = [];
  const socket = open('udp4', (message) => heard.push(String(message)));
  socket.bind(0, '127.0.0.1');
  await event(socket, 'listening');
  socket.send('one', socket.address().port);
  await event(socket, 'message');
  equal(heard, ['one']);
  equal(socket.type, 'udp4');
  equal(socket instanceof dgram.Socket, true);
});

test('createSocket takes options', () => {
  const socket = open({ type: 'udp6', reuseAddr: true, ipv6Only: true });
  equal(socket.type, 'udp6');
});

test('a type that is none is ERR_SOCKET_BAD_TYPE', () => {
  for (const type of [undefined, 'udp', 4, {}]) {
    throws(() => dgram.createSocket(type), {
      name: 'TypeError',
      code: 'ERR_SOCKET_BAD_TYPE',
      message: 'Bad socket type specified. Valid types are: udp4, udp6',
    });
  }
});

test('options of the wrong type are ERR_INVALID_ARG_TYPE', () => {
  const refuses = (options, message) => throws(() => dgram.createSocket({ type: 'udp4', ...options }), {
    name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE', message,
  });
  refuses({ recvBufferSize: 'x' }, `The "options.recvBufferSize" property must be of type number. Received type string ('x')`);
  refuses({ sendBufferSize: true }, 'The "options.sendBufferSize" property must be of type number. Received type boolean (true)');
  refuses({ lookup: 1 }, 'The "lookup" argument must be of type function. Received type number (1)');
  refuses({ signal: {} }, 'The "options.signal" property must be an instance of AbortSignal. Received an instance of Object');
  refuses({ receiveBlockList: {} }, 'The "options.receiveBlockList" property must be an net.BlockList. Received an instance of Object');
  refuses({ sendBlockList: 'x' }, `The "options.sendBlockList" property must be an net.BlockList. Received type string ('x')`);
});

test('buffer sizes of the options are set when the socket is bound; the kernel may double them', async () => {
  const socket = await bound({ type: 'udp4', recvBufferSize: 10_000, sendBufferSize: 15_000 });
  equal([10_000, 20_000].includes(socket.getRecvBufferSize()), true);
  equal([15_000, 30_000].includes(socket.getSendBufferSize()), true);
});

test('an abort closes the socket', async () => {
  const controller = new AbortController();
  const socket = await bound({ type: 'udp4', signal: controller.signal });
  controller.abort();
  await event(socket, 'close');
  throws(() => socket.address(), { code: 'ERR_SOCKET_DGRAM_NOT_RUNNING', message: 'Not running' });
});

test('a signal that was aborted before closes at once', async () => {
  const socket = open({ type: 'udp4', signal: AbortSignal.abort() });
  await event(socket, 'close');
});

test('an abort after close does nothing', async () => {
  const controller = new AbortController();
  const socket = await bound({ type: 'udp4', signal: controller.signal });
  socket.close();
  await event(socket, 'close');
  controller.abort();
});

async function freePort() {
  const socket = await bound();
  const { port } = socket.address();
  socket.close();
  await event(socket, 'close');
  return port;
}

test('two sockets share a port by reuseAddr', async () => {
  const port = await freePort();
  const first = open({ type: 'udp4', reuseAddr: true }).bind(port, '127.0.0.1');
  await event(first, 'listening');
  const second = open({ type: 'udp4', reuseAddr: true }).bind(port, '127.0.0.1');
  await event(second, 'listening');
  equal(second.address().port, port);
});

test('two sockets share a port by reusePort', async () => {
  const port = await freePort();
  const first = open({ type: 'udp4', reusePort: true }).bind(port, '127.0.0.1');
  await event(first, 'listening');
  const second = open({ type: 'udp4', reusePort: true }).bind(port, '127.0.0.1');
  await event(second, 'listening');
  equal(second.address().port, port);
});

test('without them the port is taken', async () => {
  const first = await bound();
  const second = open();
  second.bind(first.address().port, '127.0.0.1');
  const [error] = await event(second, 'error');
  isError(error, { code: 'EADDRINUSE', errno: -98, syscall: 'bind', address: '127.0.0.1', port: first.address().port });
  equal(error.message, `bind EADDRINUSE 127.0.0.1:${first.address().port}`);
});

test('a dual-stack socket hears IPv4 peers as mapped addresses', async () => {
  const socket = open('udp6').bind(0);
  await event(socket, 'listening');
  const peer = await bound();
  peer.send('x', socket.address().port, '127.0.0.1');
  const [, rinfo] = await event(socket, 'message');
  equal(rinfo, { address: '::ffff:127.0.0.1', family: 'IPv6', port: peer.address().port, size: 1 });
});

test('an ipv6Only socket leaves the port to IPv4', async () => {
  const six = open({ type: 'udp6', ipv6Only: true }).bind(0);
  await event(six, 'listening');
  const four = open().bind(six.address().port);
  await event(four, 'listening');
  await later(1);
});
