//go:build wasip1

package dgram

import (
	"net"
	"net/netip"
	"os"
	"sync"
	"time"

	"datagrant/internal/contract"
)

// UDPConn is a UDP socket, as *net.UDPConn is: a net.Conn and a net.PacketConn. Several goroutines may use it at once.
type UDPConn struct {
	network string
	socket  contract.Socket
	family  contract.Family
	local   netip.AddrPort
	// remote is the peer of a connected socket.
	remote   netip.AddrPort
	isClosed bool
	reader   reader
	writer   writer
}

var (
	_ net.Conn       = (*UDPConn)(nil)
	_ net.PacketConn = (*UDPConn)(nil)
)

type reader struct {
	sync.Mutex
	waiter
	deadline deadline
	burst    contract.Burst
	// hasEvents says that an event of another kind comes after the burst.
	hasEvents bool
	// isDry says that the last burst had all there was: waiting comes first.
	isDry bool
}

type writer struct {
	sync.Mutex
	waiter
	deadline deadline
	// sent counts, so that who only sends lets others run.
	sent uint
}

func newConn(network string, socket contract.Socket, local, remote netip.AddrPort) *UDPConn {
	id := socket.ID()
	return &UDPConn{
		network: network,
		socket:  socket,
		family:  socket.Family(),
		local:   unmap(local),
		remote:  remote,
		reader:  reader{waiter: newWaiter(id)},
		writer:  writer{waiter: newWaiter(id)},
	}
}

// Close closes the socket. Reads and writes that wait end with net.ErrClosed.
func (c *UDPConn) Close() error {
	if c.isClosed {
		return c.fail("close", netip.AddrPort{}, net.ErrClosed)
	}
	c.shut()
	return nil
}

func (c *UDPConn) shut() {
	c.isClosed = true
	receiving.remove(c.reader.id)
	sending.remove(c.writer.id)
	c.reader.deadline.set(time.Time{}, &c.reader.waiter)
	c.writer.deadline.set(time.Time{}, &c.writer.waiter)
	c.reader.burst.Release()
	c.socket.Drop()
	c.reader.wake()
	c.writer.wake()
}

// LocalAddr is the address that the socket is bound to, a *net.UDPAddr.
func (c *UDPConn) LocalAddr() net.Addr { return net.UDPAddrFromAddrPort(c.local) }

// RemoteAddr is the peer of a connected socket, a *net.UDPAddr, and nil on another one.
func (c *UDPConn) RemoteAddr() net.Addr {
	if !c.remote.IsValid() {
		return nil
	}
	return net.UDPAddrFromAddrPort(c.remote)
}

// SetDeadline sets both deadlines: when it is over, reads and writes end with os.ErrDeadlineExceeded until another is set.
// The zero time is none.
func (c *UDPConn) SetDeadline(t time.Time) error {
	return c.set(func() error {
		c.reader.deadline.set(t, &c.reader.waiter)
		c.writer.deadline.set(t, &c.writer.waiter)
		return nil
	})
}

// SetReadDeadline sets the deadline of reads alone.
func (c *UDPConn) SetReadDeadline(t time.Time) error {
	return c.set(func() error { c.reader.deadline.set(t, &c.reader.waiter); return nil })
}

// SetWriteDeadline sets the deadline of writes alone.
func (c *UDPConn) SetWriteDeadline(t time.Time) error {
	return c.set(func() error { c.writer.deadline.set(t, &c.writer.waiter); return nil })
}

// set does what is to be done on a socket that is open.
func (c *UDPConn) set(act func() error) error {
	if c.isClosed {
		return c.fail("set", netip.AddrPort{}, net.ErrClosed)
	}
	if err := act(); err != nil {
		return c.fail("set", netip.AddrPort{}, failed("setsockopt", err))
	}
	return nil
}

// check answers why nothing can be done now.
func (c *UDPConn) check(d *deadline) error {
	switch {
	case c.isClosed:
		return net.ErrClosed
	case d.isOver:
		return os.ErrDeadlineExceeded
	}
	return nil
}

// fail is an error as package net tells it, with the addresses that it is about.
func (c *UDPConn) fail(op string, to netip.AddrPort, err error) error {
	problem := &net.OpError{Op: op, Net: c.network, Source: c.LocalAddr(), Err: err}
	if to.IsValid() {
		problem.Addr = net.UDPAddrFromAddrPort(to)
	} else if c.remote.IsValid() {
		problem.Addr = c.RemoteAddr()
	} else {
		problem.Source, problem.Addr = nil, c.LocalAddr()
	}
	return problem
}
