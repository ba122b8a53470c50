//go:build wasip1

package contract

import (
	"net/netip"
	"structs"
	"unsafe"
)

// Socket is a handle of the contract's resource.
type Socket int32

// Flags are the contract's create-flags.
type Flags uint32

// The flags.
const (
	ReuseAddress Flags = 1 << iota
	ReusePort
	IPv6Only
)

// Results in memory: a byte that is 1 for an error, and the error-code or the value at the value's alignment.
type (
	// plain is a result without a value, or with one of a byte.
	plain struct {
		_             structs.HostLayout
		failed, value uint8
	}
	// word is a result with a u32, or a handle.
	word struct {
		_      structs.HostLayout
		failed uint8
		_      [3]byte
		value  uint32
	}
	// place is a result with an ip-socket-address.
	place struct {
		_      structs.HostLayout
		failed uint8
		_      [3]byte
		value  address
	}
)

func (r *plain) err() error {
	if r.failed == 0 {
		return nil
	}
	return ErrorCode(r.value)
}

func (r *word) get() (uint32, error) {
	if r.failed == 0 {
		return r.value, nil
	}
	return 0, ErrorCode(r.value)
}

func (r *place) get() (netip.AddrPort, error) {
	if r.failed == 0 {
		return r.value.decode(), nil
	}
	return netip.AddrPort{}, ErrorCode(r.value.tag)
}

//go:wasmimport datagrant:dgram/sockets@0.1.0 [static]socket.create
//go:noescape
func socketCreate(family Family, flags Flags, result *word)

//go:wasmimport datagrant:dgram/sockets@0.1.0 [resource-drop]socket
func socketDrop(self Socket)

//go:wasmimport datagrant:dgram/sockets@0.1.0 [method]socket.id
func socketID(self Socket) uint32

//go:wasmimport datagrant:dgram/sockets@0.1.0 [method]socket.family
func socketFamily(self Socket) Family

//go:wasmimport datagrant:dgram/sockets@0.1.0 [method]socket.bind
//go:noescape
func socketBind(self Socket, some, tag, v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, exclusive uint32, result *place)

//go:wasmimport datagrant:dgram/sockets@0.1.0 [method]socket.connect
//go:noescape
func socketConnect(self Socket, tag, v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10 uint32, result *place)

//go:wasmimport datagrant:dgram/sockets@0.1.0 [method]socket.local-address
//go:noescape
func socketLocalAddress(self Socket, result *place)

//go:wasmimport datagrant:dgram/sockets@0.1.0 [method]socket.send
//go:noescape
func socketSend(self Socket, data unsafe.Pointer, length uint32, some, tag, v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10 uint32, result *plain)

// Create is socket.create.
func Create(family Family, flags Flags) (Socket, error) {
	var result word
	socketCreate(family, flags, &result)
	handle, err := result.get()
	return Socket(handle), err
}

// Drop closes the socket and gives the handle up.
func (s Socket) Drop() { socketDrop(s) }

// ID is the number that waits know it by.
func (s Socket) ID() uint32 { return socketID(s) }

// Family is the family that it was created with.
func (s Socket) Family() Family { return socketFamily(s) }

// Bind binds it, to any address and port of its family where local is none.
func (s Socket) Bind(local netip.AddrPort, exclusive bool) (netip.AddrPort, error) {
	var result place
	to := flatten(local)
	v := &to.values
	socketBind(s, to.some, to.tag, v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10],
		truth(exclusive), &result)
	return result.get()
}

// Connect connects it, and answers the local address.
func (s Socket) Connect(remote netip.AddrPort) (netip.AddrPort, error) {
	var result place
	to := flatten(remote)
	v := &to.values
	socketConnect(s, to.tag, v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10], &result)
	return result.get()
}

// LocalAddress is where it is bound.
func (s Socket) LocalAddress() (netip.AddrPort, error) {
	var result place
	socketLocalAddress(s, &result)
	return result.get()
}

// Send sends a datagram: to remote, or to the peer where that is none.
func (s Socket) Send(data []byte, remote netip.AddrPort) error {
	var result plain
	to := flatten(remote)
	v := &to.values
	socketSend(s, unsafe.Pointer(unsafe.SliceData(data)), uint32(len(data)), to.some, to.tag,
		v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10], &result)
	return result.err()
}
