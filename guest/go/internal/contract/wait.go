//go:build wasip1

package contract

import (
	"structs"
	"time"
	"unsafe"
)

// interest is ids in memory, by what is waited for.
type interest struct {
	_             structs.HostLayout
	receive, send list
}

// ready is a result with an interest in memory.
type ready struct {
	_      structs.HostLayout
	failed uint8
	_      [3]byte
	value  interest
}

//go:wasmimport datagrant:dgram/wait@0.1.0 wait
//go:noescape
func waitWait(receive unsafe.Pointer, receives uint32, send unsafe.Pointer, sends uint32, some uint32, timeout uint64, result *ready)

// Wait waits until one of the ids is ready, or the time is over; a negative one is without end. What it answers is valid
// until the next call of the host.
func Wait(receive, send []uint32, timeout time.Duration) (receives, sends []uint32, err error) {
	var result ready
	settle()
	waitWait(unsafe.Pointer(unsafe.SliceData(receive)), uint32(len(receive)), unsafe.Pointer(unsafe.SliceData(send)),
		uint32(len(send)), truth(timeout >= 0), uint64(max(timeout, 0)), &result)
	if result.failed != 0 {
		return nil, nil, ErrorCode(result.value.receive.start)
	}
	return elements[uint32](result.value.receive), elements[uint32](result.value.send), nil
}
