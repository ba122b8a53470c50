// Types of `datagrant/dgram`. The default is all of it, so that `dgram.Socket` is a type as it is of `node:dgram`.

export * from './socket.js';
import * as dgram from './socket.js';
export default dgram;
