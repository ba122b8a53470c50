"""The contestant `asyncio`: obeys the same orders as the runner's own (src/order.rs, src/subject/mod.rs)."""

import asyncio
import sys
import time

import work


async def main():
    loop = asyncio.get_running_loop()
    lines = asyncio.Queue()
    loop.add_reader(sys.stdin, lambda: lines.put_nowait(sys.stdin.readline()))
    while line := await lines.get():

        async def at(address):
            nonlocal cpu, wall
            print("at", address, flush=True)
            cpu, wall = time.process_time_ns(), time.perf_counter_ns()

        cpu = wall = 0
        try:
            count = await work.obey(line.split(), at)
            print("done", time.process_time_ns() - cpu, time.perf_counter_ns() - wall, count, flush=True)
        except Exception as error:
            print("failed", str(error).replace("\n", " "), flush=True)


asyncio.run(main())
