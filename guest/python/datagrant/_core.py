"""What a socket is made of: the contract's socket, the datagrams that were taken of it ahead of the program, and the waiting for
more.
"""

import errno
import struct
import time
from collections import deque
from collections.abc import Callable, Iterable
from socket import MSG_DONTWAIT
from typing import TypeVar

from componentize_py_types import Err
from wit_world.imports import bursts, types
from wit_world.imports import sockets as contract

from . import _waiting
from ._addresses import Address, from_contract, name
from ._errors import error, os_error

T = TypeVar("T")

# Datagrams a call, and the longest of one.
_BURST, _LONGEST = 64, 65_535
# Of a burst header: the length, and all that tells the peer.
_HEADER = struct.Struct("<I2x26s")
# How many peers and targets a socket remembers, in Python's form and in the contract's.
REMEMBERED = 1024


class Core:
    """The part of a socket that receives and waits."""

    __slots__ = ("__weakref__", "_ahead", "_contract", "_error", "_fd", "_id", "_is_gone", "_names", "_timeout", "family")

    _contract: contract.Socket
    _id: int
    family: int

    def __init__(self) -> None:
        # Open from 0 on.
        self._fd = -1
        self._timeout: float | None = None
        self._ahead: deque[tuple[bytes, Address]] = deque()
        # What the next receive raises.
        self._error: OSError | None = None
        # Whether the host has closed it, since its grants were withdrawn.
        self._is_gone = False
        self._names: dict[bytes, Address] = {}

    def _open(self) -> None:
        if self._fd < 0:
            raise error(errno.EBADF)

    def _call(self, act: Callable[[contract.Socket], T], **instead: int) -> T:
        """Calls the contract; what it refuses is an OSError, with an errno `instead` of the usual one by the name of the code."""
        self._open()
        try:
            return act(self._contract)
        except Err as refusal:
            raise os_error(refusal.value, **instead) from None

    # Receiving.

    def _take(self) -> bool:
        """Takes a burst to have it ahead; whether there is one. Raises the error that comes before."""
        self._ahead.extend(self._burst())
        if not self._ahead:
            return False
        _waiting.ahead.add(self._fd)
        return True

    # For the loop of asyncio, which tells a burst in one turn.

    def _read(self) -> Iterable[tuple[bytes, Address]]:
        """All that is taken ahead, or a burst."""
        if not self._ahead:
            return self._burst()
        taken, self._ahead = self._ahead, deque()
        _waiting.ahead.discard(self._fd)
        return taken

    def _unread(self, datagrams: Iterable[tuple[bytes, Address]]) -> None:
        """Gives back what was not told."""
        self._ahead.extend(datagrams)
        if self._ahead and self._fd >= 0:
            _waiting.ahead.add(self._fd)

    def _burst(self) -> list[tuple[bytes, Address]]:
        """The datagrams that are there, as one burst; none when nothing is there. Raises an error that came before them."""
        self._open()
        if self._error is not None:
            refused, self._error = self._error, None
            raise refused
        try:
            burst = bursts.receive(self._contract, _BURST, _LONGEST)
        except Err as refusal:
            # We have not closed it.
            self._is_gone = refusal.value == types.ErrorCode.INVALID_STATE
            raise os_error(refusal.value) from None
        payload, names, start, taken = burst.payload, self._names, 0, []
        for length, peer in _HEADER.iter_unpack(burst.headers):
            end = start + length
            taken.append((payload[start:end], names.get(peer) or self._name(peer)))
            start = end
        if burst.more_events:
            taken += self._take_events(1)
            if not taken and self._error is not None:
                return self._burst()
        if len(taken) >= _BURST or self._error is not None:
            _waiting.ahead.add(self._fd)
        else:
            _waiting.ahead.discard(self._fd)
        return taken

    def _name(self, peer: bytes) -> Address:
        if len(self._names) >= REMEMBERED:
            self._names.clear()
        self._names[peer] = address = name(self.family, peer)
        return address

    def _take_events(self, count: int) -> list[tuple[bytes, Address]]:
        """Takes what is no datagram. What our own calls did we know, and a wait would end by it; an error is raised by the next
        receive."""
        taken = []
        for event in self._contract.next_events(count):
            if isinstance(event, types.Event_Message):
                taken.append((event.value.data, from_contract(event.value.remote)))
            elif isinstance(event, types.Event_Error):
                self._error = os_error(event.value)
        return taken

    # Blocking.

    def settimeout(self, timeout: float | None, /) -> None:
        """How many seconds a call waits: None, without end; 0, not at all."""
        if timeout is not None and timeout < 0:
            raise ValueError("Timeout value out of range")
        self._timeout = None if timeout is None else float(timeout)

    def gettimeout(self) -> float | None:
        """What `settimeout` has set; None at first."""
        return self._timeout

    timeout = property(gettimeout)

    def setblocking(self, flag: bool, /) -> None:
        """`settimeout(None)`, or of False `settimeout(0)`."""
        self.settimeout(None if flag else 0.0)

    def getblocking(self) -> bool:
        """Whether calls wait."""
        return self._timeout != 0

    def _wait(self, receive: list[int], send: list[int], until: float | None, flags: int) -> float | None:
        """Waits once, and answers the end of the waiting: what another wait of the same call is given."""
        # As in CPython a timeout is waited for whatever the flags say.
        if self._timeout == 0 or (self._timeout is None and flags & MSG_DONTWAIT):
            raise error(errno.EAGAIN)
        if self._timeout is None:
            _waiting.wait(receive, send, None)
            return None
        now = time.monotonic()
        if until is None:
            until = now + self._timeout
        if until <= now:
            raise TimeoutError("timed out")
        _waiting.wait(receive, send, until - now)
        return until
