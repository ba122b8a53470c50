// Programs whose end is the test: run with one of the names, on Node and as a component.

import dgram from 'node:dgram';

const bound = (then) => {
  const socket = dgram.createSocket('udp4');
  return socket.bind(0, '127.0.0.1', () => then(socket));
};

export const programs = {
  'an unref socket does not keep the program alive'() {
    bound((socket) => {
      socket.unref();
      console.log('bound');
    });
  },
  'a socket that is not bound does not keep the program alive'() {
    dgram.createSocket('udp4');
  },
  'a ref socket keeps the program alive until it is closed'() {
    bound((socket) => {
      socket.unref().ref();
      setTimeout(() => socket.close(() => console.log('closed')), 5).unref();
    });
  },
  'an unref timer does not keep the program alive'() {
    setTimeout(() => console.log('too late'), 60_000).unref();
  },
  'beforeExit may begin again, and exit comes last'() {
    let count = 0;
    process.on('beforeExit', () => {
      if (count++ === 0) setTimeout(() => console.log('again'), 1);
    });
    process.on('exit', (code) => console.log('exit', code));
  },
  'ticks, promises, timers and immediates'() {
    setTimeout(() => {
      console.log('timeout');
      setImmediate(() => console.log('immediate'));
      process.nextTick(() => console.log('tick'));
      Promise.resolve().then(() => console.log('promise'));
    }, 1);
    setTimeout(() => console.log('second timeout'), 1);
    process.nextTick(() => console.log('first tick'));
    const wait = async () => {
      await null;
      console.log('awaited');
      for await (const value of [1, Promise.resolve(2)]) console.log('value', value);
    };
    wait();
  },
  'an event emitter without a listener for error throws'() {
    bound((socket) => {
      dgram.createSocket('udp4').bind(socket.address().port, '127.0.0.1');
    });
  },
  'an exception that nobody catches'() {
    setTimeout(function later() {
      thrower();
    }, 1);
  },
  'an exception that nobody catches, at the top level'() {
    thrower();
  },
  'an exception that nobody catches, of a listener'() {
    bound((socket) => {
      socket.on('message', () => thrower());
      socket.send('to itself', socket.address().port, '127.0.0.1');
    });
  },
  'a rejection that nobody catches'() {
    bound(() => {});
    (async () => thrower())();
  },
  'uncaughtException hears, and the program goes on'() {
    process.on('uncaughtException', (error) => console.log('heard', error.message));
    setTimeout(() => console.log('goes on'), 5);
    thrower();
  },
  // Not the same each time: no row.
  random() {
    console.log(Math.random(), crypto.getRandomValues(new Uint8Array(8)), crypto.randomUUID());
  },
  'clocks begin with the program'() {
    const [before, { now }] = [performance.now(), Date];
    console.log(before >= 0, before < 60_000, process.uptime() >= 0, now() > 1.7e12);
  },
  'process.exit ends at once'() {
    bound(() => process.exit(1));
    process.on('exit', (code) => console.log('exit', code));
  },
};

function thrower() {
  throw new TypeError('it broke');
}
