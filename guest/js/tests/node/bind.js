import { bound, equal, event, isError, open, test, throws } from './lib.js';

const ALREADY = { code: 'ERR_SOCKET_ALREADY_BOUND', message: 'Socket is already bound' };

test('bind is asynchronous, answers the socket, and its callback listens to listening', async () => {
  const socket = open();
  const order = [];
  const listening = new Promise((resolve) => {
    equal(socket.bind(0, '127.0.0.1', function () { order.push(this === socket); resolve(); }) === socket, true);
  });
  order.push('returned');
  await listening;
  equal(order, ['returned', true]);
});

test('bind takes nothing, a port, a callback alone, or options', async () => {
  for (const args of [[], [0], [undefined, '127.0.0.1'], [{ port: 0, address: '127.0.0.1', exclusive: true }], [{}]]) {
    const socket = open();
    socket.bind(...args);
    await event(socket, 'listening');
    equal(socket.address().port > 0, true);
  }
  const socket = open();
  await new Promise((resolve) => { socket.bind(resolve); });
  equal(socket.address().address, '0.0.0.0');
});

test('without an address it is all interfaces', async () => {
  const four = open().bind();
  await event(four, 'listening');
  equal(four.address().address, '0.0.0.0');
  const six = open('udp6').bind();
  await event(six, 'listening');
  equal(six.address(), { address: '::', family: 'IPv6', port: six.address().port });
});

test('address tells address, family and port', async () => {
  const socket = await bound();
  equal(socket.address(), { address: '127.0.0.1', family: 'IPv4', port: socket.address().port });
});

test('address of an unbound socket is EBADF', () => {
  throws(() => open().address(), { code: 'EBADF', errno: -9, syscall: 'getsockname', message: 'getsockname EBADF' });
});

test('binding twice throws, also while the first is under way', async () => {
  const socket = open();
  socket.bind(0, '127.0.0.1');
  throws(() => socket.bind(0, '127.0.0.1'), ALREADY);
  await event(socket, 'listening');
  throws(() => socket.bind(0, '127.0.0.1'), ALREADY);
});

test('after a bind that failed the socket can be bound', async () => {
  const taken = await bound();
  const socket = open();
  let calls = 0;
  socket.bind(taken.address().port, '127.0.0.1', () => calls++);
  await event(socket, 'error');
  socket.bind(0, '127.0.0.1');
  await event(socket, 'listening');
  // The callback of the bind that failed is forgotten.
  equal(calls, 0);
});

test('an address that is not of this host is EADDRNOTAVAIL', async () => {
  const socket = open();
  socket.bind(0, '192.0.2.1');
  const [error] = await event(socket, 'error');
  isError(error, { code: 'EADDRNOTAVAIL', errno: -99, syscall: 'bind', address: '192.0.2.1', message: 'bind EADDRNOTAVAIL 192.0.2.1' });
});

test('an address of the other family is EINVAL', async () => {
  for (const [type, address] of [['udp4', '::1'], ['udp6', '127.0.0.1']]) {
    const socket = open(type);
    socket.bind(0, address);
    const [error] = await event(socket, 'error');
    isError(error, { code: 'EINVAL', syscall: 'bind', address });
  }
});

test('localhost can be bound to', async () => {
  const socket = open();
  socket.bind(0, 'localhost');
  await event(socket, 'listening');
  equal(socket.address().address, '127.0.0.1');
});

test('bindSync binds at once, answers the address, and listening comes on the next tick', async () => {
  const socket = open();
  const order = [];
  socket.on('listening', () => order.push('listening'));
  const address = socket.bindSync({ address: '127.0.0.1' });
  order.push('returned');
  equal(address, socket.address());
  await event(socket, 'listening');
  equal(order, ['returned', 'listening']);
  throws(() => socket.bindSync(), ALREADY);
});

test('bindSync throws what failed', async () => {
  const taken = (await bound()).address().port;
  throws(() => open().bindSync({ port: taken, address: '127.0.0.1' }), {
    code: 'EADDRINUSE', syscall: 'bind', address: '127.0.0.1', port: taken, message: `bind EADDRINUSE 127.0.0.1:${taken}`,
  });
  throws(() => open().bindSync({ address: 'localhost' }), {
    name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE',
    message: "The property 'options.address' must be a numeric IP address; bindSync does not perform DNS resolution. Received 'localhost'",
  });
  throws(() => open().bindSync({ port: 65536 }), {
    name: 'RangeError', code: 'ERR_SOCKET_BAD_PORT',
    message: 'options.port should be >= 0 and < 65536. Received type number (65536).',
  });
  throws(() => open().bindSync(7), { code: 'ERR_INVALID_ARG_TYPE', message: 'The "options" argument must be of type object. Received type number (7)' });
});

test('closing before bind is done is silent', async () => {
  const socket = open();
  let listened = false;
  socket.bind(0, '127.0.0.1', () => { listened = true; });
  socket.close();
  await event(socket, 'close');
  equal(listened, false);
});
