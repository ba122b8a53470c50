import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import { bound, called, equal, event, isError, open, test, throws } from './lib.js';

function list(fill) {
  const blocked = new BlockList();
  fill(blocked);
  return blocked;
}

test('sendBlockList: a blocked send and connect is ERR_IP_BLOCKED', async () => {
  const sendBlockList = list((blocked) => blocked.addAddress('127.0.0.1'));
  const socket = open({ type: 'udp4', sendBlockList });
  const blocked = { code: 'ERR_IP_BLOCKED', message: 'IP(127.0.0.1) is blocked by net.BlockList' };
  isError((await called((done) => socket.send('x', 9, '127.0.0.1', done)))[0], blocked);
  isError((await called((done) => socket.connect(9, '127.0.0.1', done)))[0], blocked);
  throws(() => socket.connectSync(9, '127.0.0.1'), blocked);
});

test('receiveBlockList: blocked datagrams are dropped silently', async () => {
  const receiveBlockList = list((blocked) => blocked.addSubnet('127.0.0.0', 8));
  const deaf = await bound({ type: 'udp4', receiveBlockList });
  const [from, hears] = [await bound(), await bound()];
  deaf.on('message', () => { throw new Error('it should not be told'); });
  await called((done) => from.send('x', deaf.address().port, '127.0.0.1', done));
  await called((done) => from.send('x', hears.address().port, '127.0.0.1', done));
  await event(hears, 'message');
});

test('a BlockList has addresses, ranges and subnets', () => {
  const blocked = list((b) => {
    b.addAddress('192.0.2.1');
    b.addRange('10.0.0.1', '10.0.0.9');
    b.addSubnet('2001:db8::', 32, 'ipv6');
  });
  const isBlocked = (address, family) => blocked.check(address, family);
  equal(['192.0.2.1', '192.0.2.2', '10.0.0.5', '10.0.0.10'].map((address) => isBlocked(address)), [true, false, true, false]);
  equal([isBlocked('2001:db8::1', 'ipv6'), isBlocked('2001:db9::1', 'ipv6')], [true, false]);
  equal(isBlocked('::ffff:192.0.2.1', 'ipv6'), true);
  equal(isBlocked('no address'), false);
  equal(blocked.rules, ['Address: IPv4 192.0.2.1', 'Subnet: IPv6 2001:db8::/32', 'Range: IPv4 10.0.0.1-10.0.0.9']);
  throws(() => blocked.addRange('10.0.0.9', '10.0.0.1'), { code: 'ERR_INVALID_ARG_VALUE' });
  throws(() => blocked.addSubnet('10.0.0.0', 33), { code: 'ERR_OUT_OF_RANGE', message: 'The value of "prefix" is out of range. It must be >= 0 && <= 32. Received 33' });
  throws(() => blocked.addAddress('x'), { code: 'ERR_INVALID_ADDRESS' });
  equal([BlockList.isBlockList(blocked), BlockList.isBlockList({})], [true, false]);
});

test('isIP knows addresses', () => {
  equal(['127.0.0.1', '::1', 'fe80::1%lo', '1.2.3', '01.2.3.4', '::ffff:1.2.3.4', '1::2::3', 'x', ''].map(isIP), [4, 6, 6, 0, 0, 6, 0, 0, 0]);
  equal([isIPv4('1.2.3.4'), isIPv6('1.2.3.4'), isIPv6('::')], [true, false, true]);
});
