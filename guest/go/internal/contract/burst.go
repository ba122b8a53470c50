//go:build wasip1

package contract

import (
	"bytes"
	"structs"
	"unsafe"
)

const (
	// How many datagrams a receive may take, and the longest of one in bytes.
	burstHeaders  = 64
	burstLongest  = 65_535
	burstLongSize = 1_500
)

// Buffers that no burst is in: enough for 64 datagrams of an Ethernet frame each. Longer ones are copied.
var buffers [][]byte

// burst is a result with a burst in memory.
type burst struct {
	_                structs.HostLayout
	failed           uint8
	_                [3]byte
	stride           uint32
	headers, payload list
	moreEvents       bool
}

//go:wasmimport datagrant:dgram/bursts@0.1.0 receive
//go:noescape
func burstsReceive(socket Socket, maxHeaders, maxBytesEach uint32, result *burst)

// Receive takes the datagrams that are there; none is no error. The burst is to be released.
func (s Socket) Receive() (Burst, error) {
	var buffer []byte
	if last := len(buffers) - 1; last >= 0 {
		buffer, buffers = buffers[last], buffers[:last]
	} else {
		buffer = make([]byte, burstHeaders*(Stride+burstLongSize))
	}
	var result burst
	reserve(buffer)
	burstsReceive(s, burstHeaders, burstLongest, &result)
	defer settle()
	taken := Burst{buffer: buffer}
	if result.failed != 0 {
		taken.Release()
		return Burst{}, ErrorCode(result.stride)
	}
	taken.MoreEvents = result.moreEvents
	taken.headers, taken.payload = elements[byte](result.headers), elements[byte](result.payload)
	if isSpilled(result.headers, buffer) {
		taken.headers = bytes.Clone(taken.headers)
	}
	if isSpilled(result.payload, buffer) {
		taken.payload = bytes.Clone(taken.payload)
	}
	return taken, nil
}

// IsFull says that there may be more: no datagram of the burst has been taken yet, and there are as many as one can have.
func (b *Burst) IsFull() bool { return b.Len() == burstHeaders }

// Release gives the burst's memory back.
func (b *Burst) Release() {
	if b.buffer != nil {
		buffers = append(buffers, b.buffer)
	}
	*b = Burst{}
}

var _ [28]byte = [unsafe.Sizeof(burst{})]byte{}
