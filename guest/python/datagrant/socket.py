"""UDP sockets with the methods of `socket.socket`, which reach what was granted and nothing else.

They block as those of CPython do: without a timeout, with one, or not at all. In a component that `python -m datagrant build`
has made, the standard library's `socket` has this class in place of its own. Import it from here for sockets that the host hands
in (`granted`).
"""

import errno
import socket as stdlib
import sys
from collections import deque
from collections.abc import Buffer, Iterable
from socket import AF_INET, AF_INET6, MSG_DONTWAIT, MSG_PEEK, MSG_TRUNC, SOCK_DGRAM, SOCK_STREAM
from types import TracebackType
from typing import Any, Self, cast

from componentize_py_types import Err
from wit_world.imports import granted as handed_in
from wit_world.imports import sockets as contract
from wit_world.imports import types

from . import _names, _options, _waiting
from ._addresses import Address, from_contract, to_contract
from ._core import REMEMBERED, Core
from ._errors import error, os_error

__all__ = ["granted", "granted_names", "socket"]

_FAMILIES: dict[int, types.IpAddressFamily] = {AF_INET: types.IpAddressFamily.IPV4, AF_INET6: types.IpAddressFamily.IPV6}


def granted_names() -> list[str]:
    """The names of the sockets that the host hands in, taken or not."""
    return handed_in.names()


def granted(name: str) -> stdlib.socket:
    """Takes the socket that the host hands in by this name: it is bound. Each can be taken once."""
    try:
        taken = handed_in.take(name)
    except Err as refusal:
        raise os_error(refusal.value) from None
    family = AF_INET if taken.family() == types.IpAddressFamily.IPV4 else AF_INET6
    # To types it is CPython's, whose place it has.
    return cast(stdlib.socket, socket(family, SOCK_DGRAM, taken=taken))


class socket(Core):
    """A UDP socket: `socket(AF_INET or AF_INET6, SOCK_DGRAM)`. As in CPython one of TCP is what is meant without a type: there is
    none."""

    __slots__ = ("_is_bound", "_options", "_peer", "_targets", "proto", "type")

    def __init__(
        self,
        family: int = AF_INET,
        type: int = SOCK_STREAM,
        proto: int = 0,
        fileno: int | None = None,
        *,
        taken: contract.Socket | None = None,
    ) -> None:
        super().__init__()
        if fileno is not None:
            raise error(errno.EBADF)
        # As the host has it: TCP is denied, whoever asks.
        self.family, self.type, self.proto = _options.kind(family, type, proto)
        if type & stdlib.SOCK_NONBLOCK:
            self._timeout = 0.0
        self._options = _options.Options(self._call, self._create_again)
        self._targets: dict[Address, types.IpSocketAddress] = {}
        self._peer: Address | None = None
        self._is_bound = taken is not None
        self._contract = taken or self._create()
        self._id = self._contract.id()
        self._fd = _waiting.open_file(self)
        if taken is not None:
            self._unread(self._take_events(1))

    def _create(self) -> contract.Socket:
        try:
            return contract.Socket.create(_FAMILIES[self.family], self._options.flags)
        except Err as refusal:
            raise os_error(refusal.value, quota_exceeded=errno.EMFILE) from None

    def _create_again(self) -> None:
        """With other flags: they count in bind, and the contract takes them in create."""
        if self._is_bound:
            raise error(errno.EINVAL)
        self._contract = self._create()
        self._id = self._contract.id()

    # Addresses.

    def bind(self, address: Address, /) -> None:
        """Binds to a local address. Port 0 is any free one, of those that are granted."""
        packed, port, scope_id = _names.local(self.family, address)
        self._call(lambda at: at.bind(to_contract(self.family, packed, port, scope_id), False), invalid_state=errno.EINVAL)
        self._bound()

    def connect(self, address: Address, /) -> None:
        """From now on sends to this peer and receives from it alone."""
        target = self._target(address)
        if self._peer is not None:
            self._call(lambda at: at.disconnect())
            self._peer = None
        self._call(lambda at: at.connect(target))
        self._peer = from_contract(target)
        # What others had sent before is not told.
        before, self._ahead = self._ahead, deque()
        _waiting.ahead.discard(self._fd)
        self._unread(taken for taken in before if taken[1][:2] == self._peer[:2])
        self._unread(self._take_events(1 if self._is_bound else 2))
        self._is_bound = True

    def connect_ex(self, address: Address, /) -> int:
        """As `connect`, with the errno in place of an exception."""
        try:
            self.connect(address)
        except OSError as refusal:
            return refusal.errno or errno.EIO
        return 0

    def getsockname(self) -> Address:
        """The address that the socket is bound to."""
        if not self._is_bound:
            self._open()
            return ("0.0.0.0", 0) if self.family == AF_INET else ("::", 0, 0, 0)
        return from_contract(self._call(lambda at: at.local_address()))

    def getpeername(self) -> Address:
        """The peer that it is connected to."""
        return from_contract(self._call(lambda at: at.remote_address(), invalid_state=errno.ENOTCONN))

    def _bound(self) -> None:
        self._is_bound = True
        self._unread(self._take_events(1))

    def _target(self, address: Address) -> types.IpSocketAddress:
        """The contract's form of a destination. Names are looked up, each time."""
        try:
            return self._targets[address]
        except (KeyError, TypeError):
            packed, port, scope_id, is_literal = _names.remote(self.family, address)
        target = to_contract(self.family, packed, port, scope_id)
        if is_literal:
            if len(self._targets) >= REMEMBERED:
                self._targets.clear()
            self._targets[address] = target
        return target

    # Sending.

    def send(self, data: Buffer, flags: int = 0, /) -> int:
        """Sends one datagram to the peer that the socket is connected to."""
        self._open()
        if self._peer is None:
            raise error(errno.EDESTADDRREQ)
        return self._send(data, None, flags)

    def sendall(self, data: Buffer, flags: int = 0, /) -> None:
        """As `send`: a datagram goes whole or not at all."""
        self.send(data, flags)

    def sendto(self, data: Buffer, flags_or_address: Any, address: Address | None = None, /) -> int:
        """Sends one datagram: `sendto(data, address)` or `sendto(data, flags, address)`."""
        flags = 0 if address is None else flags_or_address
        where = flags_or_address if address is None else address
        target: types.IpSocketAddress | None = self._target(where)
        if self._peer is not None:
            if target is not None and from_contract(target) != self._peer:
                raise error(errno.EISCONN)
            target = None
        return self._send(data, target, flags)

    def sendmsg(
        self, buffers: Iterable[Buffer], ancdata: Iterable[Any] = (), flags: int = 0, address: Address | None = None, /
    ) -> int:
        """Sends the parts as one datagram. Ancillary data is not supported."""
        if list(ancdata):
            raise error(errno.EOPNOTSUPP)
        data = b"".join(bytes(part) for part in buffers)
        return self.send(data, flags) if address is None else self.sendto(data, flags, address)

    def _send(self, data: Buffer, target: types.IpSocketAddress | None, flags: int) -> int:
        self._open()
        payload = data if isinstance(data, bytes) else bytes(data)
        until = None
        while True:
            try:
                self._contract.send(payload, target)
                break
            except Err as refusal:
                code = refusal.value
            if code != types.ErrorCode.WOULD_BLOCK:
                raise os_error(code)
            until = self._wait([], [self._id], until, flags)
        if not self._is_bound:
            self._bound()
        return len(payload)

    # Receiving.

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """The next datagram, cut to `bufsize` bytes."""
        return self.recvfrom(bufsize, flags)[0]

    def recvfrom(self, bufsize: int, flags: int = 0, /) -> tuple[bytes, Address]:
        """The next datagram, cut to `bufsize` bytes, and who sent it."""
        if bufsize < 0:
            raise ValueError("negative buffersize in recvfrom")
        data, address = self._next(flags)
        return (data if len(data) <= bufsize else data[:bufsize]), address

    def recv_into(self, buffer: Buffer, nbytes: int = 0, flags: int = 0) -> int:
        """The next datagram into a buffer; how many bytes it has there."""
        return self.recvfrom_into(buffer, nbytes, flags)[0]

    def recvfrom_into(self, buffer: Buffer, nbytes: int = 0, flags: int = 0) -> tuple[int, Address]:
        """The next datagram into a buffer; how many bytes it has there, and who sent it."""
        with memoryview(buffer).cast("B") as view:
            if nbytes < 0 or nbytes > len(view):
                raise ValueError("nbytes is greater than the length of the buffer" if nbytes > 0 else "negative buffersize")
            data, address = self.recvfrom(nbytes or len(view), flags)
            view[: len(data)] = data
            return len(data), address

    def recvmsg(self, bufsize: int, ancbufsize: int = 0, flags: int = 0, /) -> tuple[bytes, list[Any], int, Address]:
        """The next datagram, no ancillary data, MSG_TRUNC when it was cut, and who sent it."""
        data, address = self._next(flags)
        return data[:bufsize], [], (MSG_TRUNC if len(data) > bufsize else 0), address

    def _next(self, flags: int) -> tuple[bytes, Address]:
        if flags & ~(MSG_PEEK | MSG_DONTWAIT):
            raise error(errno.EOPNOTSUPP)
        until = None
        while not self._ahead and not self._take():
            until = self._wait([self._id], [], until, flags)
        if flags & MSG_PEEK:
            return self._ahead[0]
        taken = self._ahead.popleft()
        if not self._ahead:
            _waiting.ahead.discard(self._fd)
        return taken

    # Options, life and the rest.

    def setsockopt(self, level: int, optname: int, value: Any, optlen: int | None = None, /) -> None:
        """Sets an option: those of sharing, buffers, broadcast, hops and multicast are there."""
        self._open()
        self._options.set(level, optname, value)

    def getsockopt(self, level: int, optname: int, buflen: int = 0, /) -> Any:
        """An option's value: an int, or with `buflen` the bytes of one."""
        self._open()
        value = self._options.get(level, optname)
        return value.to_bytes(4, sys.byteorder)[:buflen] if buflen else value

    def fileno(self) -> int:
        """A number that `select`, `selectors` and asyncio know it by, and no one else; -1 when it is closed."""
        return self._fd

    def close(self) -> None:
        """Closes the socket."""
        if self._fd >= 0:
            _waiting.close_file(self._fd)
            self._fd = -1
            self._ahead.clear()
            self._contract.close()
            # The handle itself goes now, and not when the garbage is collected.
            self._contract.__exit__(None, None, None)

    def detach(self) -> int:
        """Not possible: the number of a socket means nothing to anybody else."""
        raise error(errno.EOPNOTSUPP)

    def shutdown(self, how: int, /) -> None:
        """As natively of UDP: an error when it is not connected, and nothing otherwise."""
        self.getpeername()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def __repr__(self) -> str:
        if self._fd < 0:
            return f"<datagrant.socket.socket [closed] family={self.family}>"
        there = f", raddr={self._peer}" if self._peer else ""
        return f"<datagrant.socket.socket fd={self._fd}, family={self.family}, laddr={self.getsockname()}{there}>"
