//go:build wasip1 && !datagrant_service

package dgram

import "datagrant/internal/contract"

// run is the command: the program's main, and the waiting for it.
//
//go:wasmexport wasi:cli/run@0.2.0#run
func run() uint32 {
	for {
		timeout := turn()
		if isOver {
			return 0
		}
		if isIdle(timeout) {
			// Go's scheduler finds that out too now, and tells it as it does everywhere.
			select {}
		}
		receives, sends, err := contract.Wait(receiving.ids, sending.ids, timeout)
		if err != nil {
			panic("datagrant: cannot wait: " + err.Error())
		}
		receiving.wake(receives)
		sending.wake(sends)
	}
}
