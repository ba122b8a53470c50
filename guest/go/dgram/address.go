//go:build wasip1

package dgram

import (
	"net"
	"net/netip"

	"datagrant/internal/contract"
)

var (
	loopback4 = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	loopback6 = netip.IPv6Loopback()
)

func familyOf(a netip.Addr) contract.Family {
	if a.Is4() {
		return contract.IPv4
	}
	return contract.IPv6
}

func unspecified(family contract.Family) netip.Addr {
	if family == contract.IPv4 {
		return netip.IPv4Unspecified()
	}
	return netip.IPv6Unspecified()
}

// unmap is an address with IPv4 as IPv4, whatever form it came in.
func unmap(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}

// ofNetwork is an address, if it is of a network's family. One without a host is not valid, and has a port all the same.
func ofNetwork(network string, a *net.UDPAddr) (netip.AddrPort, error) {
	if a == nil {
		return netip.AddrPort{}, isNetwork(network)
	}
	if a.IP == nil {
		return netip.AddrPortFrom(netip.Addr{}, uint16(a.Port)), isNetwork(network)
	}
	at := unmap(a.AddrPort())
	return at, fits(network, at.Addr())
}

// fits answers why an address is not of a network.
func fits(network string, a netip.Addr) error {
	if network == "udp4" && !a.Is4() {
		return &net.AddrError{Err: "non-IPv4 address", Addr: a.String()}
	}
	if network == "udp6" && !a.Is6() {
		return &net.AddrError{Err: "non-IPv6 address", Addr: a.String()}
	}
	return isNetwork(network)
}

// orLoopback is where a datagram to no host goes: to this one.
func orLoopback(to netip.AddrPort, network string) netip.AddrPort {
	switch a := to.Addr(); {
	case a == netip.IPv6Unspecified(), !a.IsValid() && network == "udp6":
		return netip.AddrPortFrom(loopback6, to.Port())
	case a == netip.IPv4Unspecified(), !a.IsValid():
		return netip.AddrPortFrom(loopback4, to.Port())
	}
	return to
}

// destination is an address as a socket of that family is told it.
func destination(to netip.AddrPort, family contract.Family) (netip.AddrPort, error) {
	to = orLoopback(unmap(to), "udp")
	a := to.Addr()
	if family == contract.IPv4 && a.Is6() {
		return to, &net.AddrError{Err: "non-IPv4 address", Addr: a.String()}
	}
	if family == contract.IPv6 && a.Is4() {
		return netip.AddrPortFrom(netip.AddrFrom16(a.As16()), to.Port()), nil
	}
	return zoned(to)
}

// zoned is an address whose zone is a number, as the contract has it: eth0 is looked up.
func zoned(at netip.AddrPort) (netip.AddrPort, error) {
	zone := at.Addr().Zone()
	if zone == "" || contract.Scope(at.Addr()) != 0 {
		return at, nil
	}
	index, err := contract.ZoneIndex(zone)
	if err != nil {
		return at, err
	}
	return netip.AddrPortFrom(contract.WithScope(at.Addr(), index), at.Port()), nil
}
