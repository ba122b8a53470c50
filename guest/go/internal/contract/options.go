//go:build wasip1

package contract

import (
	"net/netip"
	"structs"
	"unsafe"
)

// Interface is the contract's interface-ref: by name, or by index, or by address, or, with none of them, the system's
// choice.
type Interface struct {
	Name    string
	Index   uint32
	Address netip.Addr
}

// interfaceRef is an interface-ref in memory: a variant of 24 bytes.
type interfaceRef struct {
	_   structs.HostLayout
	tag uint8
	_   [3]byte
	// An index; or a list, which is a name; or an ip-address.
	payload [5]uint32
}

func (i Interface) encode() (to interfaceRef) {
	switch {
	case i.Index != 0:
		to.tag, to.payload[0] = 1, i.Index
	case i.Name != "":
		to.tag = 2
		to.payload[0], to.payload[1] = uint32(uintptr(unsafe.Pointer(unsafe.StringData(i.Name)))), uint32(len(i.Name))
	case i.Address.IsValid():
		to.tag = 3
		*(*ip)(unsafe.Pointer(&to.payload)) = encodeIP(i.Address)
	}
	return
}

// membership is the parameters of join and leave, which are too many to be flat.
type membership struct {
	_      structs.HostLayout
	self   Socket
	group  ip
	_      [2]byte
	on     interfaceRef
	some   uint8
	_      uint8
	source ip
}

//go:wasmimport datagrant:dgram/sockets@0.1.0 [method]socket.join
//go:noescape
func socketJoin(parameters *membership, result *plain)

//go:wasmimport datagrant:dgram/sockets@0.1.0 [method]socket.leave
//go:noescape
func socketLeave(parameters *membership, result *plain)

//go:wasmimport datagrant:dgram/sockets@0.1.0 [method]socket.set-multicast-interface
//go:noescape
func socketSetMulticastInterface(self Socket, tag, v0, v1, v2, v3, v4, v5, v6, v7, v8 uint32, result *plain)

//go:wasmimport datagrant:dgram/sockets@0.1.0 [method]socket.set-broadcast
//go:noescape
func socketSetBroadcast(self Socket, on uint32, result *plain)

//go:wasmimport datagrant:dgram/sockets@0.1.0 [method]socket.set-ttl
//go:noescape
func socketSetTTL(self Socket, hops uint32, result *plain)

//go:wasmimport datagrant:dgram/sockets@0.1.0 [method]socket.set-multicast-ttl
//go:noescape
func socketSetMulticastTTL(self Socket, hops uint32, result *plain)

//go:wasmimport datagrant:dgram/sockets@0.1.0 [method]socket.set-multicast-loopback
//go:noescape
func socketSetMulticastLoopback(self Socket, on uint32, result *plain)

//go:wasmimport datagrant:dgram/sockets@0.1.0 [method]socket.receive-buffer-bytes
//go:noescape
func socketReceiveBufferBytes(self Socket, result *word)

//go:wasmimport datagrant:dgram/sockets@0.1.0 [method]socket.set-receive-buffer-bytes
//go:noescape
func socketSetReceiveBufferBytes(self Socket, bytes uint32, result *plain)

//go:wasmimport datagrant:dgram/sockets@0.1.0 [method]socket.send-buffer-bytes
//go:noescape
func socketSendBufferBytes(self Socket, result *word)

//go:wasmimport datagrant:dgram/sockets@0.1.0 [method]socket.set-send-buffer-bytes
//go:noescape
func socketSetSendBufferBytes(self Socket, bytes uint32, result *plain)

// Join joins a group on an interface, of any source where that is none.
func (s Socket) Join(group netip.Addr, on Interface, source netip.Addr) error {
	return s.member(socketJoin, group, on, source)
}

// Leave leaves what was joined with the same arguments.
func (s Socket) Leave(group netip.Addr, on Interface, source netip.Addr) error {
	return s.member(socketLeave, group, on, source)
}

func (s Socket) member(call func(*membership, *plain), group netip.Addr, on Interface, source netip.Addr) error {
	parameters := membership{self: s, group: encodeIP(group), on: on.encode()}
	if source.IsValid() {
		parameters.some, parameters.source = 1, encodeIP(source)
	}
	var result plain
	call(&parameters, &result)
	return result.err()
}

// SetMulticastInterface sets where datagrams to groups leave by.
func (s Socket) SetMulticastInterface(on Interface) error {
	var result plain
	// Flat, an address is a tag and 8 numbers, whatever its family.
	to := on.encode()
	v := [9]uint32{to.payload[0], to.payload[1]}
	if on.Address.IsValid() && to.tag == 3 {
		address := flatten(netip.AddrPortFrom(on.Address, 0))
		v[0] = address.tag
		if address.tag == 0 {
			copy(v[1:], address.values[1:5])
		} else {
			copy(v[1:], address.values[2:10])
		}
	}
	socketSetMulticastInterface(s, uint32(to.tag), v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], &result)
	return result.err()
}

// SetBroadcast allows sends to broadcast addresses.
func (s Socket) SetBroadcast(on bool) error { return s.set(socketSetBroadcast, truth(on)) }

// SetTTL sets the hops of unicast datagrams.
func (s Socket) SetTTL(hops uint8) error { return s.set(socketSetTTL, uint32(hops)) }

// SetMulticastTTL sets the hops of datagrams to groups.
func (s Socket) SetMulticastTTL(hops uint8) error { return s.set(socketSetMulticastTTL, uint32(hops)) }

// SetMulticastLoopback has members on this host hear what is sent.
func (s Socket) SetMulticastLoopback(on bool) error {
	return s.set(socketSetMulticastLoopback, truth(on))
}

// SetReceiveBufferBytes sets the kernel's room for what arrives.
func (s Socket) SetReceiveBufferBytes(bytes uint32) error {
	return s.set(socketSetReceiveBufferBytes, bytes)
}

// SetSendBufferBytes sets the kernel's room for what is sent.
func (s Socket) SetSendBufferBytes(bytes uint32) error {
	return s.set(socketSetSendBufferBytes, bytes)
}

// ReceiveBufferBytes is the kernel's room for what arrives.
func (s Socket) ReceiveBufferBytes() (uint32, error) {
	var result word
	socketReceiveBufferBytes(s, &result)
	return result.get()
}

// SendBufferBytes is the kernel's room for what is sent.
func (s Socket) SendBufferBytes() (uint32, error) {
	var result word
	socketSendBufferBytes(s, &result)
	return result.get()
}

func (s Socket) set(call func(Socket, uint32, *plain), value uint32) error {
	var result plain
	call(s, value, &result)
	return result.err()
}

func truth(on bool) uint32 {
	if on {
		return 1
	}
	return 0
}

var _ [68]byte = [unsafe.Sizeof(membership{})]byte{}
