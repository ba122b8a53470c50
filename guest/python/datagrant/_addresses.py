"""Addresses: Python's tuples, the contract's variants, and the 26 bytes of a burst header."""

import struct
from socket import AF_INET, AF_INET6, inet_ntop, inet_pton
from typing import Any, TypeAlias

from componentize_py_types import Err
from wit_world.imports import types, zones

from ._errors import os_error

Address: TypeAlias = tuple[Any, ...]
"""`(host, port)`, or of IPv6 `(host, port, flow info, scope id)`."""

_SCOPE, _PORT = struct.Struct("<I"), struct.Struct("<H")
_OCTETS, _GROUPS = struct.Struct("4B"), struct.Struct(">8H")


def name(family: int, key: bytes) -> Address:
    """What a burst header says of a peer: its bytes from the port on, without length and segment size."""
    port: int = _PORT.unpack_from(key)[0]
    if family == AF_INET:
        return inet_ntop(AF_INET, key[22:]), port
    return inet_ntop(AF_INET6, key[10:]), port, 0, _SCOPE.unpack_from(key, 6)[0]


def from_contract(address: types.IpSocketAddress) -> Address:
    """An address as Python tells it."""
    value = address.value
    if isinstance(value, types.Ipv4SocketAddress):
        return inet_ntop(AF_INET, bytes(value.address)), value.port
    return inet_ntop(AF_INET6, _GROUPS.pack(*value.address)), value.port, 0, value.scope_id


def to_contract(family: int, packed: bytes, port: int, scope_id: int = 0) -> types.IpSocketAddress:
    """The contract's address of one in network order."""
    if family == AF_INET:
        return types.IpSocketAddress_Ipv4(types.Ipv4SocketAddress(port, _OCTETS.unpack(packed)))
    groups = _GROUPS.unpack(packed)
    return types.IpSocketAddress_Ipv6(types.Ipv6SocketAddress(port, 0, groups, scope_id))


def ip(packed: bytes) -> types.IpAddress:
    """An address without a port, of 4 or 16 bytes in network order."""
    if len(packed) == 4:
        return types.IpAddress_Ipv4(_OCTETS.unpack(packed))
    return types.IpAddress_Ipv6(_GROUPS.unpack(packed))


def ip_text(address: types.IpAddress) -> tuple[int, str]:
    """The family and the text of an address."""
    if isinstance(address, types.IpAddress_Ipv4):
        return AF_INET, inet_ntop(AF_INET, bytes(address.value))
    return AF_INET6, inet_ntop(AF_INET6, _GROUPS.pack(*address.value))


def literal(family: int, host: str) -> tuple[bytes, int] | None:
    """The bytes and the scope id of an address that is written out, or None when it is a name."""
    text, _, zone = host.partition("%") if family == AF_INET6 else (host, "", "")
    try:
        packed = inet_pton(family, text)
    except (OSError, ValueError):
        return None
    return packed, interface_index(zone) if zone else 0


def interface_index(zone: str) -> int:
    """The index of an interface by its name, or by the digits of the index itself."""
    if zone.isdecimal():
        return int(zone)
    try:
        return zones.index(zone)
    except Err as refusal:
        raise os_error(refusal.value) from None


def interface_name(index: int) -> str:
    """The name of an interface by its index."""
    try:
        return zones.name(index)
    except Err as refusal:
        raise os_error(refusal.value) from None


def check(family: int, address: object) -> tuple[str, int, int]:
    """Host, port and scope id of an address that a program has written, with the complaints of CPython."""
    if not isinstance(address, tuple):
        kind = "AF_INET" if family == AF_INET else "AF_INET6"
        raise TypeError(f"{kind} address must be tuple, not {type(address).__name__}")
    longest = 2 if family == AF_INET else 4
    if not 2 <= len(address) <= longest:
        wanted = "a pair (host, port)" if family == AF_INET else "a tuple (host, port[, flowinfo[, scopeid]])"
        raise TypeError(f"{'AF_INET' if family == AF_INET else 'AF_INET6'} address must be {wanted}")
    host, port = address[:2]
    if isinstance(host, (bytes, bytearray)):
        host = host.decode("ascii")
    if not isinstance(host, str):
        raise TypeError(f"str, bytes or bytearray expected, not {type(host).__name__}")
    if not isinstance(port, int):
        raise TypeError(f"'{type(port).__name__}' object cannot be interpreted as an integer")
    if not 0 <= port <= 0xFFFF:
        raise OverflowError("port must be 0-65535.")
    return host, port, address[3] if len(address) == 4 else 0

