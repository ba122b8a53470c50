import { bound, called, equal, event, isError, open, test, later } from './lib.js';

test('localhost is loopback', async () => {
  const [from, to] = [open(), await bound()];
  from.send('x', to.address().port, 'localhost');
  equal((await event(to, 'message'))[1].address, '127.0.0.1');
});

test('a lookup of one\'s own is asked with the name, the family and a callback', async () => {
  const asked = [];
  const lookup = (name, family, callback) => {
    asked.push([name, family]);
    process.nextTick(callback, null, '127.0.0.1', 4);
  };
  const [from, to] = [open({ type: 'udp4', lookup }), await bound()];
  from.bind(0, 'me.example');
  await event(from, 'listening');
  from.send('x', to.address().port, 'peer.example');
  await event(to, 'message');
  await called((done) => from.connect(to.address().port, 'other.example', done));
  equal(asked, [['me.example', 4], ['peer.example', 4], ['other.example', 4]]);
});

test('a lookup that fails goes to the callback of send and connect, without one to error', async () => {
  const failure = new Error('no such name');
  const socket = open({ type: 'udp4', lookup: (name, family, callback) => (name === '0.0.0.0' ? callback(null, name, 4) : callback(failure)) });
  equal((await called((done) => socket.send('x', 9, 'peer.example', done)))[0] === failure, true);
  equal((await called((done) => socket.connect(9, 'peer.example', done)))[0] === failure, true);
  socket.send('x', 9, 'peer.example');
  equal((await event(socket, 'error'))[0] === failure, true);
});

test('a lookup that fails in bind is an error, and the socket can be bound again', async () => {
  const failure = new Error('no such name');
  let isFailing = true;
  const lookup = (name, family, callback) => process.nextTick(callback, isFailing ? failure : null, '127.0.0.1', 4);
  const socket = open({ type: 'udp4', lookup });
  socket.bind(0, 'me.example');
  equal((await event(socket, 'error'))[0] === failure, true);
  isFailing = false;
  socket.bind(0, 'me.example');
  await event(socket, 'listening');
});

test('close during a lookup is silent', async () => {
  let answer;
  const lookup = (name, family, callback) => { answer = callback; };
  const binding = open({ type: 'udp4', lookup });
  binding.bind(0, 'me.example', () => { throw new Error('it was closed'); });
  binding.close();
  await event(binding, 'close');
  answer(null, '127.0.0.1', 4);
  await later(2);
});

test('what is not a name cannot be found', async () => {
  const [error] = await called((done) => open().send('x', 9, 'not..a name', done));
  isError(error, { code: 'ENOTFOUND', errno: -3008, syscall: 'getaddrinfo', hostname: 'not..a name', message: 'getaddrinfo ENOTFOUND not..a name' });
});
