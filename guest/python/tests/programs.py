"""How programs end: what they print, and their status. Each is run alone, by its name."""

import asyncio
import atexit
import sys


def returns():
    print("all is done")


def exits_with_a_number():
    print("before")
    sys.exit(1)


def exits_with_nothing():
    sys.exit()


def exits_with_a_text():
    sys.exit("the reason")


def exits_of_a_task():
    async def main():
        sys.exit(1)

    asyncio.run(main())


def raises():
    def deeper():
        raise ValueError("it broke")

    deeper()


def raises_of_a_task():
    async def deeper():
        await asyncio.sleep(0.001)
        raise ValueError("it broke")

    async def main():
        async with asyncio.TaskGroup() as group:
            group.create_task(deeper())

    asyncio.run(main())


def cancels_what_is_left():
    async def forever():
        try:
            await asyncio.Event().wait()
        finally:
            print("cancelled")

    async def main():
        asyncio.create_task(forever())
        await asyncio.sleep(0)
        print("main returns")

    asyncio.run(main())


def says_goodbye():
    atexit.register(print, "goodbye")
    print("hello")


def has_its_name():
    print(__name__, sys.modules["__main__"].__name__)


def imports_late():
    import late

    print(late.said)
    print(late.__name__)


PROGRAMS = [function for name, function in list(globals().items()) if callable(function) and not name.startswith("_")]


def run(name):
    {program.__name__: program for program in PROGRAMS}[name]()
