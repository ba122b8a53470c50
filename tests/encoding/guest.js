// The JavaScript guest, for both engines: DataView, indexing and word views over bytes, against words.
import { receiveBytes, receiveWords, sendBytes, sendWords } from 'datagrant:encoding/wire@0.1.0';

// Addresses are kept as four numbers in network order: what words carry, and as good as any to make text from.
const blank = () => ({
  length: 0, segment: 0, port: 0, ecn: 0, flags: 0, scope: 0, a: 0, b: 0, c: 0, d: 0,
  index: 0, la: 0, lb: 0, lc: 0, ld: 0,
});

// Every style reads header number i into `h` and writes `h` as header number i.

function dataview(headers, stride) {
  const view = new DataView(headers.buffer, headers.byteOffset, headers.byteLength);
  return {
    read(i, h) {
      const o = i * stride;
      h.length = view.getUint32(o, true);
      h.segment = view.getUint16(o + 4, true);
      h.port = view.getUint16(o + 6, true);
      h.ecn = view.getUint8(o + 8);
      h.flags = view.getUint8(o + 9);
      h.scope = view.getUint32(o + 12, true);
      h.a = view.getUint32(o + 16);
      h.b = view.getUint32(o + 20);
      h.c = view.getUint32(o + 24);
      h.d = view.getUint32(o + 28);
      if (stride === 64) {
        h.index = view.getUint32(o + 32, true);
        h.la = view.getUint32(o + 48);
        h.lb = view.getUint32(o + 52);
        h.lc = view.getUint32(o + 56);
        h.ld = view.getUint32(o + 60);
      }
    },
    write(i, h) {
      const o = i * stride;
      view.setUint32(o, h.length, true);
      view.setUint16(o + 4, h.segment, true);
      view.setUint16(o + 6, h.port, true);
      view.setUint32(o + 8, h.ecn | h.flags << 8, true);
      view.setUint32(o + 12, h.scope, true);
      view.setUint32(o + 16, h.a);
      view.setUint32(o + 20, h.b);
      view.setUint32(o + 24, h.c);
      view.setUint32(o + 28, h.d);
      if (stride === 64) {
        view.setUint32(o + 32, h.index, true);
        view.setUint32(o + 48, h.la);
        view.setUint32(o + 52, h.lb);
        view.setUint32(o + 56, h.lc);
        view.setUint32(o + 60, h.ld);
      }
    },
  };
}

function indexing(u8, stride) {
  const big = (o) => (u8[o] << 24 | u8[o + 1] << 16 | u8[o + 2] << 8 | u8[o + 3]) >>> 0;
  const little = (o) => (u8[o] | u8[o + 1] << 8 | u8[o + 2] << 16 | u8[o + 3] << 24) >>> 0;
  const setBig = (o, w) => { u8[o] = w >>> 24; u8[o + 1] = w >>> 16; u8[o + 2] = w >>> 8; u8[o + 3] = w; };
  const setLittle = (o, w) => { u8[o] = w; u8[o + 1] = w >>> 8; u8[o + 2] = w >>> 16; u8[o + 3] = w >>> 24; };
  return {
    read(i, h) {
      const o = i * stride;
      h.length = little(o);
      h.segment = u8[o + 4] | u8[o + 5] << 8;
      h.port = u8[o + 6] | u8[o + 7] << 8;
      h.ecn = u8[o + 8];
      h.flags = u8[o + 9];
      h.scope = little(o + 12);
      h.a = big(o + 16);
      h.b = big(o + 20);
      h.c = big(o + 24);
      h.d = big(o + 28);
      if (stride === 64) {
        h.index = little(o + 32);
        h.la = big(o + 48);
        h.lb = big(o + 52);
        h.lc = big(o + 56);
        h.ld = big(o + 60);
      }
    },
    write(i, h) {
      const o = i * stride;
      setLittle(o, h.length);
      u8[o + 4] = h.segment;
      u8[o + 5] = h.segment >>> 8;
      u8[o + 6] = h.port;
      u8[o + 7] = h.port >>> 8;
      u8[o + 8] = h.ecn;
      u8[o + 9] = h.flags;
      setLittle(o + 12, h.scope);
      setBig(o + 16, h.a);
      setBig(o + 20, h.b);
      setBig(o + 24, h.c);
      setBig(o + 28, h.d);
      if (stride === 64) {
        setLittle(o + 32, h.index);
        setBig(o + 48, h.la);
        setBig(o + 52, h.lb);
        setBig(o + 56, h.lc);
        setBig(o + 60, h.ld);
      }
    },
  };
}

// Words, of the host's making or laid over bytes. In the latter an address stays as it is: text is made from its octets,
// and those are as near in words of either order. `>>> 0`: in QuickJS a list<u32> is an Array of signed numbers.
function words(w, stride) {
  const step = stride / 4;
  return {
    read(i, h) {
      const o = i * step;
      h.length = w[o];
      const ports = w[o + 1];
      h.segment = ports & 0xffff;
      h.port = ports >>> 16;
      const bits = w[o + 2];
      h.ecn = bits & 0xff;
      h.flags = bits >>> 8 & 0xff;
      h.scope = w[o + 3] >>> 0;
      h.a = w[o + 4] >>> 0;
      h.b = w[o + 5] >>> 0;
      h.c = w[o + 6] >>> 0;
      h.d = w[o + 7] >>> 0;
      if (stride === 64) {
        h.index = w[o + 8] >>> 0;
        h.la = w[o + 12] >>> 0;
        h.lb = w[o + 13] >>> 0;
        h.lc = w[o + 14] >>> 0;
        h.ld = w[o + 15] >>> 0;
      }
    },
    write(i, h) {
      const o = i * step;
      w[o] = h.length;
      w[o + 1] = h.segment | h.port << 16;
      w[o + 2] = h.ecn | h.flags << 8;
      w[o + 3] = h.scope;
      w[o + 4] = h.a;
      w[o + 5] = h.b;
      w[o + 6] = h.c;
      w[o + 7] = h.d;
      if (stride === 64) {
        w[o + 8] = h.index;
        w[o + 12] = h.la;
        w[o + 13] = h.lb;
        w[o + 14] = h.lc;
        w[o + 15] = h.ld;
      }
    },
  };
}

const overBytes = (u8, stride) => words(new Uint32Array(u8.buffer, u8.byteOffset, u8.byteLength / 4), stride);

// `last`: how far the last octet of an address is from the low end of its fourth number.
const list = [
  { name: 'bytes: DataView', open: dataview, last: 0 },
  { name: 'bytes: indexing', open: indexing, last: 0 },
  { name: 'bytes: Uint32Array over them', open: overBytes, last: 24 },
  { name: 'words', open: words, last: 0, words: true },
];

let kept;

export const styles = () => list.map((style) => style.name);

export function prepare(style, stride) {
  const { open, words } = list[style];
  const [headers, payload] = words ? receiveWords() : receiveBytes();
  const { read } = open(headers, stride);
  const decoded = Array.from({ length: 64 }, (_, i) => {
    const h = blank();
    read(i, h);
    return h;
  });
  // An array of our own to send from, as an SDK would keep one.
  const out = words ? new Uint32Array(16 * stride) : new Uint8Array(64 * stride);
  kept = { stride, decoded, payload, out, write: open(out, stride).write };
}

export function crossIn(style, times) {
  const take = list[style].words ? receiveWords : receiveBytes;
  let sum = 0;
  for (let i = 0; i < times; i++) sum = sum + take()[0].length | 0;
  return sum & 0x7fffffff;
}

export function decode(style, times) {
  const { open, last, words } = list[style];
  const take = words ? receiveWords : receiveBytes;
  const stride = kept.stride;
  const h = blank();
  let sum = 0;
  for (let i = 0; i < times; i++) {
    const [headers] = take();
    const { read } = open(headers, stride);
    for (let n = 0; n < 64; n++) {
      read(n, h);
      sum = sum + h.length + 3 * h.port + 5 * h.flags + 7 * (h.d >>> last & 255) + 11 * h.index + 13 * (h.ld >>> last & 255) | 0;
    }
  }
  return sum & 0x7fffffff;
}

export function crossOut(style, times) {
  const give = list[style].words ? sendWords : sendBytes;
  const { out, payload } = kept;
  let sum = 0;
  for (let i = 0; i < times; i++) sum = sum + give(out, payload) | 0;
  return sum & 0x7fffffff;
}

export function encode(style, times) {
  const give = list[style].words ? sendWords : sendBytes;
  const { decoded, out, payload, write } = kept;
  let sum = 0;
  for (let i = 0; i < times; i++) {
    for (let n = 0; n < 64; n++) write(n, decoded[n]);
    sum = sum + give(out, payload) | 0;
  }
  return sum & 0x7fffffff;
}
