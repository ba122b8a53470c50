//go:build wasip1

package contract

import (
	"structs"
	"time"
	"unsafe"
)

// Next is the contract's next in memory: what a step of a service answers.
type Next struct {
	_   structs.HostLayout
	tag uint8
	_   [7]byte
	// What to wait for; or, first, the reason of a failure.
	on interest
	// An option<u64>.
	some    uint8
	_       [7]byte
	timeout uint64
}

// next is the one answer: its memory outlives the step that it is the answer to.
var next Next

// Done says that there is nothing left to do.
func Done() *Next { return answer(Next{tag: 1}) }

// Fail says that it cannot go on, and why.
func Fail(reason string) *Next {
	text := list{start: uint32(uintptr(unsafe.Pointer(unsafe.StringData(reason)))), length: uint32(len(reason))}
	return answer(Next{tag: 2, on: interest{receive: text}})
}

// WaitFor says what to wait for, and how long; a negative time is without end. The ids must stay where they are until the
// next step.
func WaitFor(receive, send []uint32, timeout time.Duration) *Next {
	return answer(Next{
		on:      interest{receive: ids(receive), send: ids(send)},
		some:    uint8(truth(timeout >= 0)),
		timeout: uint64(max(timeout, 0)),
	})
}

// answer is the next one. What the host then calls with goes where results of its calls go.
func answer(with Next) *Next {
	settle()
	next = with
	return &next
}

func ids(of []uint32) list {
	return list{start: uint32(uintptr(unsafe.Pointer(unsafe.SliceData(of)))), length: uint32(len(of))}
}

var _ [40]byte = [unsafe.Sizeof(Next{})]byte{}
