//go:build wasip1 && datagrant_service

package dgram

import (
	"time"
	"unsafe"

	"datagrant/internal/contract"
)

// aWhile is waited by a service that waits for nothing but to be stopped.
const aWhile = time.Hour

// step is a step of the service: main is started in the first, and the host waits between them.
//
//go:wasmexport datagrant:dgram/handler@0.1.0#step
func step(receive unsafe.Pointer, receives uint32, send unsafe.Pointer, sends uint32) unsafe.Pointer {
	receiving.wake(unsafe.Slice((*uint32)(receive), receives))
	sending.wake(unsafe.Slice((*uint32)(send), sends))
	return next()
}

// stop asks the program to end. One that does not listen is ended.
//
//go:wasmexport datagrant:dgram/handler@0.1.0#stop
func stop() unsafe.Pointer {
	if !isListening {
		return unsafe.Pointer(contract.Done())
	}
	close(stopped)
	return next()
}

func next() unsafe.Pointer {
	timeout := turn()
	if isOver {
		return unsafe.Pointer(contract.Done())
	}
	if isIdle(timeout) {
		if !isListening || isStopped() {
			return unsafe.Pointer(contract.Fail("all goroutines are asleep - deadlock!"))
		}
		timeout = aWhile
	}
	return unsafe.Pointer(contract.WaitFor(receiving.ids, sending.ids, timeout))
}

func isStopped() bool {
	select {
	case <-stopped:
		return true
	default:
		return false
	}
}
