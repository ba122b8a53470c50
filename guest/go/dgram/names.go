//go:build wasip1

package dgram

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"

	"datagrant/internal/contract"
)

// LookupNetIP looks a name up, as the method of net.Resolver does: network is "ip", "ip4" or "ip6". The host does it, where
// a grant allows the name (--allow-resolve). Addresses are answered as they are, and localhost is loopback: nobody is asked.
func LookupNetIP(ctx context.Context, network, name string) ([]netip.Addr, error) {
	families, isKnown := familiesOf[strings.Replace(network, "ip", "udp", 1)]
	if !isKnown {
		return nil, &net.DNSError{Err: net.UnknownNetworkError(network).Error(), Name: name}
	}
	if literal, err := netip.ParseAddr(name); err == nil {
		return families.only(name, literal.Unmap())
	}
	name = strings.TrimSuffix(name, ".")
	if lower := strings.ToLower(name); lower == "localhost" || strings.HasSuffix(lower, ".localhost") {
		return families.only(name, loopback4, loopback6)
	}
	return lookUp(ctx, name, families.asked)
}

// ResolveUDPAddr is the address that a host and port are, as net.ResolveUDPAddr answers it.
func ResolveUDPAddr(network, address string) (*net.UDPAddr, error) {
	addresses, err := resolve(context.Background(), network, address)
	if err != nil {
		return nil, err
	}
	if !addresses[0].Addr().IsValid() {
		return &net.UDPAddr{Port: int(addresses[0].Port())}, nil
	}
	return net.UDPAddrFromAddrPort(addresses[0]), nil
}

// families are those of a network.
type families struct {
	four, six bool
	// asked is the one that a name is looked up for, or nil for both.
	asked *contract.Family
}

var (
	four, six  = contract.IPv4, contract.IPv6
	familiesOf = map[string]families{
		"udp":  {true, true, nil},
		"udp4": {true, false, &four},
		"udp6": {false, true, &six},
	}
)

// only is those of the addresses that are of the families, if any is.
func (f families) only(name string, addresses ...netip.Addr) (those []netip.Addr, err error) {
	for _, a := range addresses {
		if a.Is4() && f.four || a.Is6() && f.six {
			those = append(those, a)
		}
	}
	if len(those) == 0 {
		return nil, &net.AddrError{Err: "no suitable address found", Addr: name}
	}
	return those, nil
}

// resolve is what a host and port may be: at least one address. One without a host is not valid, and has a port all the same.
func resolve(ctx context.Context, network, address string) ([]netip.AddrPort, error) {
	if err := isNetwork(network); err != nil {
		return nil, err
	}
	host, service, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	port, err := net.DefaultResolver.LookupPort(ctx, network, service)
	if err != nil {
		return nil, err
	}
	if host == "" {
		return []netip.AddrPort{netip.AddrPortFrom(netip.Addr{}, uint16(port))}, nil
	}
	found, err := LookupNetIP(ctx, strings.Replace(network, "udp", "ip", 1), host)
	if err != nil {
		return nil, err
	}
	all := make([]netip.AddrPort, len(found))
	for i, a := range found {
		all[i] = netip.AddrPortFrom(a, uint16(port))
	}
	return all, nil
}

// lookUp waits for the host's answer, or for the context's end.
func lookUp(ctx context.Context, name string, family *contract.Family) ([]netip.Addr, error) {
	lookup, err := contract.Start(name, family)
	if err != nil {
		return nil, notFound(name, err)
	}
	defer lookup.Drop()
	w := newWaiter(lookup.ID())
	defer context.AfterFunc(ctx, w.wake)()
	for {
		if ctx.Err() != nil {
			isTimeout := errors.Is(ctx.Err(), context.DeadlineExceeded)
			return nil, &net.DNSError{Err: ctx.Err().Error(), Name: name, IsTimeout: isTimeout, UnwrapErr: ctx.Err()}
		}
		addresses, err := lookup.Answer()
		switch err {
		case nil:
			return addresses, nil
		case contract.WouldBlock:
			receiving.await(&w)
		default:
			return nil, notFound(name, err)
		}
	}
}
