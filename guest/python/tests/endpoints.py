"""asyncio's datagram endpoints."""

import asyncio
import errno
import socket

from lib import LOOPBACK, address, endpoint, equal, free_port, raises, test


@test
async def a_datagram_goes_there_and_back_with_its_sender():
    a, b = await endpoint(), await endpoint()
    a[0].sendto(b"there", address(b[0]))
    data, peer = await b[1].heard.get()
    equal((data, peer), (b"there", address(a[0])))
    b[0].sendto(bytearray(b"and back"), peer)
    equal(await a[1].heard.get(), (b"and back", address(b[0])))
    a[0].sendto(memoryview(b"a view"), address(b[0]))
    equal((await b[1].heard.get())[0], b"a view")


@test
async def ipv6_addresses_have_four_parts():
    a, b = await endpoint(local_addr=("::1", 0)), await endpoint(local_addr=("::1", 0))
    equal(address(a[0])[0::2], ("::1", 0))
    a[0].sendto(b"there", address(b[0]))
    equal(await b[1].heard.get(), (b"there", address(a[0])))


@test
async def a_connected_endpoint_hears_its_peer_alone():
    peer, other = await endpoint(), await endpoint()
    a, heard = await endpoint(remote_addr=address(peer[0]))
    equal(a.get_extra_info("peername"), address(peer[0]))
    a.sendto(b"hello")
    await peer[1].heard.get()
    other[0].sendto(b"from another", (LOOPBACK, address(a)[1]))
    peer[0].sendto(b"from the peer", (LOOPBACK, address(a)[1]))
    equal(await heard.heard.get(), (b"from the peer", address(peer[0])))
    with raises(ValueError):
        a.sendto(b"to another", address(other[0]))


@test
async def many_come_in_order():
    a, b = await endpoint(), await endpoint()
    for first in range(0, 500, 50):
        for number in range(first, first + 50):
            a[0].sendto(number.to_bytes(2, "big"), address(b[0]))
        for number in range(first, first + 50):
            equal((await b[1].heard.get())[0], number.to_bytes(2, "big"))


@test
async def nobody_there_is_told_by_error_received():
    gone = await endpoint()
    a, heard = await endpoint(remote_addr=address(gone[0]))
    gone[0].close()
    await gone[1].lost
    a.sendto(b"is anybody there")
    await asyncio.sleep(0.02)
    a.sendto(b"is anybody there")
    error, _ = await heard.heard.get()
    equal(errno.errorcode[error.errno], "ECONNREFUSED")
    equal(a.is_closing(), False)


@test
async def a_datagram_that_is_too_long_is_told_by_error_received():
    a, b = await endpoint(), await endpoint()
    a[0].sendto(bytes(65_508), address(b[0]))
    error, _ = await a[1].heard.get()
    equal(errno.errorcode[error.errno], "EMSGSIZE")
    a[0].sendto(b"it goes on", address(b[0]))
    equal((await b[1].heard.get())[0], b"it goes on")


@test
async def close_and_abort_tell_connection_lost_once():
    for end in ("close", "abort"):
        transport, protocol = await endpoint()
        getattr(transport, end)()
        equal(transport.is_closing(), True)
        equal(await protocol.lost, None)
        transport.close()
        await asyncio.sleep(0)
        equal(protocol.told, ["made", "lost"])


@test
async def nothing_is_told_after_close():
    a, b = await endpoint(), await endpoint()

    class Closes(asyncio.DatagramProtocol):
        told = 0

        def connection_made(self, transport):
            self.transport = transport

        def datagram_received(self, data, peer):
            self.told += 1
            self.transport.close()

    b[0].close()
    c, closes = await asyncio.get_running_loop().create_datagram_endpoint(Closes, local_addr=(LOOPBACK, 0))
    for _ in range(5):
        a[0].sendto(b"hello", address(c))
    await asyncio.sleep(0.05)
    equal(closes.told, 1)


@test
async def what_datagram_received_raises_is_the_loops_and_the_others_are_told():
    a, problems, told = await endpoint(), [], []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: problems.append(context["exception"]))

    class Raises(asyncio.DatagramProtocol):
        def datagram_received(self, data, peer):
            told.append(data)
            if data == b"1":
                raise ValueError("it broke")

    b, _ = await loop.create_datagram_endpoint(Raises, local_addr=(LOOPBACK, 0))
    for data in (b"0", b"1", b"2", b"3"):
        a[0].sendto(data, address(b))
    await asyncio.sleep(0.05)
    equal(told, [b"0", b"1", b"2", b"3"])
    equal([str(problem) for problem in problems], ["it broke"])


@test
async def a_transport_tells_of_its_socket():
    transport, _ = await endpoint(family=socket.AF_INET)
    at = transport.get_extra_info("socket")
    equal((at.family, at.type), (socket.AF_INET, socket.SOCK_DGRAM))
    equal(address(transport), ("0.0.0.0", 0))
    equal(transport.get_extra_info("nothing", "of the kind"), "of the kind")
    with raises(TypeError):
        transport.sendto("text", (LOOPBACK, 9))


@test
async def a_socket_of_ones_own_is_taken_as_it_is():
    own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    own.bind((LOOPBACK, 0))
    transport, protocol = await endpoint(sock=own)
    equal(address(transport), own.getsockname())
    transport.sendto(b"to itself", address(transport))
    equal((await protocol.heard.get())[0], b"to itself")
    with raises(ValueError):
        await endpoint(sock=own, local_addr=(LOOPBACK, 0))


@test
async def a_port_is_shared_by_reuse_port_alone():
    first, _ = await endpoint(local_addr=(LOOPBACK, free_port()), reuse_port=True)
    await endpoint(local_addr=address(first), reuse_port=True)
    with raises(OSError, errno.EADDRINUSE):
        await endpoint(local_addr=address(first))


@test
async def a_name_of_loopback_is_an_address():
    a, _ = await endpoint(local_addr=("localhost", 0), family=socket.AF_INET)
    equal(address(a)[0], LOOPBACK)
    with raises(socket.gaierror):
        await asyncio.get_running_loop().getaddrinfo("no name", 9)


@test
async def timers_tasks_and_queues_go_on_while_an_endpoint_waits():
    a, order = await endpoint(), []
    loop = asyncio.get_running_loop()
    loop.call_soon(order.append, "soon")
    loop.call_later(0.02, order.append, "later")
    loop.call_later(0.01, order.append, "earlier")
    async with asyncio.TaskGroup() as group:
        group.create_task(asyncio.sleep(0.03))
    equal(order, ["soon", "earlier", "later"])
    with raises(TimeoutError):
        await asyncio.wait_for(a[1].heard.get(), 0.01)


@test
async def sock_methods_of_the_loop_do_without_a_transport():
    loop = asyncio.get_running_loop()
    a, b = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
    for at in (a, b):
        at.setblocking(False)
        at.bind((LOOPBACK, 0))
    receives = asyncio.create_task(loop.sock_recvfrom(b, 100))
    await asyncio.sleep(0)
    await loop.sock_sendto(a, b"hello", b.getsockname())
    equal(await receives, (b"hello", a.getsockname()))
    buffer = bytearray(10)
    await loop.sock_sendto(b, b"back", a.getsockname())
    equal(await loop.sock_recvfrom_into(a, buffer), (4, b.getsockname()))
    heard = loop.create_future()
    loop.add_reader(a, lambda: heard.done() or heard.set_result(a.recv(10)))
    await loop.sock_sendto(b, b"again", a.getsockname())
    equal(await heard, b"again")
    equal(loop.remove_reader(a), True)
    a.close()
    b.close()
