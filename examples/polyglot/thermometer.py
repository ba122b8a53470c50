"""The service, in Python: answers readings of temperatures with the mean of each sensor's so far. The host has its socket bound, and
hands it in under the name `readings`; where none is, it binds its first argument. `thermometer [ADDRESS:PORT]`
"""

import asyncio
import sys
from typing import Any

import datagrant.socket
from wit_world.imports import readings as codec


class Thermometer(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        # Of each sensor: how many, and their sum.
        self.seen: dict[int, tuple[int, int]] = {}

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        host, port = transport.get_extra_info("sockname")[:2]
        print(f"listening on {host}:{port}", file=sys.stderr)

    def datagram_received(self, data: bytes, peer: tuple[Any, ...]) -> None:
        try:
            readings = codec.decode(data)
        except Exception as problem:
            print(f"from {peer[0]}: {getattr(problem, 'value', problem)}", file=sys.stderr)
            return
        means = []
        for reading in readings:
            count, total = self.seen.get(reading.sensor, (0, 0))
            count, total = count + 1, total + reading.hundredths
            self.seen[reading.sensor] = count, total
            means.append(codec.Reading(reading.sensor, round(total / count)))
        self.transport.sendto(codec.encode(means), peer)

    def error_received(self, problem: Exception) -> None:
        print(f"not answered: {problem}", file=sys.stderr)


async def main() -> None:
    loop = asyncio.get_running_loop()
    if len(sys.argv) < 2:
        transport, _ = await loop.create_datagram_endpoint(Thermometer, sock=datagrant.socket.granted("readings"))
    else:
        host, _, port = sys.argv[1].rpartition(":")
        transport, _ = await loop.create_datagram_endpoint(Thermometer, local_addr=(host, int(port)))
    try:
        await loop.create_future()
    finally:
        transport.close()
