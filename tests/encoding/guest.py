"""The Python guest: `struct` over bytes, `zip` over words."""

from struct import Struct

import wit_world
from wit_world.imports import wire

# length, segment, port, ecn, flags, scope, address (and interface index, local address)
SMALL = Struct("<IHHBBxxI16s")
LARGE = Struct("<IHHBBxxI16sI12x16s")


class Kept:
    stride = 0
    decoded = []
    payload = b""
    out = bytearray()
    written = b""


def read_bytes(headers, stride):
    """The headers as tuples of fields; addresses as bytes, which `socket.inet_ntop` and `ipaddress` take."""
    return (SMALL if stride == 32 else LARGE).iter_unpack(headers)


def read_words(words, stride):
    """The same from words; addresses as tuples of four numbers."""
    it = iter(words)
    if stride == 32:
        for length, ports, bits, scope, a, b, c, d in zip(*[it] * 8):
            yield length, ports & 0xFFFF, ports >> 16, bits & 0xFF, bits >> 8 & 0xFF, scope, (a, b, c, d)
    else:
        for length, ports, bits, scope, a, b, c, d, index, _, _, _, la, lb, lc, ld in zip(*[it] * 16):
            yield (length, ports & 0xFFFF, ports >> 16, bits & 0xFF, bits >> 8 & 0xFF, scope, (a, b, c, d),
                   index, (la, lb, lc, ld))


def write_packed_into(decoded, stride, out):
    pack_into = (SMALL if stride == 32 else LARGE).pack_into
    at = 0
    for header in decoded:
        pack_into(out, at, *header)
        at += stride
    return bytes(out)


def write_joined(decoded, stride, out):
    pack = (SMALL if stride == 32 else LARGE).pack
    return b"".join([pack(*header) for header in decoded])


def write_words(decoded, stride, out):
    words = []
    if stride == 32:
        for length, segment, port, ecn, flags, scope, (a, b, c, d) in decoded:
            words += (length, segment | port << 16, ecn | flags << 8, scope, a, b, c, d)
    else:
        for length, segment, port, ecn, flags, scope, (a, b, c, d), index, (la, lb, lc, ld) in decoded:
            words += (length, segment | port << 16, ecn | flags << 8, scope, a, b, c, d,
                      index, 0, 0, 0, la, lb, lc, ld)
    return words


# name, take, read, write, give
STYLES = [
    ("bytes: iter_unpack, pack_into", wire.receive_bytes, read_bytes, write_packed_into, wire.send_bytes),
    ("bytes: iter_unpack, pack and join", wire.receive_bytes, read_bytes, write_joined, wire.send_bytes),
    ("words", wire.receive_words, read_words, write_words, wire.send_words),
]


class WitWorld(wit_world.WitWorld):
    def styles(self):
        return [style[0] for style in STYLES]

    def prepare(self, style, stride):
        _, take, read, write, _ = STYLES[style]
        headers, Kept.payload = take()
        Kept.stride = stride
        Kept.decoded = list(read(headers, stride))
        Kept.out = bytearray(64 * stride)
        Kept.written = write(Kept.decoded, stride, Kept.out)

    def cross_in(self, style, times):
        take = STYLES[style][1]
        total = 0
        for _ in range(times):
            total += len(take()[0])
        return total & 0x7FFFFFFF

    def decode(self, style, times):
        _, take, read, _, _ = STYLES[style]
        stride = Kept.stride
        last = -1 if take is wire.receive_bytes else 3
        total = 0
        for _ in range(times):
            headers, _payload = take()
            if stride == 32:
                for length, _segment, port, _ecn, flags, _scope, address in read(headers, stride):
                    total += length + 3 * port + 5 * flags + 7 * (address[last] & 255)
            else:
                for length, _segment, port, _ecn, flags, _scope, address, index, local in read(headers, stride):
                    total += (length + 3 * port + 5 * flags + 7 * (address[last] & 255)
                              + 11 * index + 13 * (local[last] & 255))
        return total & 0x7FFFFFFF

    def cross_out(self, style, times):
        give = STYLES[style][4]
        written, payload = Kept.written, Kept.payload
        total = 0
        for _ in range(times):
            total += give(written, payload)
        return total & 0x7FFFFFFF

    def encode(self, style, times):
        _, _, _, write, give = STYLES[style]
        decoded, stride, payload, out = Kept.decoded, Kept.stride, Kept.payload, Kept.out
        total = 0
        for _ in range(times):
            total += give(write(decoded, stride, out), payload)
        return total & 0x7FFFFFFF
