// The checks of every language, with the Go SDK: each prints a line. `checks [NAME...]`, `checks throw`
package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"syscall"
	"time"

	"datagrant/dgram"
)

const patience = 5 * time.Second

type check struct {
	name string
	run  func() error
}

var checks = []check{
	{"echo", func() error { return echo("127.0.0.1") }},
	{"ipv6", func() error { return echo("::1") }},
	{"sizes", sizes},
	{"order", order},
	{"connect", connect},
	{"refused", refused},
	{"in-use", inUse},
	{"too-long", tooLong},
	{"denied", denied},
	{"closed", closed},
	{"timers", timers},
	{"names", names},
	{"multicast", multicast},
	{"options", options},
}

func main() {
	wanted := os.Args[1:]
	if slices.Equal(wanted, []string{"throw"}) {
		deeper()
	}
	if len(wanted) == 0 {
		for _, c := range checks {
			wanted = append(wanted, c.name)
		}
	}
	status := 0
	for _, name := range wanted {
		if err := one(name); err != nil {
			fmt.Printf("%s failed: %v\n", name, err)
			status = 1
		} else {
			fmt.Printf("%s ok\n", name)
		}
	}
	os.Exit(status)
}

func one(name string) error {
	at := slices.IndexFunc(checks, func(c check) bool { return c.name == name })
	if at < 0 {
		return errors.New("there is no such check")
	}
	return checks[at].run()
}

func deeper() { panic("the reason that it gives") }

func echo(host string) error {
	a, b, err := pair(host)
	if err != nil {
		return err
	}
	defer a.Close()
	defer b.Close()
	if _, err := a.WriteTo([]byte("there"), b.LocalAddr()); err != nil {
		return err
	}
	if err := hears(b, "there", a); err != nil {
		return err
	}
	if _, err := b.WriteTo([]byte("and back"), a.LocalAddr()); err != nil {
		return err
	}
	return hears(a, "and back", b)
}

func sizes() error {
	a, b, err := pair("127.0.0.1")
	if err != nil {
		return err
	}
	defer a.Close()
	defer b.Close()
	buffer := make([]byte, 65_535)
	for _, size := range []int{0, 1, 1472, 65_507} {
		sent := make([]byte, size)
		for i := range sent {
			sent[i] = byte(i * 7)
		}
		if _, err := a.WriteTo(sent, b.LocalAddr()); err != nil {
			return fmt.Errorf("%d bytes: %w", size, err)
		}
		n, err := b.Read(buffer)
		if err != nil {
			return fmt.Errorf("%d bytes: %w", size, err)
		}
		if !bytes.Equal(buffer[:n], sent) {
			return fmt.Errorf("%d bytes came as %d, or changed", size, n)
		}
	}
	return nil
}

func order() error {
	const count, underWay = 1000, 50
	a, b, err := pair("127.0.0.1")
	if err != nil {
		return err
	}
	defer a.Close()
	defer b.Close()
	room := make(chan struct{}, underWay)
	sent := make(chan error, 1)
	go func() {
		data := make([]byte, 100)
		for i := range uint32(count) {
			room <- struct{}{}
			binary.BigEndian.PutUint32(data, i)
			if _, err := a.WriteTo(data, b.LocalAddr()); err != nil {
				sent <- err
				a.Close()
				b.Close()
				return
			}
		}
		sent <- nil
	}()
	buffer := make([]byte, 200)
	for i := range uint32(count) {
		n, err := b.Read(buffer)
		if err != nil {
			return fmt.Errorf("number %d: %w", i, err)
		}
		if got := binary.BigEndian.Uint32(buffer); n != 100 || got != i {
			return fmt.Errorf("number %d came in place of %d, with %d bytes", got, i, n)
		}
		<-room
	}
	return <-sent
}

func connect() error {
	peer, third, err := pair("127.0.0.1")
	if err != nil {
		return err
	}
	defer peer.Close()
	defer third.Close()
	conn, err := dgram.Dial("udp", peer.LocalAddr().String())
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.Write([]byte("to the peer")); err != nil {
		return err
	}
	buffer := make([]byte, 100)
	n, from, err := peer.ReadFrom(buffer)
	if err != nil {
		return err
	}
	if string(buffer[:n]) != "to the peer" || from.String() != conn.LocalAddr().String() {
		return fmt.Errorf("the peer heard %q from %v", buffer[:n], from)
	}
	if _, err := third.WriteTo([]byte("not heard"), conn.LocalAddr()); err != nil && !errors.Is(err, syscall.EACCES) {
		return err
	}
	if _, err := peer.WriteTo([]byte("heard"), from); err != nil {
		return err
	}
	conn.SetReadDeadline(time.Now().Add(patience))
	if n, err = conn.Read(buffer); err != nil {
		return err
	}
	if string(buffer[:n]) != "heard" {
		return fmt.Errorf("%q was heard", buffer[:n])
	}
	return nil
}

func refused() error {
	gone, err := listen("127.0.0.1:0")
	if err != nil {
		return err
	}
	conn, err := dgram.Dial("udp", gone.LocalAddr().String())
	if err != nil {
		return err
	}
	defer conn.Close()
	gone.Close()
	if _, err := conn.Write([]byte("anybody there?")); err != nil {
		return is(err, syscall.ECONNREFUSED)
	}
	conn.SetReadDeadline(time.Now().Add(patience))
	_, err = conn.Read(make([]byte, 100))
	return is(err, syscall.ECONNREFUSED)
}

func inUse() error {
	first, err := listen("127.0.0.1:0")
	if err != nil {
		return err
	}
	defer first.Close()
	second, err := dgram.ListenPacket("udp", first.LocalAddr().String())
	if err == nil {
		second.Close()
	}
	return is(err, syscall.EADDRINUSE)
}

func tooLong() error {
	a, b, err := pair("127.0.0.1")
	if err != nil {
		return err
	}
	defer a.Close()
	defer b.Close()
	_, err = a.WriteTo(make([]byte, 65_508), b.LocalAddr())
	if err := is(err, syscall.EMSGSIZE); err != nil {
		return err
	}
	return goesOn(a, b)
}

func denied() error {
	a, b, err := pair("127.0.0.1")
	if err != nil {
		return err
	}
	defer a.Close()
	defer b.Close()
	_, err = a.WriteTo([]byte("let me out"), &net.UDPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 9})
	if err := is(err, syscall.EACCES); err != nil {
		return err
	}
	return goesOn(a, b)
}

func closed() error {
	conn, err := listen("127.0.0.1:0")
	if err != nil {
		return err
	}
	ended := make(chan error)
	go func() {
		_, err := conn.Read(make([]byte, 100))
		ended <- err
	}()
	time.Sleep(10 * time.Millisecond)
	if err := conn.Close(); err != nil {
		return err
	}
	select {
	case err := <-ended:
		if err := is(err, net.ErrClosed); err != nil {
			return err
		}
	case <-time.After(patience):
		return errors.New("the receive goes on waiting")
	}
	_, err = conn.WriteTo([]byte("late"), conn.LocalAddr())
	return is(err, net.ErrClosed)
}

func timers() error {
	conn, err := listen("127.0.0.1:0")
	if err != nil {
		return err
	}
	defer conn.Close()
	fired := make(chan struct{})
	time.AfterFunc(50*time.Millisecond, func() { close(fired) })
	conn.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
	_, err = conn.Read(make([]byte, 100))
	if err := is(err, os.ErrDeadlineExceeded); err != nil {
		return err
	}
	select {
	case <-fired:
		return nil
	default:
		return errors.New("the timer has not fired")
	}
}

func names() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	found, err := dgram.LookupNetIP(ctx, "ip4", "home.test")
	if err != nil {
		return err
	}
	if !slices.Contains(found, netip.MustParseAddr("127.0.0.1")) {
		return fmt.Errorf("home.test is %v", found)
	}
	a, b, err := pair("127.0.0.1")
	if err != nil {
		return err
	}
	defer a.Close()
	defer b.Close()
	to := netip.AddrPortFrom(found[0], b.LocalAddr().(*net.UDPAddr).AddrPort().Port())
	if _, err := a.WriteToUDPAddrPort([]byte("by name"), to); err != nil {
		return err
	}
	return hears(b, "by name", a)
}

func multicast() error {
	conn, err := dgram.ListenPacket("udp4", "0.0.0.0:0")
	if err != nil {
		return err
	}
	defer conn.Close()
	member := conn.(*dgram.UDPConn)
	lo := dgram.Interface{Address: netip.MustParseAddr("127.0.0.1")}
	group := netip.MustParseAddr("239.255.77.9")
	if err := member.JoinGroup(lo, group); err != nil {
		return err
	}
	if err := member.SetMulticastInterface(lo); err != nil {
		return err
	}
	if err := member.SetMulticastLoopback(true); err != nil {
		return err
	}
	to := netip.AddrPortFrom(group, member.LocalAddr().(*net.UDPAddr).AddrPort().Port())
	if _, err := member.WriteToUDPAddrPort([]byte("to the group"), to); err != nil {
		return err
	}
	member.SetReadDeadline(time.Now().Add(patience))
	buffer := make([]byte, 100)
	n, err := member.Read(buffer)
	if err != nil {
		return err
	}
	if string(buffer[:n]) != "to the group" {
		return fmt.Errorf("%q was heard", buffer[:n])
	}
	return member.LeaveGroup(lo, group)
}

func options() error {
	conn, err := listen("127.0.0.1:0")
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetTTL(7); err != nil {
		return err
	}
	const size = 32_768
	if err := conn.SetReadBuffer(size); err != nil {
		return err
	}
	got, err := conn.ReadBuffer()
	if err != nil {
		return err
	}
	if got < size {
		return fmt.Errorf("a buffer of %d bytes is told as %d", size, got)
	}
	return nil
}

// listen is a socket that a test is not stuck with.
func listen(address string) (*dgram.UDPConn, error) {
	conn, err := dgram.ListenPacket("udp", address)
	if err != nil {
		return nil, err
	}
	udp := conn.(*dgram.UDPConn)
	return udp, udp.SetDeadline(time.Now().Add(patience))
}

func pair(host string) (a, b *dgram.UDPConn, err error) {
	address := net.JoinHostPort(host, "0")
	if a, err = listen(address); err != nil {
		return nil, nil, err
	}
	if b, err = listen(address); err != nil {
		a.Close()
		return nil, nil, err
	}
	return a, b, nil
}

// hears takes one datagram, which must be this one from that socket.
func hears(conn net.PacketConn, text string, sender net.PacketConn) error {
	buffer := make([]byte, 100)
	n, from, err := conn.ReadFrom(buffer)
	if err != nil {
		return err
	}
	if string(buffer[:n]) != text || from.String() != sender.LocalAddr().String() {
		return fmt.Errorf("heard %q from %v", buffer[:n], from)
	}
	return nil
}

func goesOn(a, b *dgram.UDPConn) error {
	if _, err := a.WriteTo([]byte("it goes on"), b.LocalAddr()); err != nil {
		return fmt.Errorf("afterwards: %w", err)
	}
	return hears(b, "it goes on", a)
}

func is(err, wanted error) error {
	if errors.Is(err, wanted) {
		return nil
	}
	return fmt.Errorf("%v, and not %v", err, wanted)
}
