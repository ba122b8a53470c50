//go:build wasip1

package dgram

import (
	"net"
	"net/netip"

	"datagrant/internal/contract"
)

// SetReadBuffer sets the kernel's room for datagrams that wait to be read, in bytes.
func (c *UDPConn) SetReadBuffer(bytes int) error {
	return c.set(func() error { return c.socket.SetReceiveBufferBytes(size(bytes)) })
}

// SetWriteBuffer sets the kernel's room for datagrams that wait to be sent, in bytes.
func (c *UDPConn) SetWriteBuffer(bytes int) error {
	return c.set(func() error { return c.socket.SetSendBufferBytes(size(bytes)) })
}

// ReadBuffer is the kernel's room for datagrams that wait to be read, in bytes, as the kernel tells it: Linux doubles what
// was set.
func (c *UDPConn) ReadBuffer() (bytes int, err error) {
	err = c.set(func() (err error) {
		value, err := c.socket.ReceiveBufferBytes()
		bytes = int(value)
		return err
	})
	return bytes, err
}

// WriteBuffer is the kernel's room for datagrams that wait to be sent, in bytes, as the kernel tells it.
func (c *UDPConn) WriteBuffer() (bytes int, err error) {
	err = c.set(func() (err error) {
		value, err := c.socket.SendBufferBytes()
		bytes = int(value)
		return err
	})
	return bytes, err
}

// SetTTL sets how many hops a datagram may take, 1 to 255.
func (c *UDPConn) SetTTL(hops int) error {
	return c.set(func() error { return inHops(c.socket.SetTTL, hops) })
}

// SetBroadcast allows datagrams to broadcast addresses; each needs a grant too.
func (c *UDPConn) SetBroadcast(on bool) error {
	return c.set(func() error { return c.socket.SetBroadcast(on) })
}

// SetMulticastTTL sets how many hops a datagram to a group may take, 0 to 255.
func (c *UDPConn) SetMulticastTTL(hops int) error {
	return c.set(func() error { return inHops(c.socket.SetMulticastTTL, hops) })
}

// SetMulticastLoopback has members on this host hear what is sent to their group, or not.
func (c *UDPConn) SetMulticastLoopback(on bool) error {
	return c.set(func() error { return c.socket.SetMulticastLoopback(on) })
}

func (i Interface) ref() contract.Interface {
	return contract.Interface{Name: i.Name, Index: uint32(i.Index), Address: i.Address}
}

// SetMulticastInterface sets where datagrams to groups leave by.
func (c *UDPConn) SetMulticastInterface(on Interface) error {
	return c.set(func() error { return c.socket.SetMulticastInterface(on.ref()) })
}

// JoinGroup has the socket hear a multicast group on an interface.
func (c *UDPConn) JoinGroup(on Interface, group netip.Addr) error {
	return c.JoinSourceSpecificGroup(on, group, netip.Addr{})
}

// LeaveGroup undoes JoinGroup.
func (c *UDPConn) LeaveGroup(on Interface, group netip.Addr) error {
	return c.LeaveSourceSpecificGroup(on, group, netip.Addr{})
}

// JoinSourceSpecificGroup has the socket hear what one source sends to a group.
func (c *UDPConn) JoinSourceSpecificGroup(on Interface, group, source netip.Addr) error {
	return c.set(func() error { return c.socket.Join(group, on.ref(), source) })
}

// LeaveSourceSpecificGroup undoes JoinSourceSpecificGroup.
func (c *UDPConn) LeaveSourceSpecificGroup(on Interface, group, source netip.Addr) error {
	return c.set(func() error { return c.socket.Leave(group, on.ref(), source) })
}

// ListenMulticastUDP binds a socket to a group and joins it, as net.ListenMulticastUDP does: sharing the port, which the
// bind grant must allow (`shared`), and without hearing itself. A nil interface is the system's choice.
func ListenMulticastUDP(network string, on *net.Interface, group *net.UDPAddr) (*UDPConn, error) {
	at, err := ofNetwork(network, group)
	if err == nil && !at.Addr().IsMulticast() {
		err = &net.AddrError{Err: "not a multicast group", Addr: at.Addr().String()}
	}
	if err != nil {
		return nil, &net.OpError{Op: "listen", Net: network, Addr: addr(group), Err: err}
	}
	conn, err := (&ListenConfig{ReuseAddr: true}).listen(network, at)
	if err != nil {
		return nil, err
	}
	var by Interface
	if on != nil {
		by = Interface{Name: on.Name, Index: on.Index}
	}
	if err = conn.JoinGroup(by, at.Addr().WithZone("")); err == nil {
		if err = conn.SetMulticastLoopback(false); err == nil && on != nil {
			err = conn.SetMulticastInterface(by)
		}
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

// size is bytes that may be no number of the contract's: what is too small is refused as 0 is, the rest is too much anyway.
func size(bytes int) uint32 { return uint32(min(max(bytes, 0), 1<<31-1)) }

func inHops(set func(uint8) error, hops int) error {
	if hops < 0 || hops > 255 {
		return contract.InvalidArgument
	}
	return set(uint8(hops))
}
