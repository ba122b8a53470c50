"""Sends each datagram back to where it came from, then prints its length and source: the first example of Node's manual for
dgram. `echo_server.py [ADDRESS]`
"""

import asyncio
import sys
from typing import Any

from address import parse, text


class Echo(asyncio.DatagramProtocol):
    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        print(f"listening on {text(transport.get_extra_info('sockname'))}")

    def datagram_received(self, data: bytes, peer: tuple[Any, ...]) -> None:
        self.transport.sendto(data, peer)
        print(f"{len(data)} bytes from {text(peer)}")

    def error_received(self, error: Exception) -> None:
        # A datagram that cannot be answered is no reason to stop answering others.
        print(f"echo-server: not answered: {error}", file=sys.stderr)


async def main() -> None:
    where = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:41234"
    loop = asyncio.get_running_loop()
    try:
        await loop.create_datagram_endpoint(Echo, local_addr=parse(where))
    except OSError as error:
        sys.exit(f"echo-server: bind {where}: {error.strerror}")
    # Until it is stopped from outside.
    await loop.create_future()


if __name__ == "__main__":
    asyncio.run(main())
