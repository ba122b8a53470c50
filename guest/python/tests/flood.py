"""Receives COUNT datagrams by a DatagramProtocol, then says so: what the price of a datagram is measured with. `flood.py COUNT`"""

import asyncio
import sys


class Counter(asyncio.DatagramProtocol):
    def __init__(self, count, done):
        self.left, self.done = count, done

    def datagram_received(self, data, peer):
        self.left -= 1
        if self.left == 0:
            self.done.set_result(None)


async def main():
    loop = asyncio.get_running_loop()
    done, count = loop.create_future(), int(sys.argv[1])
    transport, _ = await loop.create_datagram_endpoint(lambda: Counter(count, done), local_addr=("127.0.0.1", 0))
    print(transport.get_extra_info("sockname")[1], flush=True)
    await done
    transport.close()
    print("received", count)


if __name__ == "__main__":
    asyncio.run(main())
