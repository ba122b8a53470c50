import dgram from 'node:dgram';
import { bound, called, equal, event, isError, open, test, throws } from './lib.js';

/** What arrives when `send` is called with these arguments and a port, an address and a callback. */
async function arrives(...args) {
  const [from, to] = [await bound(), await bound()];
  const message = event(to, 'message');
  const [error, bytes] = await called((done) => from.send(...args, to.address().port, '127.0.0.1', done));
  equal(error, null);
  const [data, rinfo] = await message;
  equal(bytes, data.length);
  equal(rinfo, { address: '127.0.0.1', family: 'IPv4', port: from.address().port, size: data.length });
  return String(data);
}

test('send takes buffers, typed arrays, DataViews and strings', async () => {
  equal(await arrives('héllo'), 'héllo');
  equal(await arrives(Buffer.from('buffer')), 'buffer');
  equal(await arrives(new Uint8Array([104, 105])), 'hi');
  equal(await arrives(new Uint16Array([0x6968])), 'hi');
  equal(await arrives(new DataView(new Uint8Array([0, 104, 105]).buffer, 1)), 'hi');
});

test('send takes a list of them as one datagram', async () => {
  equal(await arrives(['a', Buffer.from('b'), new Uint8Array([99])]), 'abc');
  equal(await arrives([]), '');
});

test('offset and length count bytes', async () => {
  equal(await arrives(Buffer.from('hello'), 1, 3), 'ell');
  equal(await arrives('héllo', 1, 2), 'é');
  equal(await arrives(new Uint16Array([0x6968, 0x6a6b]), 1, 2), 'ik');
});

test('offset and length beyond the buffer are ERR_BUFFER_OUT_OF_BOUNDS', () => {
  const beyond = (name, offset, length) => throws(() => open().send(Buffer.alloc(4), offset, length, 9, '127.0.0.1'), {
    name: 'RangeError', code: 'ERR_BUFFER_OUT_OF_BOUNDS', message: `"${name}" is outside of buffer bounds`,
  });
  beyond('offset', 5, 0);
  beyond('length', 2, 3);
});

test('an empty message is a datagram of 0 bytes', async () => {
  equal(await arrives(''), '');
  equal(await arrives(Buffer.alloc(0)), '');
});

test('messages of the wrong type are ERR_INVALID_ARG_TYPE', () => {
  const KINDS = 'must be of type string or an instance of Buffer, TypedArray, or DataView';
  for (const [message, received] of [[23, 'type number (23)'], [{}, 'an instance of Object'], [null, 'null'], [undefined, 'undefined']]) {
    throws(() => open().send(message, 9, '127.0.0.1'), {
      name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE', message: `The "buffer" argument ${KINDS}. Received ${received}`,
    });
  }
  throws(() => open().send(['a', 1], 9), {
    code: 'ERR_INVALID_ARG_TYPE', message: `The "buffer list arguments" argument ${KINDS}. Received an instance of Array`,
  });
});

test('ports that are none are ERR_SOCKET_BAD_PORT', () => {
  const bad = (port, received) => throws(() => open().send('x', port, '127.0.0.1'), {
    name: 'RangeError', code: 'ERR_SOCKET_BAD_PORT', message: `Port should be > 0 and < 65536. Received ${received}.`,
  });
  bad(0, 'type number (0)');
  bad(-1, 'type number (-1)');
  bad(65536, 'type number (65536)');
  bad(undefined, 'undefined');
});

test('an address that is no string is ERR_INVALID_ARG_TYPE', () => {
  throws(() => open().send('x', 0, 1, 9, 7), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('without an address, or with an empty one, it is loopback', async () => {
  for (const type of ['udp4', 'udp6']) {
    const [from, to] = [open(type), await bound(type)];
    from.send('one', to.address().port);
    equal(String((await event(to, 'message'))[0]), 'one');
    from.send('two', to.address().port, '');
    equal(String((await event(to, 'message'))[0]), 'two');
  }
});

test('an unbound socket is bound to all interfaces first', async () => {
  const [from, to] = [open(), await bound()];
  const listening = event(from, 'listening');
  from.send('x', to.address().port, '127.0.0.1');
  await listening;
  equal(from.address().address, '0.0.0.0');
  await event(to, 'message');
});

test('sends while binding keep their order', async () => {
  const [from, to] = [open(), await bound()];
  const heard = [];
  const all = new Promise((resolve) => to.on('message', (message) => heard.push(String(message)) === 3 && resolve()));
  for (const text of ['1', '2', '3']) from.send(text, to.address().port, '127.0.0.1');
  await all;
  equal(heard, ['1', '2', '3']);
});

test('the longest datagram arrives whole, and one byte more is EMSGSIZE', async () => {
  const [from, to] = [await bound(), await bound()];
  const { port } = to.address();
  from.send(Buffer.alloc(65_507, 7), port, '127.0.0.1');
  equal((await event(to, 'message'))[0].length, 65_507);
  const [error] = await called((done) => from.send(Buffer.alloc(65_508), port, '127.0.0.1', done));
  isError(error, { code: 'EMSGSIZE', errno: -90, syscall: 'send', address: '127.0.0.1', port, message: `send EMSGSIZE 127.0.0.1:${port}` });
  const [six, to6] = [await bound('udp6'), await bound('udp6')];
  six.send(Buffer.alloc(65_527), to6.address().port, '::1');
  equal((await event(to6, 'message'))[0].length, 65_527);
});

test('a send that fails without a callback is silent', async () => {
  const [socket, to] = [await bound(), await bound()];
  socket.on('error', (error) => { throw error; });
  socket.send(Buffer.alloc(65_508), to.address().port, '127.0.0.1');
  socket.send('after', to.address().port, '127.0.0.1');
  equal(String((await event(to, 'message'))[0]), 'after');
});

test('an address of the other family is EINVAL', async () => {
  const [error] = await called((done) => open().send('x', 9, '::1', done));
  isError(error, { code: 'EINVAL', syscall: 'send', address: '::1', port: 9, message: 'send EINVAL ::1:9' });
});

test('callbacks come after send has returned, in order', async () => {
  const [from, to] = [await bound(), await bound()];
  const order = [];
  const done = new Promise((resolve) => {
    from.send('1', to.address().port, '127.0.0.1', () => order.push(1));
    from.send('2', to.address().port, '127.0.0.1', () => resolve(order.push(2)));
  });
  order.push('returned');
  await done;
  equal(order, ['returned', 1, 2]);
});

test('sendto is send with all of its arguments', async () => {
  const [from, to] = [await bound(), await bound()];
  from.sendto(Buffer.from('hello'), 1, 3, to.address().port, '127.0.0.1', () => {});
  equal(String((await event(to, 'message'))[0]), 'ell');
  throws(() => from.sendto('x', '0', 1, 9, '127.0.0.1'), { code: 'ERR_INVALID_ARG_TYPE', message: `The "offset" argument must be of type number. Received type string ('0')` });
});

test('the queue is empty when all is sent', async () => {
  const [from, to] = [await bound(), await bound()];
  await called((done) => from.send('hello', to.address().port, '127.0.0.1', done));
  equal([from.getSendQueueSize(), from.getSendQueueCount()], [0, 0]);
});

test('1,000 datagrams go to and fro', async () => {
  const [client, server] = [await bound(), await bound()];
  server.on('message', (message, { port, address }) => server.send(message, port, address));
  const { port } = server.address();
  let sum = 0, next = 0;
  const send = () => client.send(String(next++), port, '127.0.0.1');
  await new Promise((resolve) => {
    let count = 0;
    client.on('message', (message) => {
      sum += Number(message);
      if (++count === 1000) resolve();
      else if (next < 1000) send();
    });
    for (let i = 0; i < 8; i++) send();
  });
  equal(sum, 499_500);
});

test('send after close is ERR_SOCKET_DGRAM_NOT_RUNNING', async () => {
  const socket = dgram.createSocket('udp4');
  socket.close();
  throws(() => socket.send('x', 9), { code: 'ERR_SOCKET_DGRAM_NOT_RUNNING' });
});
