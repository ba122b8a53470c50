package contract

import (
	"encoding/binary"
	"net/netip"
	"structs"
)

// Family is the contract's ip-address-family.
type Family uint32

// The families.
const (
	IPv4 Family = iota
	IPv6
)

// address is an ip-socket-address in memory: a variant of 32 bytes.
type address struct {
	_   structs.HostLayout
	tag uint8
	_   [3]byte
	// For IPv4: port (u16), 4 bytes of address. For IPv6: port (u16), flow info at 4, address at 8, scope id at 24.
	payload [28]byte
}

func (a *address) decode() netip.AddrPort {
	port := binary.LittleEndian.Uint16(a.payload[:])
	if a.tag == 0 {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte(a.payload[2:6])), port)
	}
	return netip.AddrPortFrom(WithScope(groups(a.payload[8:24]), binary.LittleEndian.Uint32(a.payload[24:])), port)
}

// ip is an ip-address in memory: a variant of 18 bytes.
type ip struct {
	_       structs.HostLayout
	tag     uint8
	_       uint8
	payload [16]byte
}

func (a *ip) decode() netip.Addr {
	if a.tag == 0 {
		return netip.AddrFrom4([4]byte(a.payload[:4]))
	}
	return groups(a.payload[:])
}

func encodeIP(from netip.Addr) ip {
	if from.Is4() {
		to := ip{tag: 0}
		four := from.As4()
		copy(to.payload[:], four[:])
		return to
	}
	to := ip{tag: 1}
	bytes := from.As16()
	for i := 0; i < 16; i += 2 {
		binary.LittleEndian.PutUint16(to.payload[i:], binary.BigEndian.Uint16(bytes[i:]))
	}
	return to
}

// groups is an IPv6 address of 8 numbers in memory.
func groups(memory []byte) netip.Addr {
	var bytes [16]byte
	for i := 0; i < 16; i += 2 {
		binary.BigEndian.PutUint16(bytes[i:], binary.LittleEndian.Uint16(memory[i:]))
	}
	return netip.AddrFrom16(bytes)
}

// flat is an option<ip-socket-address> as parameters: whether it is there, its family, and what both families need.
type flat struct {
	some, tag uint32
	values    [11]uint32
}

func flatten(from netip.AddrPort) (to flat) {
	if !from.IsValid() {
		return
	}
	to.some, to.values[0] = 1, uint32(from.Port())
	if from.Addr().Is4() {
		for i, value := range from.Addr().As4() {
			to.values[1+i] = uint32(value)
		}
		return
	}
	to.tag = 1
	bytes := from.Addr().As16()
	for i := range 8 {
		to.values[2+i] = uint32(binary.BigEndian.Uint16(bytes[2*i:]))
	}
	to.values[10] = Scope(from.Addr())
	return
}
