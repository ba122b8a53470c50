"""What the examples' command lines share."""

from typing import Any


def parse(text: str) -> tuple[str, int]:
    """An address and a port, such as `127.0.0.1:41234` or `[::1]:41234`."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal() or (":" in host) != host.startswith("["):
        raise SystemExit(f"not an address and port: {text}")
    return host.removeprefix("[").removesuffix("]"), int(port)


def text(address: tuple[Any, ...]) -> str:
    """The same back."""
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
