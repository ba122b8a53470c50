"""An event loop for asyncio over the contract: CPython's own selector loop, on sockets and a selector of Datagrant.

In a component that `python -m datagrant build` has made it is asyncio's loop: `asyncio.run(main())` is enough. With a loop factory of
one's own it is `asyncio.Runner(loop_factory=datagrant.asyncio.EventLoop)`, or `run` of this module.
"""

import asyncio
from asyncio import selector_events
from collections.abc import Coroutine
from typing import Any

from . import _names, _waiting
from ._addresses import Address

__all__ = ["EventLoop", "run"]


class EventLoop(selector_events.BaseSelectorEventLoop):
    """asyncio's event loop in a component."""

    # What CPython's own loop has, and its types do not tell.
    _add_reader: Any
    _remove_reader: Any
    _ensure_fd_no_transport: Any
    _ready: Any

    def __init__(self, selector: _waiting.Selector | None = None) -> None:
        super().__init__(selector or _waiting.Selector())

    # Nobody but the loop's own thread and the network can wake it: no other thread, no signal.

    def _make_self_pipe(self) -> None:
        pass

    def _close_self_pipe(self) -> None:
        pass

    def _write_to_self(self) -> None:
        pass

    def _make_datagram_transport(self, sock: Any, protocol: Any, address: Any = None, waiter: Any = None, extra: Any = None) -> Any:
        self._ensure_fd_no_transport(sock)
        return _DatagramTransport(self, sock, protocol, address, waiter, extra)

    async def getaddrinfo(
        self, host: Any, port: Any, *, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0
    ) -> list[_names.Info]:
        """Looks a name up while the loop goes on."""
        query = _names.Query(host, port, family, type, proto, flags)
        if query.lookup is None:
            return query.infos(query.known or [])
        answer = self.create_future()
        self._add_reader(query.lookup.fileno(), self._answered, query.lookup, answer)
        try:
            return query.infos(await answer)
        finally:
            self._remove_reader(query.lookup.fileno())
            query.lookup.close()

    @staticmethod
    def _answered(lookup: _names.Lookup, answer: asyncio.Future[Any]) -> None:
        try:
            found = lookup.answer()
        except OSError as error:
            if not answer.done():
                answer.set_exception(error)
        else:
            if found is not None and not answer.done():
                answer.set_result(found)

    async def getnameinfo(self, sockaddr: Address, flags: int = 0) -> tuple[str, str]:
        """The text of an address: the contract looks up no names of addresses."""
        return _names.getnameinfo(sockaddr, flags)


_Stock: Any = selector_events


class _DatagramTransport(_Stock._SelectorDatagramTransport):
    """asyncio's own, but that it tells datagrams by bursts: up to 64 in a turn of the loop."""

    def _read_ready(self) -> None:
        if self._conn_lost:
            return
        try:
            burst = self._sock._read()
        except OSError as error:
            if self._sock._is_gone:
                # The operator has taken the grant back: nothing comes any more.
                self._force_close(error)
            else:
                self._protocol.error_received(error)
            return
        datagrams = iter(burst)
        try:
            for data, address in datagrams:
                self._protocol.datagram_received(data, address)
                if self._conn_lost:
                    return
        except BaseException:
            # As natively the loop hears of it, and the others are told in its next turn.
            self._sock._unread(datagrams)
            raise


def run(main: Coroutine[Any, Any, Any], *, debug: bool | None = None) -> Any:
    """As `asyncio.run`, on this loop."""
    with asyncio.Runner(debug=debug, loop_factory=EventLoop) as runner:
        return runner.run(main)
