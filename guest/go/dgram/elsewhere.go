//go:build !wasip1

package dgram

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// Outside of a component there are no grants and no host: what package net has of this package is package net's, so that a
// program can be run and tested as any other. The rest is errors.ErrUnsupported.

// UDPConn is a UDP socket, as *net.UDPConn is.
type UDPConn struct{ *net.UDPConn }

func own(conn net.PacketConn, err error) (*UDPConn, error) {
	if err != nil {
		return nil, err
	}
	return &UDPConn{conn.(*net.UDPConn)}, nil
}

// ListenPacket is net.ListenPacket here.
func ListenPacket(network, address string) (net.PacketConn, error) {
	return (&ListenConfig{}).ListenPacket(context.Background(), network, address)
}

// ListenPacket is the method of net.ListenConfig here; sharing is not supported.
func (l *ListenConfig) ListenPacket(ctx context.Context, network, address string) (net.PacketConn, error) {
	if err := isNetwork(network); err != nil {
		return nil, &net.OpError{Op: "listen", Net: network, Err: err}
	}
	if l.ReuseAddr || l.ReusePort {
		return nil, &net.OpError{Op: "listen", Net: network, Err: errors.ErrUnsupported}
	}
	var config net.ListenConfig
	conn, err := own(config.ListenPacket(ctx, network, address))
	if err != nil {
		return nil, err
	}
	return conn, nil
}

// ListenUDP is net.ListenUDP here.
func ListenUDP(network string, local *net.UDPAddr) (*UDPConn, error) {
	conn, err := net.ListenUDP(network, local)
	return own(conn, err)
}

// ListenUDP is the method of the same name, without sharing.
func (l *ListenConfig) ListenUDP(network string, local *net.UDPAddr) (*UDPConn, error) {
	if l.ReuseAddr || l.ReusePort {
		return nil, &net.OpError{Op: "listen", Net: network, Addr: local, Err: errors.ErrUnsupported}
	}
	return ListenUDP(network, local)
}

// ListenMulticastUDP is net.ListenMulticastUDP here.
func ListenMulticastUDP(network string, on *net.Interface, group *net.UDPAddr) (*UDPConn, error) {
	conn, err := net.ListenMulticastUDP(network, on, group)
	return own(conn, err)
}

// Dial is net.Dial here.
func Dial(network, address string) (net.Conn, error) {
	return DialContext(context.Background(), network, address)
}

// DialContext is the method of net.Dialer here.
func DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if err := isNetwork(network); err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &UDPConn{conn.(*net.UDPConn)}, nil
}

// DialUDP is net.DialUDP here.
func DialUDP(network string, local, remote *net.UDPAddr) (*UDPConn, error) {
	conn, err := net.DialUDP(network, local, remote)
	return own(conn, err)
}

// LookupNetIP is the method of net.Resolver here.
func LookupNetIP(ctx context.Context, network, name string) ([]netip.Addr, error) {
	return net.DefaultResolver.LookupNetIP(ctx, network, name)
}

// ResolveUDPAddr is net.ResolveUDPAddr here.
func ResolveUDPAddr(network, address string) (*net.UDPAddr, error) {
	return net.ResolveUDPAddr(network, address)
}

// Granted has no host to ask here.
func Granted(name string) (*UDPConn, error) {
	return nil, &net.OpError{Op: "listen", Net: "udp", Err: errors.ErrUnsupported}
}

// GrantedNames are none here.
func GrantedNames() []string { return nil }

// Stopped is closed by SIGTERM here.
func Stopped() <-chan struct{} { return stopped() }

var stopped = sync.OnceValue(func() <-chan struct{} {
	signals, stopped := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(signals, syscall.SIGTERM)
	go func() {
		<-signals
		close(stopped)
	}()
	return stopped
})

// ReadBuffer is not supported here.
func (c *UDPConn) ReadBuffer() (bytes int, err error) { return 0, errors.ErrUnsupported }

// WriteBuffer is not supported here.
func (c *UDPConn) WriteBuffer() (bytes int, err error) { return 0, errors.ErrUnsupported }

// SetTTL is not supported here.
func (c *UDPConn) SetTTL(hops int) error { return errors.ErrUnsupported }

// SetBroadcast is not supported here.
func (c *UDPConn) SetBroadcast(on bool) error { return errors.ErrUnsupported }

// SetMulticastTTL is not supported here.
func (c *UDPConn) SetMulticastTTL(hops int) error { return errors.ErrUnsupported }

// SetMulticastLoopback is not supported here.
func (c *UDPConn) SetMulticastLoopback(on bool) error { return errors.ErrUnsupported }

// SetMulticastInterface is not supported here.
func (c *UDPConn) SetMulticastInterface(on Interface) error { return errors.ErrUnsupported }

// JoinGroup is not supported here: see ListenMulticastUDP.
func (c *UDPConn) JoinGroup(on Interface, group netip.Addr) error { return errors.ErrUnsupported }

// LeaveGroup is not supported here.
func (c *UDPConn) LeaveGroup(on Interface, group netip.Addr) error { return errors.ErrUnsupported }

// JoinSourceSpecificGroup is not supported here.
func (c *UDPConn) JoinSourceSpecificGroup(on Interface, group, source netip.Addr) error {
	return errors.ErrUnsupported
}

// LeaveSourceSpecificGroup is not supported here.
func (c *UDPConn) LeaveSourceSpecificGroup(on Interface, group, source netip.Addr) error {
	return errors.ErrUnsupported
}
