//go:build wasip1

package dgram

import (
	"errors"
	"net"
	"os"
	"syscall"

	"datagrant/internal/contract"
)

// errnos are what the contract's error codes are in Go.
var errnos = map[contract.ErrorCode]syscall.Errno{
	contract.Unknown:            syscall.EIO,
	contract.AccessDenied:       syscall.EACCES,
	contract.NotSupported:       syscall.ENOTSUP,
	contract.InvalidArgument:    syscall.EINVAL,
	contract.InvalidState:       syscall.EBADF,
	contract.WouldBlock:         syscall.EAGAIN,
	contract.AddressInUse:       syscall.EADDRINUSE,
	contract.AddressNotBindable: syscall.EADDRNOTAVAIL,
	contract.DatagramTooLarge:   syscall.EMSGSIZE,
	contract.ConnectionRefused:  syscall.ECONNREFUSED,
	contract.HostUnreachable:    syscall.EHOSTUNREACH,
	contract.NetworkUnreachable: syscall.ENETUNREACH,
	contract.NetworkDown:        syscall.ENETDOWN,
	contract.NoSuchInterface:    syscall.ENODEV,
	contract.NoBufferSpace:      syscall.ENOBUFS,
	contract.QuotaExceeded:      syscall.EDQUOT,
}

// failed is an error code as package net would tell it: the system call that such an error is known of, and its errno.
func failed(call string, err error) error {
	var code contract.ErrorCode
	if !errors.As(err, &code) {
		return err
	}
	errno, isKnown := errnos[code]
	if !isKnown {
		errno = syscall.EIO
	}
	return os.NewSyscallError(call, errno)
}

// notFound is how a lookup failed.
func notFound(name string, err error) error {
	problem := &net.DNSError{Name: name}
	switch {
	case errors.Is(err, contract.NameUnresolvable):
		problem.Err, problem.IsNotFound = "no such host", true
	case errors.Is(err, contract.InvalidArgument):
		problem.Err, problem.IsNotFound = "not a name", true
	case errors.Is(err, contract.TemporaryResolverFailure):
		problem.Err, problem.IsTemporary = "server misbehaving", true
	case errors.Is(err, contract.PermanentResolverFailure):
		problem.Err = "server misbehaving"
	default:
		problem.UnwrapErr = errors.Unwrap(failed("lookup", err))
		problem.Err = problem.UnwrapErr.Error()
	}
	return problem
}
