"""The echo server as a service: the host has its socket bound, hands it in under the name `echo`, and calls it when there is something to do.
Where no such socket is handed in it binds its first argument.
"""

import asyncio
import sys
from typing import Any

import datagrant.socket
from address import parse, text


class Echo(asyncio.DatagramProtocol):
    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        print(f"listening on {text(transport.get_extra_info('sockname'))}", file=sys.stderr)

    def datagram_received(self, data: bytes, peer: tuple[Any, ...]) -> None:
        self.transport.sendto(data, peer)


async def main() -> None:
    loop = asyncio.get_running_loop()
    if "echo" in datagrant.socket.granted_names() or len(sys.argv) < 2:
        transport, _ = await loop.create_datagram_endpoint(Echo, sock=datagrant.socket.granted("echo"))
    else:
        transport, _ = await loop.create_datagram_endpoint(Echo, local_addr=parse(sys.argv[1]))
    try:
        await loop.create_future()
    finally:
        # It is asked to end, as by Ctrl-C: this task is cancelled.
        transport.close()
        print("closed", file=sys.stderr)
