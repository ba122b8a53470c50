"""A program as a service: the host waits, and calls it. It has `async def main()`, and ends when that returns."""

import asyncio
import inspect
import sys
from typing import Any

from wit_world.exports import handler as contract
from wit_world.imports import types

from . import _waiting
from ._program import Ready, ended
from .asyncio import EventLoop


class _Selector(_waiting.Selector):
    """Where asyncio's loop would wait it ends, and the host waits for it."""

    def __init__(self) -> None:
        super().__init__()
        # What the host has told; None when nothing has to be told any more.
        self.told: types.Interest | None = None
        self.is_stepping = False
        self.timeout: float | None = None
        self.loop: EventLoop

    def make_loop(self) -> EventLoop:
        """The loop that it is the selector of."""
        self.loop = EventLoop(self)
        return self.loop

    def wanted(self) -> types.Interest:
        """What to wait for."""
        return (self._asked or self._ask())[0]

    def _wait(self, on: types.Interest, timeout: float | None) -> types.Interest:
        if self.told is not None:
            told, self.told = self.told, None
            return told
        if self.is_stepping and (timeout is None or timeout > 0):
            self.timeout = timeout
            self.loop.stop()
            return types.Interest([], [])
        return super()._wait(on, timeout)


class Service:
    """Steps a program. It is called `step` and `stop` as the contract's handler is."""

    def __init__(self, program: Ready) -> None:
        self._program = program
        self._selector = _Selector()
        self._runner: asyncio.Runner | None = None
        self._main: asyncio.Task[Any] | None = None
        self._is_asked_to_stop = False

    def step(self, ready: types.Interest) -> contract.Next:
        """Does what can be done now."""
        try:
            main = self._main or self._start()
            return self._turn(main, ready)
        except BaseException as error:
            return self._end(error)

    def stop(self) -> contract.Next:
        """As Ctrl-C of `asyncio.run`: the main task is cancelled, and the service goes on until it has ended."""
        self._is_asked_to_stop = True
        if self._main is None:
            return contract.Next_Done()
        self._main.cancel()
        return self.step(types.Interest([], []))

    def _start(self) -> asyncio.Task[Any]:
        main = getattr(self._program.load(), "main", None)
        if not inspect.iscoroutinefunction(main):
            sys.exit("the program has no `async def main()`: that is what a service runs")
        self._runner = asyncio.Runner(loop_factory=self._selector.make_loop)
        # Made now, by the factory.
        self._runner.get_loop()
        loop = self._selector.loop
        self._main = loop.create_task(main())
        self._main.add_done_callback(lambda _: loop.stop())
        return self._main

    def _turn(self, main: asyncio.Task[Any], ready: types.Interest) -> contract.Next:
        self._selector.told = ready
        self._selector.is_stepping = True
        try:
            # What a timer has made ready while the loop was ending has its turn too.
            self._selector.loop.run_forever()
            while self._selector.loop._ready and not main.done():
                self._selector.loop.run_forever()
        finally:
            self._selector.is_stepping = False
        if main.done():
            return self._finish(main)
        timeout = self._selector.timeout
        nanoseconds = None if timeout is None else _waiting.nanoseconds(timeout)
        return contract.Next_Wait(contract.Wanted(self._selector.wanted(), nanoseconds))

    def _finish(self, main: asyncio.Task[Any]) -> contract.Next:
        try:
            main.result()
        except asyncio.CancelledError:
            if not self._is_asked_to_stop:
                raise
        return self._end(None)

    def _end(self, error: BaseException | None) -> contract.Next:
        if self._runner is not None:
            self._runner.close()
        if error is None or ended(error) == 0:
            return contract.Next_Done()
        if isinstance(error, SystemExit):
            return contract.Next_Failed(f"exit status {error.code}" if isinstance(error.code, int) else str(error.code))
        return contract.Next_Failed(f"{type(error).__name__}: {error}")
