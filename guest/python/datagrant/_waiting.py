"""Waiting for sockets and lookups: `select` and a selector over the contract's one blocking `wait`."""

import errno
import itertools
import math
import selectors
from collections.abc import Iterable
from selectors import EVENT_READ, EVENT_WRITE, SelectorKey
from typing import Any, Protocol
from weakref import WeakValueDictionary

from componentize_py_types import Err
from wit_world.imports import types
from wit_world.imports import wait as contract

from ._errors import error, os_error


class Waitable(Protocol):
    """A socket or a lookup."""

    @property
    def _id(self) -> int:
        """The number by which the contract's waits know it."""


# Descriptors: numbers that mean something to this module alone, above those that WASI gives.
_numbers = itertools.count(1024)
_files: WeakValueDictionary[int, Waitable] = WeakValueDictionary()

# The descriptors of those that may have something which no wait will tell: a burst was taken and not all of it told, or it was
# a full one.
ahead: set[int] = set()


def open_file(waitable: Waitable) -> int:
    """A descriptor for it."""
    number = next(_numbers)
    _files[number] = waitable
    return number


def close_file(number: int) -> None:
    """It is not waited for any more."""
    _files.pop(number, None)
    ahead.discard(number)


def _id_of(number: int) -> int:
    try:
        return _files[number]._id
    except KeyError:
        raise error(errno.EBADF) from None


def nanoseconds(seconds: float) -> int:
    """A time to wait, rounded up: a wait that ends too early would be begun again for nothing."""
    return max(0, math.ceil(seconds * 1e9))


def wait(receive: list[int], send: list[int], timeout: float | None) -> types.Interest:
    """The contract's wait, over ids, with seconds as Python has them: None waits without end."""
    try:
        return contract.wait(types.Interest(receive, send), None if timeout is None else nanoseconds(timeout))
    except Err as refusal:
        raise os_error(refusal.value) from None


class Selector(selectors._BaseSelectorImpl):
    """What `selectors.DefaultSelector` is natively, for sockets of Datagrant alone."""

    def __init__(self) -> None:
        super().__init__()
        self._fd_to_key: dict[int, SelectorKey]
        self._asked: tuple[types.Interest, dict[int, SelectorKey]] | None = None

    def register(self, fileobj: Any, events: int, data: Any = None) -> SelectorKey:
        key = super().register(fileobj, events, data)
        self._asked = None
        return key

    def unregister(self, fileobj: Any) -> SelectorKey:
        key = super().unregister(fileobj)
        self._asked = None
        return key

    def _ask(self) -> tuple[types.Interest, dict[int, SelectorKey]]:
        keys = {_id_of(key.fd): key for key in self._fd_to_key.values() if key.fd in _files}
        receive = [number for number, key in keys.items() if key.events & EVENT_READ]
        send = [number for number, key in keys.items() if key.events & EVENT_WRITE]
        self._asked = types.Interest(receive, send), keys
        return self._asked

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        on, keys = self._asked or self._ask()
        ready: dict[int, int] = {}
        if ahead:
            ready = {number: EVENT_READ for number in on.receive if keys[number].fd in ahead}
            # The others have their turn too; without any there is nobody to ask for.
            if len(ready) == len(on.receive) and not on.send:
                return [(keys[number], EVENT_READ) for number in ready]
            if ready:
                timeout = 0
        return self._found(self._wait(on, timeout), keys, ready)

    def _wait(self, on: types.Interest, timeout: float | None) -> types.Interest:
        if timeout is None and not on.receive and not on.send:
            raise RuntimeError("nothing can happen any more: there is no socket to wait for, and no timer")
        try:
            return wait(on.receive, on.send, timeout)
        except OSError:
            # One of them was closed and is still registered: natively it is told no more.
            self._asked = None
            if self._ask()[0] == on:
                raise
            return types.Interest([], [])

    def _found(
        self, found: types.Interest, keys: dict[int, SelectorKey], ready: dict[int, int]
    ) -> list[tuple[SelectorKey, int]]:
        for number in found.receive:
            ready[number] = ready.get(number, 0) | EVENT_READ
        for number in found.send:
            ready[number] = ready.get(number, 0) | EVENT_WRITE
        return [(keys[number], events & keys[number].events) for number, events in ready.items() if number in keys]


def _number_of(file: Any) -> int:
    number: int = file if isinstance(file, int) else file.fileno()
    if number < 0:
        raise ValueError(f"file descriptor cannot be a negative integer ({number})")
    return number


def select(
    rlist: Iterable[Any], wlist: Iterable[Any], xlist: Iterable[Any], timeout: float | None = None
) -> tuple[list[Any], list[Any], list[Any]]:
    """`select.select` for sockets of Datagrant. Nothing exceptional ever happens to one of them."""
    receive = {_number_of(file): file for file in rlist}
    send = {_number_of(file): file for file in wlist}
    list(xlist)
    found = [file for number, file in receive.items() if number in ahead]
    if found:
        timeout = 0
    answer = wait([_id_of(number) for number in receive], [_id_of(number) for number in send], timeout)
    told = set(answer.receive)
    found += [file for number, file in receive.items() if number not in ahead and _id_of(number) in told]
    told = set(answer.send)
    return found, [file for number, file in send.items() if _id_of(number) in told], []
