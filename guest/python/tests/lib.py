"""Tests that run on CPython and in a component alike: one line a test on stdout, status 1 when one failed."""

import asyncio
import errno
import inspect
import socket
import sys
import traceback

PATIENCE = 10
LOOPBACK = "127.0.0.1"
_tests = []


def test(body):
    """A row of the table, by the name of the function; it may be async."""
    _tests.append(body)
    return body


def run():
    failed = 0
    for body in _tests:
        name = body.__name__.replace("_", " ")
        try:
            if inspect.iscoroutinefunction(body):
                asyncio.run(asyncio.wait_for(body(), PATIENCE))
            else:
                body()
            print("ok", name)
        except Exception:
            failed += 1
            print("not ok", name)
            traceback.print_exc()
    print(f"{len(_tests)} tests, {failed} failed")
    sys.exit(1 if failed else 0)


def equal(actual, expected):
    assert actual == expected, f"expected {expected!r}, got {actual!r}"


class raises:
    """That the block raises an error of this class, and of this errno where one is given."""

    def __init__(self, kind, number=None):
        self.kind, self.number = kind, number

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        wanted = errno.errorcode[self.number] if self.number else self.kind.__name__
        assert error is not None, f"expected {wanted}, and nothing was raised"
        if not isinstance(error, self.kind):
            return False
        if self.number is not None:
            equal(errno.errorcode.get(error.errno), wanted)
        self.error = error
        return True


class Protocol(asyncio.DatagramProtocol):
    """Writes down what it is told."""

    def __init__(self):
        loop = asyncio.get_running_loop()
        self.told, self.heard, self.lost = [], asyncio.Queue(), loop.create_future()

    def connection_made(self, transport):
        self.transport = transport
        self.told.append("made")

    def datagram_received(self, data, peer):
        self.told.append(data)
        self.heard.put_nowait((data, peer))

    def error_received(self, error):
        self.told.append(error)
        self.heard.put_nowait((error, None))

    def connection_lost(self, error):
        self.told.append("lost")
        self.lost.set_result(error)


async def endpoint(**parameters):
    """A transport and its protocol; of loopback where nothing else is said."""
    if not parameters.keys() & {"local_addr", "remote_addr", "sock", "family"}:
        parameters["local_addr"] = (LOOPBACK, 0)
    return await asyncio.get_running_loop().create_datagram_endpoint(Protocol, **parameters)


def free_port():
    """A port that nobody has. Where the host chooses one, it is not shared."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as at:
        at.bind((LOOPBACK, 0))
        return at.getsockname()[1]


def address(transport):
    return transport.get_extra_info("sockname")
