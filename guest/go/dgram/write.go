//go:build wasip1

package dgram

import (
	"errors"
	"net"
	"net/netip"
	"runtime"
	"syscall"

	"datagrant/internal/contract"
)

// Write sends a datagram to the peer of a connected socket.
func (c *UDPConn) Write(b []byte) (int, error) {
	if !c.remote.IsValid() {
		return 0, c.fail("write", netip.AddrPort{}, failed("write", contract.InvalidState))
	}
	return c.write(b, netip.AddrPort{})
}

// WriteTo sends a datagram to an address, a *net.UDPAddr.
func (c *UDPConn) WriteTo(b []byte, to net.Addr) (int, error) {
	udp, isUDP := to.(*net.UDPAddr)
	if !isUDP {
		return 0, &net.OpError{Op: "write", Net: c.network, Source: c.LocalAddr(), Addr: to, Err: syscall.EINVAL}
	}
	return c.WriteToUDP(b, udp)
}

// WriteToUDP is WriteTo with a type of its own.
func (c *UDPConn) WriteToUDP(b []byte, to *net.UDPAddr) (int, error) {
	if to == nil {
		return 0, c.fail("write", netip.AddrPort{}, errMissingAddress)
	}
	return c.WriteToUDPAddrPort(b, to.AddrPort())
}

// WriteToUDPAddrPort is WriteTo without an allocation.
func (c *UDPConn) WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error) {
	if c.remote.IsValid() {
		return 0, c.fail("write", to, net.ErrWriteToConnected)
	}
	if !to.IsValid() {
		return 0, c.fail("write", to, errMissingAddress)
	}
	return c.write(b, to)
}

var errMissingAddress = errors.New("missing address")

// write sends to an address, or to the peer where it is none.
func (c *UDPConn) write(b []byte, to netip.AddrPort) (n int, err error) {
	if err = c.send(b, to); err != nil {
		return 0, c.fail("write", to, err)
	}
	return len(b), nil
}

// fairness is how many datagrams are sent before others have a turn.
const fairness = 64

func (c *UDPConn) send(b []byte, to netip.AddrPort) error {
	w := &c.writer
	w.Lock()
	defer w.Unlock()
	if to.IsValid() {
		var err error
		if to, err = destination(to, c.family); err != nil {
			return err
		}
	}
	for {
		if err := c.check(&w.deadline); err != nil {
			return err
		}
		switch err := c.socket.Send(b, to); err {
		case nil:
			if w.sent++; w.sent%fairness == 0 {
				runtime.Gosched()
			}
			return nil
		case contract.WouldBlock:
			sending.await(&w.waiter)
		default:
			return failed("sendto", err)
		}
	}
}
