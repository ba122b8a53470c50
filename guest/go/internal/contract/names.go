//go:build wasip1

package contract

import (
	"net/netip"
	"structs"
)

// Lookup is a handle of the contract's resource: a name that is being looked up.
type Lookup int32

// several is a result with a list, or a string, in memory.
type several struct {
	_      structs.HostLayout
	failed uint8
	_      [3]byte
	value  list
}

//go:wasmimport datagrant:dgram/name-lookup@0.1.0 [static]lookup.start
//go:noescape
func lookupStart(name string, some uint32, family Family, result *word)

//go:wasmimport datagrant:dgram/name-lookup@0.1.0 [resource-drop]lookup
func lookupDrop(self Lookup)

//go:wasmimport datagrant:dgram/name-lookup@0.1.0 [method]lookup.id
func lookupID(self Lookup) uint32

//go:wasmimport datagrant:dgram/name-lookup@0.1.0 [method]lookup.answer
//go:noescape
func lookupAnswer(self Lookup, result *several)

//go:wasmimport datagrant:dgram/zones@0.1.0 index
//go:noescape
func zonesIndex(name string, result *word)

//go:wasmimport datagrant:dgram/granted@0.1.0 names
//go:noescape
func grantedNames(result *list)

//go:wasmimport datagrant:dgram/granted@0.1.0 take
//go:noescape
func grantedTake(name string, result *word)

// Start begins to look a name up: its addresses of one family, or, with nil, of both.
func Start(name string, family *Family) (Lookup, error) {
	var result word
	if family == nil {
		lookupStart(name, 0, 0, &result)
	} else {
		lookupStart(name, 1, *family, &result)
	}
	handle, err := result.get()
	return Lookup(handle), err
}

// Drop gives the lookup up.
func (l Lookup) Drop() { lookupDrop(l) }

// ID is the number that waits know it by.
func (l Lookup) ID() uint32 { return lookupID(l) }

// Answer is the addresses, or WouldBlock until they are there.
func (l Lookup) Answer() ([]netip.Addr, error) {
	var result several
	settle()
	lookupAnswer(l, &result)
	if result.failed != 0 {
		return nil, ErrorCode(result.value.start)
	}
	var addresses []netip.Addr
	for _, raw := range elements[ip](result.value) {
		addresses = append(addresses, raw.decode())
	}
	return addresses, nil
}

// ZoneIndex is the index of an interface, by its name.
func ZoneIndex(name string) (uint32, error) {
	var result word
	zonesIndex(name, &result)
	return result.get()
}

// GrantedNames are the names of the sockets that were handed in.
func GrantedNames() (names []string) {
	var result list
	settle()
	grantedNames(&result)
	for _, name := range elements[list](result) {
		names = append(names, string(elements[byte](name)))
	}
	return
}

// Take takes the socket of that name.
func Take(name string) (Socket, error) {
	var result word
	grantedTake(name, &result)
	handle, err := result.get()
	return Socket(handle), err
}
