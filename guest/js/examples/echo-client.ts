// Sends a text to an echo server and prints what comes back. `echo-client ADDRESS [TEXT]`

import dgram from 'node:dgram';
import { parse } from './address.ts';

const TRIES = 3, TIMEOUT = 2000;
const [, , server, message = 'hello'] = process.argv;

/** What the server sends back. UDP may lose a datagram, or its answer: so it is sent again. */
async function echo(): Promise<string> {
  const { type, address, port } = parse(server ?? '');
  const socket = dgram.createSocket(type);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const answer = new Promise<string>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (data) => resolve(String(data)));
  });
  try {
    // Connected, it hears the server only, on a port of the host's choice: a grant to send there is enough.
    await new Promise<void>((resolve, reject) => {
      socket.connect(port, address, (error?: Error) => (error ? reject(error) : resolve()));
    });
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      socket.send(message);
      const late = new Promise<undefined>((resolve) => {
        timer = setTimeout(() => resolve(undefined), TIMEOUT);
      });
      const text = await Promise.race([answer, late]);
      if (text !== undefined) return text;
      console.error(`echo-client: no answer from ${server} in ${TIMEOUT / 1000} s (try ${attempt} of ${TRIES})`);
    }
    throw new Error(`no answer from ${server} to ${TRIES} datagrams`);
  } finally {
    clearTimeout(timer);
    socket.close();
  }
}

try {
  const text = await echo();
  if (text !== message) throw new Error(`${server} did not send back what it was sent, but: ${text}`);
  console.log(text);
} catch (error) {
  console.error(`echo-client: ${(error as Error).message}`);
  process.exitCode = 1;
}
