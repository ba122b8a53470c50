//go:build wasip1

package dgram

import (
	"os"
	_ "unsafe" // for linkname
)

// How a panic ends the program. Bit 0 is set in libraries, which is what a component is to the linker: having written message
// and traces, the runtime would trap, and the operator would read the host's trace of numbers behind it.
var (
	//go:linkname tracebackCache runtime.traceback_cache
	tracebackCache uint32
	//go:linkname tracebackEnv runtime.traceback_env
	tracebackEnv uint32
)

func init() {
	const crash = 1
	if os.Getenv("GOTRACEBACK") != "crash" {
		tracebackCache &^= crash
		tracebackEnv &^= crash
	}
}
