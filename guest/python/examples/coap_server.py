"""A CoAP server by the PyPI package aiocoap, which knows nothing of Datagrant: what is put to a path is got there.
`coap_server.py ADDRESS`
"""

import asyncio
import sys

import aiocoap
import aiocoap.resource
from address import parse


class Store(aiocoap.resource.Resource, aiocoap.resource.PathCapable):
    """What it is given, by path."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, ...], bytes] = {}

    async def render_get(self, request: aiocoap.Message) -> aiocoap.Message:
        try:
            return aiocoap.Message(payload=self.kept[request.opt.uri_path])
        except KeyError:
            raise aiocoap.error.NotFound from None

    async def render_put(self, request: aiocoap.Message) -> aiocoap.Message:
        is_new = request.opt.uri_path not in self.kept
        self.kept[request.opt.uri_path] = request.payload
        return aiocoap.Message(code=aiocoap.CREATED if is_new else aiocoap.CHANGED)


async def main() -> None:
    root = aiocoap.resource.Site()
    root.add_resource(["kept"], Store())
    host, port = parse(sys.argv[1])
    # Of its transports the one that is made of asyncio's endpoints alone.
    await aiocoap.Context.create_server_context(root, bind=(host, port), transports=["simplesocketserver"])
    print(f"listening on {sys.argv[1]}")
    await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main())
