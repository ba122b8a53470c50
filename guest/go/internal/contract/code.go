package contract

// ErrorCode is the contract's error-code.
type ErrorCode uint8

// The codes, in the order of the contract.
const (
	Unknown ErrorCode = iota
	AccessDenied
	NotSupported
	InvalidArgument
	InvalidState
	WouldBlock
	AddressInUse
	AddressNotBindable
	DatagramTooLarge
	ConnectionRefused
	HostUnreachable
	NetworkUnreachable
	NetworkDown
	NoSuchInterface
	NoBufferSpace
	QuotaExceeded
	NameUnresolvable
	TemporaryResolverFailure
	PermanentResolverFailure
)

var names = [...]string{
	"unknown", "access-denied", "not-supported", "invalid-argument", "invalid-state", "would-block", "address-in-use",
	"address-not-bindable", "datagram-too-large", "connection-refused", "host-unreachable", "network-unreachable",
	"network-down", "no-such-interface", "no-buffer-space", "quota-exceeded", "name-unresolvable",
	"temporary-resolver-failure", "permanent-resolver-failure",
}

// Error is the name that the contract has for it.
func (code ErrorCode) Error() string {
	if int(code) < len(names) {
		return names[code]
	}
	return names[Unknown]
}
