import { bound, called, equal, event, isError, open, test, throws } from './lib.js';

const GROUP = '239.255.41.234', LO = '127.0.0.1';
const EBADF = (syscall) => ({ code: 'EBADF', errno: -9, syscall, message: `${syscall} EBADF` });
const EINVAL = (syscall) => ({ code: 'EINVAL', errno: -22, syscall, message: `${syscall} EINVAL` });

/** A socket on all interfaces, which sends multicast by loopback. */
async function onLoopback() {
  const socket = open().bind();
  await event(socket, 'listening');
  socket.setMulticastInterface(LO);
  return socket;
}

test('setMulticastTTL takes 0 to 255 and answers it, and is EBADF before bind', async () => {
  throws(() => open().setMulticastTTL(1), EBADF('setMulticastTTL'));
  const socket = await bound();
  for (const ttl of [0, 1, 255]) equal(socket.setMulticastTTL(ttl), ttl);
  for (const ttl of [256, -1]) throws(() => socket.setMulticastTTL(ttl), EINVAL('setMulticastTTL'));
  throws(() => socket.setMulticastTTL('x'), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('setMulticastLoopback answers what it was given, and is EBADF before bind', async () => {
  throws(() => open().setMulticastLoopback(true), EBADF('setMulticastLoopback'));
  const socket = await bound();
  for (const flag of [true, false, 16]) equal(socket.setMulticastLoopback(flag), flag);
});

test('setMulticastInterface takes an address, or a zone of IPv6, and is EBADF before bind', async () => {
  throws(() => open().setMulticastInterface(LO), EBADF('setMulticastInterface'));
  const socket = await bound();
  equal(socket.setMulticastInterface(LO), undefined);
  equal(socket.setMulticastInterface('0.0.0.0'), undefined);
  throws(() => socket.setMulticastInterface('x'), EINVAL('setMulticastInterface'));
  throws(() => socket.setMulticastInterface('192.0.2.1'), { code: 'EADDRNOTAVAIL', syscall: 'setMulticastInterface' });
  throws(() => socket.setMulticastInterface(1), {
    code: 'ERR_INVALID_ARG_TYPE', message: 'The "interfaceAddress" argument must be of type string. Received type number (1)',
  });
  equal((await bound('udp6')).setMulticastInterface('::%lo'), undefined);
});

test('a group that was joined is heard, until it is left', async () => {
  const [from, to, other] = [await onLoopback(), await onLoopback(), await bound()];
  const { port } = to.address();
  to.addMembership(GROUP, LO);
  const heard = [];
  to.on('message', (message) => heard.push(String(message)));
  await called((done) => from.send('joined', port, GROUP, done));
  await event(to, 'message');
  to.dropMembership(GROUP, LO);
  await called((done) => from.send('left', port, GROUP, done));
  await called((done) => other.send('after', port, LO, done));
  await event(to, 'message');
  equal(heard, ['joined', 'after']);
});

test('addMembership binds an unbound socket', () => {
  const socket = open();
  socket.addMembership(GROUP, LO);
  equal(socket.address().port > 0, true);
});

test('memberships that cannot be say why', async () => {
  const socket = await onLoopback();
  const missing = { code: 'ERR_MISSING_ARGS', name: 'TypeError', message: 'The "multicastAddress" argument must be specified' };
  throws(() => socket.addMembership(), missing);
  throws(() => socket.dropMembership(), missing);
  throws(() => socket.addMembership('x'), EINVAL('addMembership'));
  throws(() => socket.addMembership('192.0.2.1', LO), EINVAL('addMembership'));
  throws(() => socket.addMembership(GROUP, 'x'), EINVAL('addMembership'));
  throws(() => socket.dropMembership(GROUP, LO), { code: 'EADDRNOTAVAIL', syscall: 'dropMembership' });
  socket.addMembership(GROUP, LO);
  throws(() => socket.addMembership(GROUP, LO), { code: 'EADDRINUSE', errno: -98, syscall: 'addMembership' });
  throws(() => socket.addMembership(GROUP, '192.0.2.1'), { code: 'ENODEV', errno: -19, syscall: 'addMembership' });
});

test('a source-specific membership hears its source and no other', async () => {
  const group = '232.41.2.34';
  const [from, to] = [await bound(), await onLoopback()];
  from.setMulticastInterface(LO);
  const { port } = to.address();
  to.addSourceSpecificMembership('127.0.0.9', group, LO);
  const heard = [];
  to.on('message', (message) => heard.push(String(message)));
  await called((done) => from.send('another source', port, group, done));
  to.dropSourceSpecificMembership('127.0.0.9', group, LO);
  to.addSourceSpecificMembership(LO, group, LO);
  await called((done) => from.send('the source', port, group, done));
  await event(to, 'message');
  equal(heard, ['the source']);
  throws(() => to.addSourceSpecificMembership(1, group), { code: 'ERR_INVALID_ARG_TYPE', message: 'The "sourceAddress" argument must be of type string. Received type number (1)' });
  throws(() => to.addSourceSpecificMembership(LO, 1), { code: 'ERR_INVALID_ARG_TYPE', message: 'The "groupAddress" argument must be of type string. Received type number (1)' });
  throws(() => to.dropSourceSpecificMembership('127.0.0.9', group, LO), { code: 'EADDRNOTAVAIL', syscall: 'dropSourceSpecificMembership' });
});

// The loopback interface carries no IPv6 multicast: that it arrives is tested in networks of the host's own suites.
test('an IPv6 group is joined and left by its interface\'s zone', async () => {
  const socket = await bound('udp6');
  socket.addMembership('ff02::4134', '::%lo');
  throws(() => socket.addMembership('ff02::4134', '::%lo'), { code: 'EADDRINUSE', syscall: 'addMembership' });
  socket.dropMembership('ff02::4134', '::%lo');
  throws(() => socket.dropMembership('ff02::4134', '::%lo'), { code: 'EADDRNOTAVAIL', syscall: 'dropMembership' });
});

test('a broadcast needs setBroadcast', async () => {
  const socket = open().bind();
  await event(socket, 'listening');
  const [error] = await called((done) => socket.send('x', 9, '255.255.255.255', done));
  isError(error, { code: 'EACCES', errno: -13, syscall: 'send', address: '255.255.255.255', port: 9 });
});
