//go:build wasip1

package contract

import (
	"structs"
	"unsafe"
)

// Where results of host calls arrive. The host asks cabi_realloc for that memory in the middle of the call, when Go code
// must neither allocate nor call out: so it only moves a mark in memory that is there already. There is one host call at a
// time, and its results are read before the next.
var (
	// arena is what the current host call may use: small, but for bursts.
	arena = small[:]
	used  uintptr
	// spill is for what is longer than the arena. It is not Go's memory, grows to what the longest result was, and stays.
	spill     unsafe.Pointer
	spillSize uintptr
	spillUsed uintptr
)

var small [4096]byte

// isUp says that packages have been initialised. Whoever allocates before is the preview 1 adapter, which keeps it.
var isUp bool

func init() { isUp = true }

// reserve gives the next host call all of buffer to put its results in.
func reserve(buffer []byte) {
	arena, used, spillUsed = buffer, 0, 0
}

// settle has results arrive in the small arena again.
func settle() { reserve(small[:]) }

//go:linkname sbrk runtime.sbrk
func sbrk(n uintptr) unsafe.Pointer

// cabiRealloc is called by the host, and never to change what it has allocated.
//
//go:wasmexport cabi_realloc
//go:nosplit
func cabiRealloc(_ unsafe.Pointer, _, align, size uint32) unsafe.Pointer {
	mask := uintptr(align) - 1
	if !isUp {
		return pointer((uintptr(sbrk(uintptr(size)+mask)) + mask) &^ mask)
	}
	start := uintptr(unsafe.Pointer(unsafe.SliceData(arena)))
	at := (start + used + mask) &^ mask
	if at+uintptr(size) <= start+uintptr(len(arena)) {
		used = at + uintptr(size) - start
		return pointer(at)
	}
	at = (uintptr(spill) + spillUsed + mask) &^ mask
	if at+uintptr(size) > uintptr(spill)+spillSize {
		// What is in the old one is still to be read: it is left where it is.
		spillSize = max(2*spillSize, uintptr(size)+mask, 1<<16)
		spill, spillUsed = sbrk(spillSize), 0
		at = (uintptr(spill) + mask) &^ mask
	}
	spillUsed = at + uintptr(size) - uintptr(spill)
	return pointer(at)
}

// pointer is to an address that comes from outside of Go.
//
//go:nosplit
func pointer(address uintptr) unsafe.Pointer { return unsafe.Add(unsafe.Pointer(nil), address) }

// list is a list, or a string, in memory.
type list struct {
	_             structs.HostLayout
	start, length uint32
}

// elements are the elements of a list that a host call has answered, until the next host call.
func elements[T any](l list) []T {
	return unsafe.Slice((*T)(pointer(uintptr(l.start))), l.length)
}

// isSpilled tells whether a list is not in the arena: the next host call would write over it.
func isSpilled(l list, arena []byte) bool {
	start := uintptr(unsafe.Pointer(unsafe.SliceData(arena)))
	return l.length > 0 && uintptr(l.start)-start >= uintptr(len(arena))
}
