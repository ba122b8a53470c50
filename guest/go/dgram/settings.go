package dgram

import (
	"net"
	"net/netip"
)

// ListenConfig is how a socket is bound, in ways that only count then. The zero value is what [ListenPacket] does.
type ListenConfig struct {
	// ReuseAddr and ReusePort share the address with other sockets that do so too; the bind grant must say `shared`.
	ReuseAddr, ReusePort bool
	// Exclusive keeps the port from the other workers of a service.
	Exclusive bool
}

// Interface says which network interface: by its name, by its index, or by one of its addresses. Without any of them it is
// the system's choice.
type Interface struct {
	Name    string
	Index   int
	Address netip.Addr
}

// isNetwork answers why something is no network of this package.
func isNetwork(network string) error {
	switch network {
	case "udp", "udp4", "udp6":
		return nil
	}
	return net.UnknownNetworkError(network)
}
