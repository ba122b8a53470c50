import { bound, equal, open, test, throws } from './lib.js';

const EBADF = (syscall) => ({ code: 'EBADF', errno: -9, syscall, message: `${syscall} EBADF` });
const EINVAL = (syscall) => ({ code: 'EINVAL', errno: -22, syscall, message: `${syscall} EINVAL` });

test('setBroadcast works on a bound socket, and is EBADF before', async () => {
  throws(() => open().setBroadcast(true), EBADF('setBroadcast'));
  const socket = await bound();
  equal(socket.setBroadcast(true), undefined);
  equal(socket.setBroadcast(false), undefined);
});

test('setTTL takes 1 to 255 and answers it, and is EBADF before bind', async () => {
  throws(() => open().setTTL(1), EBADF('setTTL'));
  const socket = await bound();
  for (const ttl of [1, 64, 255]) equal(socket.setTTL(ttl), ttl);
  for (const ttl of [0, 256, -1]) throws(() => socket.setTTL(ttl), EINVAL('setTTL'));
  throws(() => socket.setTTL('x'), { code: 'ERR_INVALID_ARG_TYPE', message: `The "ttl" argument must be of type number. Received type string ('x')` });
});

test('buffer sizes can be read and set; Linux doubles them', async () => {
  const socket = await bound();
  for (const which of ['Recv', 'Send']) {
    equal(socket[`set${which}BufferSize`](8192), undefined);
    equal([8192, 16384].includes(socket[`get${which}BufferSize`]()), true);
  }
});

test('buffer sizes of an unbound socket are ERR_SOCKET_BUFFER_SIZE', () => {
  const refuses = (act, syscall) => throws(act, {
    name: 'SystemError', code: 'ERR_SOCKET_BUFFER_SIZE', errno: -9, syscall,
    message: `Could not get or set buffer size: ${syscall} returned EBADF (bad file descriptor)`,
  });
  refuses(() => open().getRecvBufferSize(), 'uv_recv_buffer_size');
  refuses(() => open().setRecvBufferSize(8192), 'uv_recv_buffer_size');
  refuses(() => open().getSendBufferSize(), 'uv_send_buffer_size');
  refuses(() => open().setSendBufferSize(8192), 'uv_send_buffer_size');
});

test('buffer sizes that are none are ERR_SOCKET_BAD_BUFFER_SIZE', async () => {
  const socket = await bound();
  for (const size of [-1, 1.5, 'x', Infinity, NaN]) {
    throws(() => socket.setRecvBufferSize(size), {
      name: 'TypeError', code: 'ERR_SOCKET_BAD_BUFFER_SIZE', message: 'Buffer size must be a positive integer',
    });
  }
});
