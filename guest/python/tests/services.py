"""Services that live and end in several ways, by their first argument."""

import asyncio
import sys

import datagrant.socket


class Echo(asyncio.DatagramProtocol):
    """Answers a while later: a timer of a service is the host's to wait for."""

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, peer):
        if data == b"end":
            self.transport.abort()
            ended.set()
            return
        asyncio.get_running_loop().call_later(0.02, self.transport.sendto, data.upper(), peer)


async def deeper():
    await asyncio.sleep(0.01)
    raise ValueError("the reason that it gives")


async def main():
    global ended
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(Echo, sock=datagrant.socket.granted("echo"))
    kind = sys.argv[1]
    if kind == "raises":
        await deeper()
    if kind == "exits":
        await asyncio.sleep(0.01)
        sys.exit("it has had enough")
    print("ready", file=sys.stderr)
    try:
        await ended.wait()
    finally:
        # What takes its time is waited for, by the host too.
        await asyncio.sleep(0.02)
        print("cleaned up", file=sys.stderr)
