"""The checks of the Python SDK: the same, by the same names, as those of the other languages (see ../README.md). It runs on CPython as
well, but for `denied` and `names`, which are the host's.
"""

import asyncio
import errno
import socket
import struct
import sys
import time

# What nothing on loopback takes, and what is waited for what must not come: seconds.
PATIENCE, A_MOMENT = 5, 0.05
LOOPBACK = "127.0.0.1"


class Endpoint(asyncio.DatagramProtocol):
    """A transport, and what it hears before it is asked."""

    def __init__(self):
        self.heard = asyncio.Queue()
        self.closed = asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        self.transport = transport
        self.socket = transport.get_extra_info("socket")
        self.address = transport.get_extra_info("sockname")

    def datagram_received(self, data, peer):
        self.heard.put_nowait((data, peer))

    def error_received(self, error):
        self.heard.put_nowait((error, None))

    def connection_lost(self, error):
        self.closed.set_result(error)

    def send(self, data, address=None):
        self.transport.sendto(data, address)

    async def hears(self, expected=None, within=PATIENCE):
        """The next datagram and who sent it; an error that comes before is raised."""
        data, peer = await asyncio.wait_for(self.heard.get(), within)
        if isinstance(data, OSError):
            raise data
        if expected is not None:
            equal(data, expected)
        return data, peer


opened = []


async def bound(host=LOOPBACK, port=0, **more):
    loop = asyncio.get_running_loop()
    _, endpoint = await loop.create_datagram_endpoint(Endpoint, local_addr=(host, port), **more)
    opened.append(endpoint)
    return endpoint


def equal(actual, expected):
    if actual != expected:
        raise AssertionError(f"expected {expected}, got {actual}")


async def fails(awaitable, *numbers):
    """That it fails with one of these errnos."""
    try:
        await awaitable
    except OSError as error:
        if error.errno in numbers:
            return
        raise
    raise AssertionError(f"expected {errno.errorcode[numbers[0]]}: nothing was told")


async def goes_on(endpoint):
    other = await bound()
    endpoint.send(b"still here", other.address)
    await other.hears(b"still here")


async def there_and_back(host):
    a, b = await bound(host), await bound(host)
    a.send(b"there", b.address)
    _, peer = await b.hears(b"there")
    equal(peer[:2], a.address[:2])
    b.send(b"and back", peer)
    equal((await a.hears(b"and back"))[1][:2], b.address[:2])


async def echo():
    await there_and_back(LOOPBACK)


async def ipv6():
    await there_and_back("::1")


async def sizes():
    a, b = await bound(), await bound()
    for length in (0, 1, 1472, 65_507):
        sent = (b"some text that is not the same everywhere" * 1600)[:length]
        a.send(sent, b.address)
        data, _ = await b.hears()
        if data != sent:
            raise AssertionError(f"{length} bytes came otherwise, {len(data)} of them")


async def order():
    count, under_way, sent = 1000, 50, 0
    a, b = await bound(), await bound()
    for heard in range(count):
        while sent < count and sent - heard < under_way:
            a.send(sent.to_bytes(4, "big") + bytes(96), b.address)
            sent += 1
        data, _ = await b.hears()
        equal((int.from_bytes(data[:4], "big"), len(data)), (heard, 100))


async def connect():
    peer, other = await bound(), await bound()
    a = await bound(remote_addr=peer.address)
    a.send(b"to the peer")
    await peer.hears(b"to the peer")
    other.send(b"from another", a.address)
    peer.send(b"from the peer", a.address)
    await a.hears(b"from the peer")
    await asyncio.sleep(A_MOMENT)
    equal(a.heard.qsize(), 0)


async def refused():
    gone = await bound()
    a = await bound(remote_addr=gone.address)
    gone.transport.close()
    await gone.closed

    async def asks():
        for _ in range(100):
            a.send(b"is anybody there")
            try:
                await a.hears(within=A_MOMENT)
            except TimeoutError:
                continue

    await fails(asks(), errno.ECONNREFUSED)


async def in_use():
    first = await bound()
    await fails(bound(port=first.address[1]), errno.EADDRINUSE)


async def too_long():
    a, b = await bound(), await bound()
    a.send(bytes(65_508), b.address)
    await fails(a.hears(), errno.EMSGSIZE)
    await goes_on(a)


async def denied():
    a = await bound()
    a.send(b"nobody said that it may", ("192.0.2.1", 9))
    await fails(a.hears(), errno.EACCES, errno.EPERM)
    await goes_on(a)


async def closed():
    a = await bound()
    asyncio.get_running_loop().call_later(A_MOMENT, a.transport.close)
    # Without the close it would wait for ever.
    equal(await asyncio.wait_for(a.closed, PATIENCE), None)
    gone = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    gone.close()
    try:
        gone.sendto(b"late", (LOOPBACK, 9))
    except OSError as error:
        equal(error.errno, errno.EBADF)
    else:
        raise AssertionError("a closed socket sends")


async def timers():
    a = await bound()
    order = []

    def rings():
        order.append("timer")
        a.send(b"from a timer", a.address)

    began = time.monotonic()
    asyncio.get_running_loop().call_later(A_MOMENT, rings)
    await a.hears(b"from a timer")
    equal(order, ["timer"])
    if time.monotonic() - began < A_MOMENT:
        raise AssertionError("the timer was early")
    await expires(a.hears(within=A_MOMENT))
    # The blocking socket has deadlines of its own.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as blocking:
        blocking.bind((LOOPBACK, 0))
        blocking.settimeout(A_MOMENT)
        try:
            blocking.recv(100)
        except TimeoutError:
            return
    raise AssertionError("a blocking receive did not end by its deadline")


async def expires(awaitable):
    try:
        await awaitable
    except TimeoutError:
        return
    raise AssertionError("the deadline did not end it")


async def names():
    found = await asyncio.get_running_loop().getaddrinfo("home.test", 9, type=socket.SOCK_DGRAM)
    equal([info[4] for info in found], [(LOOPBACK, 9)])
    b = await bound()
    a = await bound(remote_addr=("home.test", b.address[1]), family=socket.AF_INET)
    a.send(b"by name")
    await b.hears(b"by name")


async def multicast():
    group = "239.255.77.9"
    member, sender = await bound("0.0.0.0"), await bound()
    here = socket.inet_aton(LOOPBACK)
    membership = struct.pack("4s4s", socket.inet_aton(group), here)
    member.socket.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
    sender.socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, here)
    sender.socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)
    sender.send(b"to the group", (group, member.address[1]))
    await member.hears(b"to the group")
    member.socket.setsockopt(socket.IPPROTO_IP, socket.IP_DROP_MEMBERSHIP, membership)


async def options():
    a = await bound()
    a.socket.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 7)
    equal(a.socket.getsockopt(socket.IPPROTO_IP, socket.IP_TTL), 7)
    a.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
    size = a.socket.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
    if size < 65_536:
        raise AssertionError(f"a receive buffer of {size} bytes in place of 65536")


CHECKS = {
    "echo": echo,
    "ipv6": ipv6,
    "sizes": sizes,
    "order": order,
    "connect": connect,
    "refused": refused,
    "in-use": in_use,
    "too-long": too_long,
    "denied": denied,
    "closed": closed,
    "timers": timers,
    "names": names,
    "multicast": multicast,
    "options": options,
}


def deeper():
    raise RuntimeError("the reason that it gives")


async def main(wanted):
    status = 0
    for name in wanted or CHECKS:
        try:
            await CHECKS[name]()
            print(name, "ok", flush=True)
        except Exception as error:
            status = 1
            reason = f"{errno.errorcode.get(error.errno)} {error}" if isinstance(error, OSError) else error
            print(f"{name} failed: {type(error).__name__}: {reason}".replace("\n", " "), flush=True)
        while opened:
            opened.pop().transport.abort()
    return status


if __name__ == "__main__":
    if sys.argv[1:] == ["throw"]:
        deeper()
    sys.exit(asyncio.run(main(sys.argv[1:])))
