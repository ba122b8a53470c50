// UTF-8 for engines without TextEncoder and TextDecoder (QuickJS).

import { Buffer } from 'buffer/';

export class TextEncoder {
  encoding = 'utf-8';
  encode(text = '') {
    return new Uint8Array(Buffer.from(String(text), 'utf8'));
  }
}

export class TextDecoder {
  encoding = 'utf-8';
  constructor(label = 'utf-8') {
    if (!/^utf-?8$/i.test(label)) throw new RangeError(`The encoding "${label}" is not supported: UTF-8 alone is`);
  }
  decode(bytes = new Uint8Array()) {
    const view = ArrayBuffer.isView(bytes) ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : Buffer.from(bytes);
    return view.toString('utf8').replace(/^\ufeff/, '');
  }
}
