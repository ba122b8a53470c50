// The echo server as a service: the host binds its socket, hands it in under the name `echo`, and calls the program when
// there is something to do. Where none of that name is handed in, it binds the address that is its first argument.
package main

import (
	"fmt"
	"net"
	"os"
	"slices"

	"datagrant/dgram"
)

func main() {
	if err := serve(); err != nil {
		fmt.Fprintf(os.Stderr, "service: %v\n", err)
		os.Exit(1)
	}
}

func serve() error {
	conn, err := open()
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "listening on %v\n", conn.LocalAddr())
	go func() {
		// As a signal elsewhere; a service that does not ask would end at once.
		<-dgram.Stopped()
		conn.Close()
	}()
	buffer := make([]byte, 65_535)
	for {
		n, from, err := conn.ReadFrom(buffer)
		if err != nil {
			fmt.Fprintln(os.Stderr, "closed")
			return nil
		}
		conn.WriteTo(buffer[:n], from)
	}
}

func open() (net.PacketConn, error) {
	if !slices.Contains(dgram.GrantedNames(), "echo") && len(os.Args) > 1 {
		return dgram.ListenPacket("udp", os.Args[1])
	}
	return dgram.Granted("echo")
}
