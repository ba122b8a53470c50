"""What `setsockopt` and `getsockopt` know: options of Linux by level and name, and what the contract has for them."""

import errno
import socket as stdlib
import struct
import sys
from collections.abc import Callable
from socket import IPPROTO_IP, IPPROTO_IPV6, IPPROTO_UDP, SOL_SOCKET
from typing import Any, Protocol, TypeVar

from wit_world.imports import sockets as contract
from wit_world.imports import types

from ._addresses import ip
from ._errors import error

T = TypeVar("T")

# What CPython for WASI has no name for, with Linux's numbers.
MISSING = {
    "SO_BROADCAST": 6,
    "SO_REUSEPORT": 15,
    "IPV6_ADD_MEMBERSHIP": stdlib.IPV6_JOIN_GROUP,
    "IPV6_DROP_MEMBERSHIP": stdlib.IPV6_LEAVE_GROUP,
    "INADDR_BROADCAST": 0xFFFFFFFF,
    "IP_MULTICAST_ALL": 49,
    "IPV6_MULTICAST_ALL": 29,
}
for _missing, _value in MISSING.items():
    if not hasattr(stdlib, _missing):
        setattr(stdlib, _missing, _value)


def kind(family: int, type: int, proto: int) -> tuple[stdlib.AddressFamily, stdlib.SocketKind, int]:
    """Family, type and protocol of a UDP socket; of another one, why there is none."""
    family = stdlib.AF_INET if family == -1 else family
    if family not in (stdlib.AF_INET, stdlib.AF_INET6):
        raise error(errno.EAFNOSUPPORT)
    if type & ~(stdlib.SOCK_CLOEXEC | stdlib.SOCK_NONBLOCK) != stdlib.SOCK_DGRAM:
        raise PermissionError(errno.EACCES, "Permission denied: UDP sockets (SOCK_DGRAM) are all that can be granted")
    if proto not in (-1, 0, IPPROTO_UDP):
        raise error(errno.EPROTONOSUPPORT)
    return stdlib.AddressFamily(family), stdlib.SOCK_DGRAM, max(proto, 0)


class _Call(Protocol):
    def __call__(self, act: Callable[[contract.Socket], T], **instead: int) -> T: ...


_Set = Callable[["Options", Any], None]
_setters: dict[tuple[int, int], _Set] = {}


def _sets(level: int, *names: str) -> Callable[[_Set], _Set]:
    def known(setter: _Set) -> _Set:
        for name in names:
            _setters[level, getattr(stdlib, name)] = setter
        return setter

    return known


class Options:
    """The options of one socket. `call` calls the contract, `create_again` makes the socket anew with other `flags`."""

    def __init__(self, call: _Call, create_again: Callable[[], None]) -> None:
        self.flags = types.CreateFlags(0)
        self._call, self._create_again = call, create_again
        self._values: dict[tuple[int, int], int] = {}
        # What was set on a socket that may have to be made again.
        self._done: list[tuple[int, int, Any]] = []

    def set(self, level: int, name: int, value: Any) -> None:
        """`setsockopt`."""
        setter = _setters.get((level, name))
        if setter is None:
            raise error(errno.ENOPROTOOPT)
        setter(self, value)
        self._done.append((level, name, value))
        if not isinstance(value, (bytes, bytearray, memoryview)):
            self._values[level, name] = int(value)

    def get(self, level: int, name: int) -> int:
        """`getsockopt`."""
        if (level, name) in ((SOL_SOCKET, stdlib.SO_RCVBUF), (SOL_SOCKET, stdlib.SO_SNDBUF)):
            is_receive = name == stdlib.SO_RCVBUF
            return self._call(lambda at: at.receive_buffer_bytes() if is_receive else at.send_buffer_bytes())
        if (level, name) in self._values:
            return self._values[level, name]
        if (level, name) in _DEFAULTS:
            return _DEFAULTS[level, name]
        raise error(errno.ENOPROTOOPT)

    def flag(self, flag: types.CreateFlags, on: bool) -> None:
        """Switches what the contract takes when a socket is created."""
        flags = self.flags | flag if on else self.flags & ~flag
        if flags != self.flags:
            before, self.flags = self.flags, flags
            try:
                self._create_again()
            except OSError:
                self.flags = before
                raise
            done, self._done = self._done, []
            for level, name, value in done:
                self.set(level, name, value)

    def tell(self, act: Callable[[contract.Socket], None], **instead: int) -> None:
        """Calls the contract."""
        self._call(act, **instead)


_DEFAULTS = {
    (SOL_SOCKET, stdlib.SO_ERROR): 0,
    (SOL_SOCKET, stdlib.SO_TYPE): stdlib.SOCK_DGRAM,
    (SOL_SOCKET, stdlib.SO_BROADCAST): 0,
    (SOL_SOCKET, stdlib.SO_REUSEADDR): 0,
    (SOL_SOCKET, stdlib.SO_REUSEPORT): 0,
    (IPPROTO_IP, stdlib.IP_TTL): 64,
    (IPPROTO_IP, stdlib.IP_MULTICAST_TTL): 1,
    (IPPROTO_IP, stdlib.IP_MULTICAST_LOOP): 1,
    (IPPROTO_IPV6, stdlib.IPV6_UNICAST_HOPS): 64,
    (IPPROTO_IPV6, stdlib.IPV6_MULTICAST_HOPS): 1,
    (IPPROTO_IPV6, stdlib.IPV6_MULTICAST_LOOP): 1,
    (IPPROTO_IPV6, stdlib.IPV6_V6ONLY): 0,
}


def _number(value: Any) -> int:
    """An option's number: an int, or the bytes of one."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        if len(value) not in (1, 4):
            raise error(errno.EINVAL)
        return int.from_bytes(value, sys.byteorder, signed=True)
    return int(value)


def _bytes(value: Any, *lengths: int) -> bytes:
    if isinstance(value, int):
        value = struct.pack("=i", value)
    if len(value) not in lengths:
        raise error(errno.EINVAL)
    return bytes(value)


def _hops(value: Any, least: int) -> int:
    hops = _number(value)
    if not least <= hops <= 255:
        raise error(errno.EINVAL)
    return hops


@_sets(SOL_SOCKET, "SO_REUSEADDR")
def _reuse_address(options: Options, value: Any) -> None:
    options.flag(types.CreateFlags.REUSE_ADDRESS, bool(_number(value)))


@_sets(SOL_SOCKET, "SO_REUSEPORT")
def _reuse_port(options: Options, value: Any) -> None:
    options.flag(types.CreateFlags.REUSE_PORT, bool(_number(value)))


@_sets(IPPROTO_IPV6, "IPV6_V6ONLY")
def _ipv6_only(options: Options, value: Any) -> None:
    options.flag(types.CreateFlags.IPV6_ONLY, bool(_number(value)))


@_sets(SOL_SOCKET, "SO_BROADCAST")
def _broadcast(options: Options, value: Any) -> None:
    options.tell(lambda at: at.set_broadcast(bool(_number(value))))


@_sets(SOL_SOCKET, "SO_RCVBUF")
def _receive_buffer(options: Options, value: Any) -> None:
    options.tell(lambda at: at.set_receive_buffer_bytes(max(1, _number(value))))


@_sets(SOL_SOCKET, "SO_SNDBUF")
def _send_buffer(options: Options, value: Any) -> None:
    options.tell(lambda at: at.set_send_buffer_bytes(max(1, _number(value))))


@_sets(IPPROTO_IP, "IP_TTL")
@_sets(IPPROTO_IPV6, "IPV6_UNICAST_HOPS")
def _ttl(options: Options, value: Any) -> None:
    options.tell(lambda at: at.set_ttl(_hops(value, 1)))


@_sets(IPPROTO_IP, "IP_MULTICAST_TTL")
@_sets(IPPROTO_IPV6, "IPV6_MULTICAST_HOPS")
def _multicast_ttl(options: Options, value: Any) -> None:
    options.tell(lambda at: at.set_multicast_ttl(_hops(value, 0)))


@_sets(IPPROTO_IP, "IP_MULTICAST_LOOP")
@_sets(IPPROTO_IPV6, "IPV6_MULTICAST_LOOP")
def _multicast_loop(options: Options, value: Any) -> None:
    options.tell(lambda at: at.set_multicast_loopback(bool(_number(value))))


@_sets(IPPROTO_IP, "IP_MULTICAST_ALL")
@_sets(IPPROTO_IPV6, "IPV6_MULTICAST_ALL")
def _multicast_all(options: Options, value: Any) -> None:
    # Groups that this socket did not join are never heard.
    if _number(value):
        raise error(errno.EOPNOTSUPP)


def _interface(address: bytes, index: int = 0) -> types.InterfaceRef:
    """By its index where one is given, else by an address of its own; the unspecified one is the system's choice."""
    if index:
        return types.InterfaceRef_Index(index)
    return types.InterfaceRef_Address(ip(address)) if any(address) else types.InterfaceRef_Default()


@_sets(IPPROTO_IP, "IP_MULTICAST_IF")
def _multicast_interface(options: Options, value: Any) -> None:
    # An in_addr, or an ip_mreq(n), whose group says nothing here.
    given = _bytes(value, 4, 8, 12)
    index = struct.unpack_from("=i", given, 8)[0] if len(given) == 12 else 0
    on = _interface(given[4:8] or given, index)
    options.tell(lambda at: at.set_multicast_interface(on), no_such_interface=errno.EADDRNOTAVAIL)


@_sets(IPPROTO_IPV6, "IPV6_MULTICAST_IF")
def _multicast_interface_6(options: Options, value: Any) -> None:
    on = _interface(b"", _number(value))
    options.tell(lambda at: at.set_multicast_interface(on))


def _membership(level: int, join: str, leave: str) -> Callable[[Callable[[Any], tuple[Any, ...]]], None]:
    """Both options of a kind, which take the same bytes: group, interface, source."""

    def known(read: Callable[[Any], tuple[Any, ...]]) -> None:
        _sets(level, join)(lambda options, value: options.tell(lambda at: at.join(*read(value))))
        _sets(level, leave)(lambda options, value: options.tell(lambda at: at.leave(*read(value))))

    return known


@_membership(IPPROTO_IP, "IP_ADD_MEMBERSHIP", "IP_DROP_MEMBERSHIP")
def _group(value: Any) -> tuple[types.IpAddress, types.InterfaceRef, None]:
    # An ip_mreq or an ip_mreqn.
    given = _bytes(value, 8, 12)
    index = struct.unpack_from("=i", given, 8)[0] if len(given) == 12 else 0
    return ip(given[:4]), _interface(given[4:8], index), None


@_membership(IPPROTO_IP, "IP_ADD_SOURCE_MEMBERSHIP", "IP_DROP_SOURCE_MEMBERSHIP")
def _group_of_source(value: Any) -> tuple[types.IpAddress, types.InterfaceRef, types.IpAddress]:
    given = _bytes(value, 12)
    return ip(given[:4]), _interface(given[4:8]), ip(given[8:])


@_membership(IPPROTO_IPV6, "IPV6_JOIN_GROUP", "IPV6_LEAVE_GROUP")
def _group_6(value: Any) -> tuple[types.IpAddress, types.InterfaceRef, None]:
    given = _bytes(value, 20)
    return ip(given[:16]), _interface(b"", struct.unpack_from("=I", given, 16)[0]), None
