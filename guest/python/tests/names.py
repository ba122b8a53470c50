"""Names, looked up by the host while the loop goes on. `names.py NAME...`"""

import asyncio
import socket
import sys


async def main():
    loop, ticks = asyncio.get_running_loop(), 0

    async def ticking():
        nonlocal ticks
        while True:
            await asyncio.sleep(0.001)
            ticks += 1

    task = asyncio.create_task(ticking())
    names = sys.argv[1:]
    found = await asyncio.gather(*(loop.getaddrinfo(name, 9) for name in names), return_exceptions=True)
    for name, answer in zip(names, found):
        print(name, type(answer).__name__ if isinstance(answer, Exception) else sorted({info[4][0] for info in answer}))
    # One that nobody answers is given up.
    try:
        await asyncio.wait_for(loop.getaddrinfo("silent.test", 9), 0.2)
    except TimeoutError:
        print("silent.test is given up, and the loop went on:", ticks > 10)
    task.cancel()


if __name__ == "__main__":
    asyncio.run(main())
    # The blocking calls wait for the same answers.
    print("blocking", socket.gethostbyname(sys.argv[1]))
