//go:build wasip1

package contract

import (
	"bytes"
	"net/netip"
	"structs"
	"unsafe"
)

// Kind is which case of the contract's event something is.
type Kind uint8

// The kinds of events.
const (
	Listening Kind = iota
	Connected
	Message
	Failed
	Closed
)

// Event is what happened on a socket.
type Event struct {
	Kind Kind
	// Of a message.
	Data []byte
	From netip.AddrPort
	// Of an error.
	Err error
}

// event is an event in memory: a variant of 44 bytes, of which a message needs most.
type event struct {
	_    structs.HostLayout
	tag  Kind
	_    [3]byte
	data list
	from address
}

//go:wasmimport datagrant:dgram/sockets@0.1.0 [method]socket.next-events
//go:noescape
func socketNextEvents(self Socket, limit uint32, result *list)

// NextEvent takes one event, when there is one.
func (s Socket) NextEvent() (Event, bool) {
	var result list
	settle()
	socketNextEvents(s, 1, &result)
	if result.length == 0 {
		return Event{}, false
	}
	raw := &elements[event](result)[0]
	next := Event{Kind: raw.tag}
	switch raw.tag {
	case Message:
		next.Data, next.From = bytes.Clone(elements[byte](raw.data)), raw.from.decode()
	case Failed:
		next.Err = ErrorCode(*(*uint8)(unsafe.Pointer(&raw.data)))
	}
	return next, true
}
