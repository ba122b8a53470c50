package contract

import (
	"net/netip"
	"strconv"
)

// Scope is the number that the zone of an address is, or 0. Names of interfaces are for [ZoneIndex] to translate.
func Scope(a netip.Addr) uint32 {
	zone, err := strconv.ParseUint(a.Zone(), 10, 32)
	if err != nil {
		return 0
	}
	return uint32(zone)
}

// WithScope is an address whose zone is that number, or without a zone where it is 0.
func WithScope(a netip.Addr, scope uint32) netip.Addr {
	if scope == 0 {
		return a
	}
	return a.WithZone(strconv.FormatUint(uint64(scope), 10))
}
