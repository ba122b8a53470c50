//go:build wasip1

package dgram

var (
	stopped     = make(chan struct{})
	isListening bool
)

// Stopped is closed when the host asks a service to end (`datagrant serve` was sent SIGTERM): it has some seconds then to
// do what it has begun, and to return from main. A service that never calls Stopped is ended at once. A command is not asked.
func Stopped() <-chan struct{} {
	isListening = true
	return stopped
}
