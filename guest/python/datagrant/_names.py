"""Names and addresses: what `getaddrinfo` and its kin answer, by the contract's name-lookup.

The host looks names up, under its grants. Addresses that are written out and `localhost` are answered here.
"""

import errno
import re
import socket as stdlib
from socket import AF_INET, AF_INET6, AF_UNSPEC, AI_NUMERICHOST, AI_PASSIVE, IPPROTO_TCP, IPPROTO_UDP, SOCK_DGRAM, SOCK_STREAM
from typing import Any

from componentize_py_types import Err
from wit_world.imports import name_lookup, types

from . import _waiting
from ._addresses import Address, check, interface_name, ip_text, literal
from ._errors import error, name_error

_FAMILIES: dict[int, types.IpAddressFamily] = {AF_INET: types.IpAddressFamily.IPV4, AF_INET6: types.IpAddressFamily.IPV6}
_LOOPBACK: dict[int, str] = {AF_INET: "127.0.0.1", AF_INET6: "::1"}
_PROTOCOLS: dict[int, int] = {SOCK_DGRAM: IPPROTO_UDP, SOCK_STREAM: IPPROTO_TCP}
_ANY: dict[int, str] = {AF_INET: "0.0.0.0", AF_INET6: "::"}
# RFC 6761: localhost is loopback, and nobody is asked.
_LOCALHOST = re.compile(r"([^.]+\.)*localhost\.?", re.IGNORECASE)

Info = tuple[stdlib.AddressFamily, stdlib.SocketKind, int, str, Any]
"""What `getaddrinfo` lists: family, type, protocol, canonical name, address."""


class Lookup:
    """A lookup under way: `answer` when it is ready to read."""

    def __init__(self, name: str, family: int) -> None:
        self._fd = -1
        try:
            self._contract = name_lookup.Lookup.start(name, _FAMILIES.get(family))
        except Err as refusal:
            raise name_error(refusal.value) from None
        self._id = self._contract.id()
        self._fd = _waiting.open_file(self)

    def fileno(self) -> int:
        """What selectors know it by."""
        return self._fd

    def answer(self) -> list[tuple[int, str]] | None:
        """Families and texts of addresses; None as long as there is no answer."""
        try:
            return [ip_text(address) for address in self._contract.answer()]
        except Err as refusal:
            if refusal.value == types.ErrorCode.WOULD_BLOCK:
                return None
            raise name_error(refusal.value) from None

    def wait(self) -> list[tuple[int, str]]:
        """The answer, when it is there."""
        while (found := self.answer()) is None:
            _waiting.wait([self._id], [], None)
        return found

    def close(self) -> None:
        """Forgets it; one that is under way is cancelled."""
        if self._fd >= 0:
            _waiting.close_file(self._fd)
            self._fd = -1
            self._contract.__exit__(None, None, None)

    __del__ = close


class Query:
    """What `getaddrinfo` is asked. Either `known` has the answer, or `lookup` is begun for it."""

    def __init__(self, host: Any, port: Any, family: int, type: int, proto: int, flags: int) -> None:
        if host is None and port is None:
            raise stdlib.gaierror(stdlib.EAI_NONAME, "Name or service not known")
        if family not in (AF_UNSPEC, AF_INET, AF_INET6):
            raise stdlib.gaierror(stdlib.EAI_FAMILY, "ai_family not supported")
        self.family, self.port = family, _port(port)
        # UDP alone where the caller does not say: nothing else can be granted.
        self.kind = type or SOCK_DGRAM
        self.proto = proto or _PROTOCOLS.get(self.kind, 0)
        host = host.decode("ascii") if isinstance(host, (bytes, bytearray)) else host
        self.known = self._known(host, flags)
        self.lookup = Lookup(_ascii(host), family) if self.known is None else None

    def _known(self, host: str | None, flags: int) -> list[tuple[int, str]] | None:
        families: list[int] = [AF_INET, AF_INET6] if self.family == AF_UNSPEC else [self.family]
        if not host:
            table = _ANY if flags & AI_PASSIVE else _LOOPBACK
            return [(family, table[family]) for family in families]
        for family in (AF_INET, AF_INET6):
            if literal(family, host):
                if family not in families:
                    raise stdlib.gaierror(stdlib.EAI_ADDRFAMILY, "Address family for hostname not supported")
                return [(family, host)]
        if flags & AI_NUMERICHOST:
            raise stdlib.gaierror(stdlib.EAI_NONAME, "Name or service not known")
        if _LOCALHOST.fullmatch(host):
            return [(family, _LOOPBACK[family]) for family in reversed(families)]
        return None

    def infos(self, found: list[tuple[int, str]]) -> list[Info]:
        """The answer in the form of `getaddrinfo`."""
        kind = stdlib.SocketKind(self.kind)
        return [(stdlib.AddressFamily(family), kind, self.proto, "", self._address(family, text)) for family, text in found]

    def _address(self, family: int, text: str) -> Address:
        if family == AF_INET:
            return text, self.port
        _, scope_id = literal(family, text) or (b"", 0)
        return text.partition("%")[0], self.port, 0, scope_id


def getaddrinfo(host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0) -> list[Info]:
    """As `socket.getaddrinfo`; it waits for the host's answer."""
    query = Query(host, port, family, type, proto, flags)
    if query.lookup is None:
        return query.infos(query.known or [])
    try:
        return query.infos(query.lookup.wait())
    finally:
        query.lookup.close()


def gethostbyname(hostname: str) -> str:
    """The first IPv4 address of a name."""
    found: str = getaddrinfo(hostname, 0, AF_INET)[0][4][0]
    return found


def getnameinfo(sockaddr: Address, flags: int) -> tuple[str, str]:
    """As `socket.getnameinfo`, in numbers: the contract looks names up, and not addresses."""
    family = AF_INET if len(sockaddr) == 2 and literal(AF_INET, sockaddr[0]) else AF_INET6
    host, port, scope_id = check(family, sockaddr)
    if literal(family, host) is None:
        raise stdlib.gaierror(stdlib.EAI_NONAME, "Name or service not known")
    if flags & stdlib.NI_NAMEREQD:
        raise stdlib.gaierror(stdlib.EAI_NONAME, "Name or service not known")
    return host + (f"%{interface_name(scope_id)}" if scope_id and "%" not in host else ""), str(port)


def _port(port: Any) -> int:
    if port is None or port == "":
        return 0
    try:
        return int(port) & 0xFFFF
    except ValueError:
        # There is no list of services.
        raise stdlib.gaierror(stdlib.EAI_SERVICE, "Servname not supported for ai_socktype") from None


def _ascii(host: str) -> str:
    """A name as it is asked for: ASCII, by IDNA where it is not."""
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        raise stdlib.gaierror(stdlib.EAI_NONAME, "Name or service not known") from None


def local(family: int, address: object) -> tuple[bytes, int, int]:
    """The bytes, the port and the scope id of an address to bind to: '' is any."""
    host, port, scope_id = check(family, address)
    packed, zone, _ = _resolved(family, host or _ANY[family])
    return packed, port, scope_id or zone


def remote(family: int, address: object) -> tuple[bytes, int, int, bool]:
    """The same of a destination, where the unspecified address is loopback, as natively; and whether it stays so: a name may not."""
    host, port, scope_id = check(family, address)
    packed, zone, is_literal = _resolved(family, {"": _LOOPBACK[family], "<broadcast>": "255.255.255.255"}.get(host, host))
    if not any(packed):
        packed = stdlib.inet_pton(family, _LOOPBACK[family])
    return packed, port, scope_id or zone, is_literal


def _resolved(family: int, host: str) -> tuple[bytes, int, bool]:
    written = literal(family, host)
    if written is not None:
        return *written, True
    found = getaddrinfo(host, 0, family)[0][4]
    again = literal(family, found[0])
    if again is None:
        raise error(errno.EINVAL)
    return *again, False
