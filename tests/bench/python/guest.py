"""The contestant `python`: the same as CPython's, for one order, which are the arguments. What it has used the host tells
(src/subject/program.rs), which goes on with it when it has heard where the socket is."""

import asyncio
import sys

import work


async def at(address):
    print("at", address, flush=True)
    # To hear it, the host needs a wait of ours: receivers have one at once.
    if sys.argv[1] == "send":
        await asyncio.sleep(0.001)


async def main():
    try:
        print("done", await work.obey(sys.argv[1:], at), flush=True)
    except Exception as error:
        print("failed", str(error).replace("\n", " "), flush=True)


asyncio.run(main())
