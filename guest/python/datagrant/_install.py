"""Puts what a component has in place of what CPython's `socket`, `select` and `asyncio` would have natively."""

import asyncio
import asyncio.unix_events
import select
import selectors
import socket
from typing import Any

from . import _addresses, _names, _waiting
from .asyncio import EventLoop
from .socket import socket as Socket


def install() -> None:
    """Programs and libraries that are imported afterwards have UDP sockets by `import socket` and `import asyncio`."""
    _replace(socket, socket=Socket, SocketType=Socket)
    _replace(socket, getaddrinfo=_names.getaddrinfo, getnameinfo=_names.getnameinfo, gethostbyname=_names.gethostbyname)
    _replace(socket, if_nametoindex=_addresses.interface_index, if_indextoname=_addresses.interface_name)
    _replace(socket, gethostname=lambda: "localhost", getfqdn=lambda name="": name or "localhost", has_ipv6=True)
    _replace(select, select=_waiting.select)
    names = ("DefaultSelector", "SelectSelector", "PollSelector")
    _replace(selectors, **dict.fromkeys(names, _waiting.Selector))
    for module in (asyncio, asyncio.unix_events):
        _replace(module, SelectorEventLoop=EventLoop, EventLoop=EventLoop)
    # What asyncio.run and new_event_loop make loops by.
    _replace(asyncio.unix_events._UnixDefaultEventLoopPolicy, _loop_factory=EventLoop)


def _replace(owner: Any, **attributes: Any) -> None:
    for name, value in attributes.items():
        setattr(owner, name, value)
