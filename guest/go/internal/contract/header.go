package contract

import (
	"encoding/binary"
	"net/netip"
)

// Stride is the size in bytes of a burst's header; the contract's page has its layout.
const Stride = 32

// Burst is what a receive has taken: headers, and their payloads behind one another.
type Burst struct {
	headers, payload []byte
	// MoreEvents says that an event of another kind is next.
	MoreEvents bool
	// The memory that headers and payload are in, to be given back.
	buffer []byte
}

// Len is how many datagrams are left in it.
func (b *Burst) Len() int { return len(b.headers) / Stride }

// Next takes the first datagram that is left. Its data is valid until the burst is released.
func (b *Burst) Next() (data []byte, from netip.AddrPort) {
	header := b.headers[:Stride]
	length := binary.LittleEndian.Uint32(header)
	data, b.headers, b.payload = b.payload[:length], b.headers[Stride:], b.payload[length:]
	return data, remote(header)
}

// remote is who sent a header's datagram; IPv4 in any form is told as IPv4, as it is told everywhere else.
func remote(header []byte) netip.AddrPort {
	from := netip.AddrFrom16([16]byte(header[16:])).Unmap()
	if from.Is6() {
		from = WithScope(from, binary.LittleEndian.Uint32(header[12:]))
	}
	return netip.AddrPortFrom(from, binary.LittleEndian.Uint16(header[6:]))
}
