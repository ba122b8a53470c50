"""UDP in plain Python, which knows nothing of Datagrant: an echo server, its client, and what calls of `socket` end with."""

import select
import socket
import sys


def server(host, port, count):
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as at:
        at.bind((host, int(port)))
        print("listening on", at.getsockname()[1], flush=True)
        for _ in range(int(count)):
            data, peer = at.recvfrom(2048)
            print(len(data), "bytes from", peer[0], flush=True)
            at.sendto(data, peer)


def client(host, port, *texts):
    at = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    at.settimeout(20)
    for text in texts:
        at.sendto(text.encode(), (host, int(port)))
        print(at.recvfrom(2048)[0].decode())


def names(*names):
    for name in names:
        try:
            found = socket.getaddrinfo(name, 9, type=socket.SOCK_DGRAM)
            print(name, sorted({address[4][0] for address in found}))
        except OSError as error:
            print(name, type(error).__name__)


def tcp():
    socket.create_connection(("127.0.0.1", 9))


def table():
    """Ends alike here and there."""
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        print(host)
        a, b, other = (socket.socket(family, socket.SOCK_DGRAM) for _ in range(3))
        say("getpeername", a.getpeername)
        for one in (a, b, other):
            say("bind", lambda: one.bind((host, 0)))
        say("bind again", lambda: a.bind((host, 0)))
        say("bind to a port that is taken", lambda: socket.socket(family, socket.SOCK_DGRAM).bind(b.getsockname()[:2]))
        say("getsockname", lambda: a.getsockname()[0])
        say("sendto", lambda: a.sendto(b"hello", b.getsockname()[:2]))
        say("recvfrom", lambda: from_whom(b.recvfrom(10), a))
        say("sendto", lambda: a.sendto(b"longer than that", b.getsockname()[:2]))
        say("recv 6 bytes", lambda: b.recv(6))
        buffer = bytearray(10)
        say("sendto", lambda: a.sendto(b"into", b.getsockname()[:2]))
        say("recv_into", lambda: b.recv_into(buffer))
        say("the buffer", lambda: bytes(buffer))
        say("settimeout", lambda: b.settimeout(0.02))
        say("recv", lambda: b.recv(10))
        say("select", lambda: select.select([b], [], [], 0.02)[0] == [])
        say("sendto", lambda: a.sendto(b"there", b.getsockname()[:2]))
        say("select", lambda: select.select([b], [], [], 20)[0] == [b])
        say("recv", lambda: b.recv(10))
        say("connect", lambda: a.connect(b.getsockname()[:2]))
        say("getpeername", lambda: a.getpeername()[:2] == b.getsockname()[:2])
        say("send", lambda: a.send(b"to the peer"))
        say("recv", lambda: b.recv(100))
        say("sendto by another", lambda: other.sendto(b"not the peer", a.getsockname()[:2]))
        say("sendto by the peer", lambda: b.sendto(b"the peer", a.getsockname()[:2]))
        say("recv", lambda: a.recv(100))
        say("send of too much", lambda: a.send(bytes(70_000)))
        at = b.getsockname()[:2]
        say("close", b.close)
        say("getsockname of what is closed", b.getsockname)
        b = socket.socket(family, socket.SOCK_DGRAM)
        say("bind to the same", lambda: b.bind(at))


def from_whom(received, sender):
    data, address = received
    return data, address[:2] == sender.getsockname()[:2]


def say(what, call):
    try:
        print(what, "->", call())
    except OSError as error:
        print(what, "->", type(error).__name__)


def main():
    command, *arguments = sys.argv[1:]
    {"server": server, "client": client, "names": names, "tcp": tcp, "table": table}[command](*arguments)


if __name__ == "__main__":
    main()
