//go:build wasip1

package dgram

import (
	"context"
	"errors"
	"net"
	"net/netip"

	"datagrant/internal/contract"
)

// ListenPacket binds a socket, as net.ListenPacket does: network is "udp", "udp4" or "udp6". Without a host it hears on each
// address of the machine: with "udp" in both families, where both are granted, and in IPv4 otherwise. The host may be a name.
func ListenPacket(network, address string) (net.PacketConn, error) {
	return (&ListenConfig{}).ListenPacket(context.Background(), network, address)
}

// ListenPacket is [ListenPacket] with these settings, and with a context for looking the name up.
func (l *ListenConfig) ListenPacket(ctx context.Context, network, address string) (net.PacketConn, error) {
	local, err := resolve(ctx, network, address)
	if err != nil {
		return nil, &net.OpError{Op: "listen", Net: network, Err: err}
	}
	conn, err := l.listen(network, local[0])
	if err != nil {
		return nil, err
	}
	return conn, nil
}

// ListenUDP binds a socket, as net.ListenUDP does.
func ListenUDP(network string, local *net.UDPAddr) (*UDPConn, error) {
	return (&ListenConfig{}).ListenUDP(network, local)
}

// ListenUDP is [ListenUDP] with these settings.
func (l *ListenConfig) ListenUDP(network string, local *net.UDPAddr) (*UDPConn, error) {
	at, err := ofNetwork(network, local)
	if err != nil {
		return nil, &net.OpError{Op: "listen", Net: network, Addr: addr(local), Err: err}
	}
	return l.listen(network, at)
}

// listen binds to an address; to one without a host in what families the network has.
func (l *ListenConfig) listen(network string, local netip.AddrPort) (*UDPConn, error) {
	if local.Addr().IsValid() {
		return l.bind(network, local, network == "udp6" || !local.Addr().IsUnspecified())
	}
	six := netip.AddrPortFrom(netip.IPv6Unspecified(), local.Port())
	four := netip.AddrPortFrom(netip.IPv4Unspecified(), local.Port())
	switch network {
	case "udp4":
		return l.bind(network, four, false)
	case "udp6":
		return l.bind(network, six, true)
	}
	conn, err := l.bind(network, six, false)
	if err != nil && isAny(err, contract.AccessDenied, contract.NotSupported, contract.AddressNotBindable) {
		return l.bind(network, four, false)
	}
	return conn, err
}

func (l *ListenConfig) bind(network string, local netip.AddrPort, ipv6Only bool) (*UDPConn, error) {
	var flags contract.Flags
	if l.ReuseAddr {
		flags |= contract.ReuseAddress
	}
	if l.ReusePort {
		flags |= contract.ReusePort
	}
	if ipv6Only {
		flags |= contract.IPv6Only
	}
	problem := func(call string, err error) error {
		return &net.OpError{Op: "listen", Net: network, Addr: net.UDPAddrFromAddrPort(local), Err: failed(call, err)}
	}
	socket, err := contract.Create(familyOf(local.Addr()), flags)
	if err != nil {
		return nil, problem("socket", err)
	}
	at, err := zoned(local)
	if err == nil {
		at, err = socket.Bind(at, l.Exclusive)
	}
	if err != nil {
		socket.Drop()
		return nil, problem("bind", err)
	}
	conn := newConn(network, socket, at, netip.AddrPort{})
	// Of what follows from its own calls a program is told by their answers.
	socket.NextEvent()
	return conn, nil
}

// Dial connects a socket, as net.Dial does: it sends to one peer and hears it alone. The host may be a name.
func Dial(network, address string) (net.Conn, error) {
	return DialContext(context.Background(), network, address)
}

// DialContext is [Dial] with a context for looking the name up.
func DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	remotes, err := resolve(ctx, network, address)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	for _, remote := range remotes {
		var conn *UDPConn
		if conn, err = dial(network, netip.AddrPort{}, remote); err == nil {
			return conn, nil
		}
	}
	return nil, err
}

// DialUDP connects a socket, as net.DialUDP does; with a local address it is bound there first.
func DialUDP(network string, local, remote *net.UDPAddr) (*UDPConn, error) {
	problem := func(err error) error {
		return &net.OpError{Op: "dial", Net: network, Source: addr(local), Addr: addr(remote), Err: err}
	}
	if remote == nil {
		return nil, problem(errMissingAddress)
	}
	to, err := ofNetwork(network, remote)
	if err != nil {
		return nil, problem(err)
	}
	if local == nil {
		return dial(network, netip.AddrPort{}, to)
	}
	from, err := ofNetwork(network, local)
	if err != nil {
		return nil, problem(err)
	}
	return dial(network, from, to)
}

func dial(network string, local, remote netip.AddrPort) (*UDPConn, error) {
	remote = orLoopback(remote, network)
	problem := func(call string, err error) error {
		return &net.OpError{Op: "dial", Net: network, Addr: net.UDPAddrFromAddrPort(remote), Err: failed(call, err)}
	}
	family := familyOf(remote.Addr())
	socket, err := contract.Create(family, contract.IPv6Only)
	if err != nil {
		return nil, problem("socket", err)
	}
	if local.IsValid() || local.Port() != 0 {
		if !local.Addr().IsValid() {
			local = netip.AddrPortFrom(unspecified(family), local.Port())
		}
		if local, err = zoned(local); err == nil {
			_, err = socket.Bind(local, false)
		}
		if err != nil {
			socket.Drop()
			return nil, problem("bind", err)
		}
	}
	to, err := destination(remote, family)
	if err == nil {
		local, err = socket.Connect(to)
	}
	if err != nil {
		socket.Drop()
		return nil, problem("connect", err)
	}
	conn := newConn(network, socket, local, remote)
	// It is bound, and connected.
	socket.NextEvent()
	socket.NextEvent()
	return conn, nil
}

// Granted takes a socket that the host has bound and hands in by name (`datagrant serve --socket NAME=ADDRESS`). Each can be
// taken once: syscall.EINVAL where none has that name, syscall.EBADF a second time.
func Granted(name string) (*UDPConn, error) {
	problem := func(err error) error {
		return &net.OpError{Op: "listen", Net: "udp", Err: failed("take "+name, err)}
	}
	socket, err := contract.Take(name)
	if err != nil {
		return nil, problem(err)
	}
	local, err := socket.LocalAddress()
	if err != nil {
		socket.Drop()
		return nil, problem(err)
	}
	conn := newConn("udp", socket, local, netip.AddrPort{})
	socket.NextEvent()
	return conn, nil
}

// GrantedNames are the names of the sockets that the host hands in, taken or not.
func GrantedNames() []string { return contract.GrantedNames() }

// isAny tells whether an error of [failed] is of one of these codes.
func isAny(err error, codes ...contract.ErrorCode) bool {
	for _, code := range codes {
		if errors.Is(err, errnos[code]) {
			return true
		}
	}
	return false
}

// addr is an address for an error, where there is one.
func addr(a *net.UDPAddr) net.Addr {
	if a == nil {
		return nil
	}
	return a
}
