"""Blocking sockets."""

import errno
import select
import selectors
import socket
import struct
import time

from lib import LOOPBACK, equal, free_port, raises, test


def pair(family=socket.AF_INET):
    host = LOOPBACK if family == socket.AF_INET else "::1"
    made = []
    for _ in range(2):
        at = socket.socket(family, socket.SOCK_DGRAM)
        at.settimeout(10)
        at.bind((host, 0))
        made.append(at)
    return made


@test
def recvfrom_tells_the_sender_and_cuts():
    a, b = pair()
    equal(a.sendto(b"hello", b.getsockname()), 5)
    equal(b.recvfrom(100), (b"hello", a.getsockname()))
    a.sendto(b"hello", 0, b.getsockname())
    equal(b.recv(2), b"he")
    a.sendto(b"next", b.getsockname())
    equal(b.recvfrom(100)[0], b"next")
    a.sendto(b"", b.getsockname())
    equal(b.recv(100), b"")


@test
def into_buffers_and_by_messages():
    a, b = pair()
    buffer = bytearray(10)
    a.sendto(b"hello", b.getsockname())
    equal(b.recvfrom_into(buffer), (5, a.getsockname()))
    equal(bytes(buffer[:5]), b"hello")
    a.sendto(b"hello", b.getsockname())
    equal(b.recv_into(buffer, 2), 2)
    equal(a.sendmsg([b"one ", b"datagram"], [], 0, b.getsockname()), 12)
    equal(b.recvmsg(100), (b"one datagram", [], 0, a.getsockname()))
    a.sendto(b"too long", b.getsockname())
    data, _, flags, _ = b.recvmsg(3)
    equal((data, flags & socket.MSG_TRUNC), (b"too", socket.MSG_TRUNC))
    with raises(ValueError):
        b.recv_into(buffer, 11)


@test
def peek_leaves_it_there():
    a, b = pair()
    a.sendto(b"hello", b.getsockname())
    equal(b.recv(100, socket.MSG_PEEK), b"hello")
    equal(b.recv(100), b"hello")
    b.settimeout(None)
    with raises(BlockingIOError, errno.EAGAIN):
        b.recv(100, socket.MSG_DONTWAIT)


@test
def timeouts():
    _, b = pair()
    b.settimeout(0.02)
    began = time.monotonic()
    with raises(TimeoutError) as ended:
        b.recv(100)
    equal((str(ended.error), time.monotonic() - began >= 0.02), ("timed out", True))
    b.setblocking(False)
    equal((b.gettimeout(), b.getblocking()), (0.0, False))
    with raises(BlockingIOError, errno.EAGAIN):
        b.recv(100)
    b.setblocking(True)
    equal((b.gettimeout(), b.getblocking()), (None, True))
    with raises(ValueError):
        b.settimeout(-1)


@test
def connect_and_connect_again():
    a, b = pair()
    c, _ = pair()
    with raises(OSError, errno.ENOTCONN):
        a.getpeername()
    with raises(OSError, errno.EDESTADDRREQ):
        a.send(b"to whom")
    a.connect(b.getsockname())
    equal(a.getpeername(), b.getsockname())
    equal(a.send(b"to the peer"), 11)
    equal(b.recv(100), b"to the peer")
    c.sendto(b"from another", a.getsockname())
    b.sendto(b"from the peer", a.getsockname())
    equal(a.recv(100), b"from the peer")
    equal(a.connect_ex(c.getsockname()), 0)
    a.sendall(b"to the other")
    equal(c.recv(100), b"to the other")


@test
def connect_drops_nothing_of_the_peer():
    a, b = pair()
    for text in (b"one", b"two", b"three"):
        b.sendto(text, a.getsockname())
    equal(a.recv(100), b"one")
    a.connect(b.getsockname())
    equal((a.recv(100), a.recv(100)), (b"two", b"three"))


@test
def nobody_there_is_connection_refused():
    a, b = pair()
    a.connect(b.getsockname())
    b.close()
    with raises(ConnectionRefusedError, errno.ECONNREFUSED):
        for _ in range(100):
            a.send(b"is anybody there")
            time.sleep(0.001)
            a.recv(100)


@test
def errors_of_bind():
    a, b = pair()
    with raises(OSError, errno.EINVAL):
        a.bind((LOOPBACK, 0))
    other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with raises(OSError, errno.EADDRINUSE):
        other.bind(b.getsockname())
    other.bind((LOOPBACK, 0))
    for wrong in ("text", (LOOPBACK,), (LOOPBACK, "9"), (9, 9)):
        with raises(TypeError):
            other.sendto(b"", wrong)
    with raises(OverflowError):
        other.sendto(b"", (LOOPBACK, 65_536))
    with raises(socket.gaierror):
        other.sendto(b"", ("::1", 9))


@test
def what_is_closed_is_a_bad_descriptor():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as a:
        assert a.fileno() >= 0
    equal(a.fileno(), -1)
    a.close()
    for act in (lambda: a.recv(1), lambda: a.sendto(b"", (LOOPBACK, 9)), a.getsockname, lambda: a.bind((LOOPBACK, 0))):
        with raises(OSError, errno.EBADF):
            act()
    assert "[closed]" in repr(a)


@test
def an_unbound_socket_is_bound_by_its_first_send():
    _, b = pair()
    a = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    equal(a.getsockname(), ("0.0.0.0", 0))
    a.sendto(b"hello", b.getsockname())
    assert a.getsockname()[1] > 0
    _, peer = b.recvfrom(100)
    equal(peer[1], a.getsockname()[1])
    equal(select.select([a], [], [], 0)[0], [])


@test
def ipv6_and_the_unspecified_address():
    a, b = pair(socket.AF_INET6)
    a.sendto(b"hello", b.getsockname())
    equal(b.recvfrom(100), (b"hello", a.getsockname()))
    a.sendto(b"two parts", b.getsockname()[:2])
    equal(b.recv(100), b"two parts")
    c, d = pair()
    c.sendto(b"here", ("0.0.0.0", d.getsockname()[1]))
    equal(d.recv(100), b"here")
    c.sendto(b"here", ("", d.getsockname()[1]))
    equal(d.recv(100), b"here")


@test
def select_and_selectors():
    a, b = pair()
    equal(select.select([b], [a], [], 0), ([], [a], []))
    for text in (b"one", b"two"):
        a.sendto(text, b.getsockname())
    equal(select.select([b], [], [], 10)[0], [b])
    equal(b.recv(100), b"one")
    # The other is there, whoever holds it.
    equal(select.select([b], [], [], 10)[0], [b])
    with selectors.DefaultSelector() as selector:
        selector.register(b, selectors.EVENT_READ, "b")
        selector.register(a, selectors.EVENT_READ | selectors.EVENT_WRITE, "a")
        ready = {key.data: events for key, events in selector.select(10)}
        equal(ready, {"b": selectors.EVENT_READ, "a": selectors.EVENT_WRITE})
        equal(b.recv(100), b"two")
        selector.unregister(a)
        equal(selector.select(0.01), [])


@test
def options_are_set_and_read_back():
    a, _ = pair()
    for level, name, value in (
        (socket.IPPROTO_IP, socket.IP_TTL, 7),
        (socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 3),
        (socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 0),
        (socket.SOL_SOCKET, socket.SO_BROADCAST, 1),
    ):
        a.setsockopt(level, name, value)
        equal(a.getsockopt(level, name), value)
    equal(a.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE), socket.SOCK_DGRAM)
    equal(a.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR), 0)
    a.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 50_000)
    equal(a.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF), 100_000)
    equal(struct.unpack("i", a.getsockopt(socket.IPPROTO_IP, socket.IP_TTL, 4)), (7,))
    with raises(OSError, errno.EINVAL):
        a.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 256)
    with raises(OSError, errno.ENOPROTOOPT):
        a.setsockopt(socket.IPPROTO_IP, 12_345, 1)


@test
def a_port_is_shared_where_both_say_so():
    a, b, c = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(3))
    for at in (a, b):
        at.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 9)
        at.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        equal(at.getsockopt(socket.IPPROTO_IP, socket.IP_TTL), 9)
    a.bind((LOOPBACK, free_port()))
    b.bind(a.getsockname())
    with raises(OSError, errno.EADDRINUSE):
        c.bind(a.getsockname())


@test
def a_group_is_joined_and_left():
    group, here = socket.inet_aton("239.255.41.234"), socket.inet_aton(LOOPBACK)
    member, sender = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
    member.settimeout(10)
    member.bind(("0.0.0.0", 0))
    port = member.getsockname()[1]
    member.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group + here)
    with raises(OSError, errno.EADDRINUSE):
        member.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group + here)
    sender.bind((LOOPBACK, 0))
    sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, here)
    sender.sendto(b"to the group", ("239.255.41.234", port))
    equal(member.recv(100), b"to the group")
    member.setsockopt(socket.IPPROTO_IP, socket.IP_DROP_MEMBERSHIP, group + here)
    with raises(OSError, errno.EADDRNOTAVAIL):
        member.setsockopt(socket.IPPROTO_IP, socket.IP_DROP_MEMBERSHIP, group + here)


@test
def getaddrinfo_of_what_needs_no_lookup():
    kind = socket.SOCK_DGRAM

    def found(*arguments, **more):
        return [(info[0], info[4][:2]) for info in socket.getaddrinfo(*arguments, type=kind, **more)]

    equal(found("127.0.0.1", 9), [(socket.AF_INET, ("127.0.0.1", 9))])
    equal(found("::1", "9"), [(socket.AF_INET6, ("::1", 9))])
    equal(found("localhost", 9, family=socket.AF_INET), [(socket.AF_INET, ("127.0.0.1", 9))])
    equal(found(None, 9, family=socket.AF_INET), [(socket.AF_INET, ("127.0.0.1", 9))])
    equal(found(None, 9, family=socket.AF_INET, flags=socket.AI_PASSIVE), [(socket.AF_INET, ("0.0.0.0", 9))])
    with raises(socket.gaierror):
        socket.getaddrinfo("localhost", 9, flags=socket.AI_NUMERICHOST)
    with raises(socket.gaierror):
        socket.getaddrinfo("::1", 9, socket.AF_INET)
    numbers = socket.NI_NUMERICHOST | socket.NI_NUMERICSERV
    equal(socket.getnameinfo(("127.0.0.1", 9), numbers), ("127.0.0.1", "9"))
    equal(socket.gethostbyname("127.0.0.1"), "127.0.0.1")


@test
def socketserver_serves_udp():
    import socketserver

    class Upper(socketserver.BaseRequestHandler):
        def handle(self):
            data, at = self.request
            at.sendto(data.upper(), self.client_address)

    client, _ = pair()
    with socketserver.UDPServer((LOOPBACK, 0), Upper) as server:
        client.sendto(b"hello", server.server_address)
        server.handle_request()
    equal(client.recv(100), b"HELLO")
