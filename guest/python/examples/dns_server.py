"""Answers queries for the addresses of a few names; the wire format is that of the PyPI package dnslib.
`dns_server.py ADDRESS NAME=IP...`
"""

import asyncio
import sys
from typing import Any

from address import parse, text
from dnslib import AAAA, QTYPE, RCODE, RR, A, DNSError, DNSRecord

TTL = 300


class Server(asyncio.DatagramProtocol):
    """`known` has addresses by name, of both families."""

    def __init__(self, known: dict[str, list[str]]) -> None:
        self.known = known

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        print(f"listening on {text(transport.get_extra_info('sockname'))}")

    def datagram_received(self, data: bytes, peer: tuple[Any, ...]) -> None:
        answer = self.answer(data)
        if answer is not None:
            self.transport.sendto(answer, peer)

    def answer(self, data: bytes) -> bytes | None:
        """The answer to a query, or nothing to what is none."""
        try:
            query = DNSRecord.parse(data)
        except (DNSError, UnicodeError):
            return None
        if query.header.qr or len(query.questions) != 1:
            return None
        reply, question = query.reply(ra=0), query.q
        named = self.known.get(str(question.qname).lower().rstrip("."))
        if named is None:
            reply.header.rcode = RCODE.NXDOMAIN
        for address in named or ():
            kind = "AAAA" if ":" in address else "A"
            if question.qtype == getattr(QTYPE, kind):
                record = AAAA(address) if kind == "AAAA" else A(address)
                reply.add_answer(RR(question.qname, question.qtype, ttl=TTL, rdata=record))
        return bytes(reply.pack())


async def main() -> None:
    if len(sys.argv) < 2:
        sys.exit("usage: dns_server.py ADDRESS NAME=IP...")
    known: dict[str, list[str]] = {}
    for record in sys.argv[2:]:
        name, _, address = record.partition("=")
        known.setdefault(name.lower(), []).append(address)
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(lambda: Server(known), local_addr=parse(sys.argv[1]))
    await loop.create_future()


if __name__ == "__main__":
    asyncio.run(main())
