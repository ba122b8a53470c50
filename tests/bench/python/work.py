"""What the contestants in Python do with asyncio: CPython itself (subject.py), and the guest (guest.py)."""

import asyncio

FIRST, LAST, BATCH, PATIENCE = 0xD6, 0x6D, 64, 3
LOOPBACK = {"ipv4": "127.0.0.1", "ipv6": "::1"}


class Takes(asyncio.DatagramProtocol):
    """Receives `count` datagrams, and sends them back if `echo` says so."""

    def __init__(self, size, count, echo):
        self.size, self.count, self.echo = size, count, echo
        self.done = 0
        self.ended = asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, peer):
        if len(data) != self.size or data[0] != FIRST or data[-1] != LAST:
            self.end(ValueError(f"not a datagram of the benchmark of {self.size} bytes: {len(data)} bytes"))
        if self.echo:
            self.transport.sendto(data, peer)
        self.done += 1
        if self.done == self.count:
            self.end()

    def error_received(self, error):
        self.end(error)

    def end(self, error=None):
        if not self.ended.done():
            if error is None:
                self.ended.set_result(self.count)
            else:
                self.ended.set_exception(error)

    async def all(self):
        seen = -1
        # As a time limit of the whole: one for each datagram would be part of what is measured.
        while self.done != seen:
            seen = self.done
            done, _ = await asyncio.wait([self.ended], timeout=PATIENCE)
            if done:
                return self.ended.result()
        raise TimeoutError(f"{self.done} of {self.count} came, then none for {PATIENCE} s")


async def give(transport, size, count, peer):
    """Sends `count` datagrams, 64 at a time before the event loop has its turn."""
    data = bytes([FIRST]) + bytes(size - 2) + bytes([LAST])
    done = 0
    while done < count:
        for _ in range(BATCH):
            transport.sendto(data, peer)
        done += BATCH
        await asyncio.sleep(0)
    return done


async def obey(order, at):
    """Obeys one order (src/order.rs), in words, and answers how many datagrams it were. `at(address)` is called before."""
    work, family, size, count, *to = order
    size, count = int(size), int(count)
    loop = asyncio.get_running_loop()
    make = lambda: Takes(size, count, work != "receive")  # noqa: E731
    transport, takes = await loop.create_datagram_endpoint(make, local_addr=(LOOPBACK[family], 0))
    try:
        address, port = transport.get_extra_info("sockname")[:2]
        await at(f"[{address}]:{port}" if family == "ipv6" else f"{address}:{port}")
        if work == "send":
            return await give(transport, size, count, (LOOPBACK[family], int(to[0].rpartition(":")[2])))
        return await takes.all()
    finally:
        transport.close()
