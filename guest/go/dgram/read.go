//go:build wasip1

package dgram

import (
	"net"
	"net/netip"
	"runtime"

	"datagrant/internal/contract"
)

// Read reads one datagram. What of it has no room in b is lost.
func (c *UDPConn) Read(b []byte) (int, error) {
	n, _, err := c.ReadFromUDPAddrPort(b)
	return n, err
}

// ReadFrom reads one datagram, and tells who sent it, as a *net.UDPAddr.
func (c *UDPConn) ReadFrom(b []byte) (int, net.Addr, error) {
	n, from, err := c.ReadFromUDP(b)
	if from == nil {
		return n, nil, err
	}
	return n, from, err
}

// ReadFromUDP is ReadFrom with a type of its own.
func (c *UDPConn) ReadFromUDP(b []byte) (int, *net.UDPAddr, error) {
	n, from, err := c.ReadFromUDPAddrPort(b)
	if err != nil {
		return n, nil, err
	}
	return n, net.UDPAddrFromAddrPort(from), nil
}

// ReadFromUDPAddrPort is ReadFrom without an allocation. An IPv4 peer of an IPv6 socket is told as IPv4.
func (c *UDPConn) ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error) {
	n, from, err := c.read(b)
	if err != nil {
		return 0, netip.AddrPort{}, c.fail("read", netip.AddrPort{}, err)
	}
	return n, from, nil
}

func (c *UDPConn) read(b []byte) (int, netip.AddrPort, error) {
	r := &c.reader
	r.Lock()
	defer r.Unlock()
	for {
		if err := c.check(&r.deadline); err != nil {
			return 0, netip.AddrPort{}, err
		}
		switch {
		case r.burst.Len() > 0:
			data, from := r.burst.Next()
			n := copy(b, data)
			if r.burst.Len() == 0 {
				r.burst.Release()
			}
			return n, from, nil
		case r.hasEvents:
			r.hasEvents = false
			event, isThere := c.socket.NextEvent()
			switch {
			case !isThere:
			case event.Kind == contract.Message:
				return copy(b, event.Data), unmap(event.From), nil
			case event.Kind == contract.Failed:
				return 0, netip.AddrPort{}, failed("recvfrom", event.Err)
			case event.Kind == contract.Closed:
				c.shut()
			}
		case r.isDry:
			r.isDry = false
			receiving.await(&r.waiter)
		default:
			if err := c.take(); err != nil {
				return 0, netip.AddrPort{}, failed("recvfrom", err)
			}
		}
	}
}

// take takes the datagrams that are there.
func (c *UDPConn) take() (err error) {
	r := &c.reader
	if r.burst, err = c.socket.Receive(); err != nil {
		return err
	}
	r.hasEvents = r.burst.MoreEvents
	r.isDry = !r.burst.IsFull() && !r.hasEvents
	if r.burst.Len() == 0 {
		r.burst.Release()
	} else if !r.isDry {
		// Who has so much to read would never wait: others have their turn now. They may close the socket.
		runtime.Gosched()
	}
	return nil
}
