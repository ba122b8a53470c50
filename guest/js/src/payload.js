// The arguments of `send`, in all the ways that Node takes them.

import { Buffer } from 'buffer/';
import { ERR_BUFFER_OUT_OF_BOUNDS, ERR_INVALID_ARG_TYPE, ERR_SOCKET_DGRAM_IS_CONNECTED, validatePort, validateString } from './errors.js';

const KINDS = 'of type string or an instance of Buffer, TypedArray, or DataView';

/** `(buffer[, offset, length][, port][, address][, callback])`, as one run of bytes and the rest. */
export function payload([buffer, offset, length, port, address, callback], isConnected) {
  if (!isConnected) {
    if (address || (port && typeof port !== 'function')) buffer = slice(buffer, offset, length);
    else [callback, port, address] = [port, offset, length];
  } else {
    if (typeof length === 'number') {
      buffer = slice(buffer, offset, length);
      if (typeof port === 'function') [callback, port] = [port, null];
    } else {
      callback = offset;
    }
    if (port || address) throw ERR_SOCKET_DGRAM_IS_CONNECTED();
  }
  const bytes = Array.isArray(buffer) ? join(buffer) : view(buffer);
  if (!isConnected) port = validatePort(port, 'Port', false);
  if (typeof callback !== 'function') callback = undefined;
  if (typeof address === 'function') [callback, address] = [address, undefined];
  else if (address != null) validateString(address, 'address');
  return { bytes, port, address, callback };
}

function view(part) {
  if (typeof part === 'string') return Buffer.from(part);
  if (!ArrayBuffer.isView(part)) throw ERR_INVALID_ARG_TYPE('buffer', KINDS, part);
  return new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
}

function slice(buffer, offset, length) {
  const bytes = view(buffer);
  offset >>>= 0;
  length >>>= 0;
  if (offset > bytes.length) throw ERR_BUFFER_OUT_OF_BOUNDS('offset');
  if (offset + length > bytes.length) throw ERR_BUFFER_OUT_OF_BOUNDS('length');
  return bytes.subarray(offset, offset + length);
}

function join(list) {
  if (!list.every((part) => typeof part === 'string' || ArrayBuffer.isView(part))) {
    throw ERR_INVALID_ARG_TYPE('buffer list arguments', KINDS, list);
  }
  return list.length === 1 ? view(list[0]) : Buffer.concat(list.map(view));
}
