// Sends each datagram back to where it came from, then prints its length and source: the first example of Node's manual
// for dgram. `echo-server [ADDRESS]`
package main

import (
	"fmt"
	"net"
	"os"

	"datagrant/dgram"
)

func main() {
	address := "127.0.0.1:41234"
	if len(os.Args) > 1 {
		address = os.Args[1]
	}
	if err := serve(address); err != nil {
		fmt.Fprintf(os.Stderr, "echo-server: %v\n", err)
		os.Exit(1)
	}
}

func serve(address string) error {
	conn, err := dgram.ListenPacket("udp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	fmt.Printf("listening on %v\n", conn.LocalAddr())
	return echo(conn)
}

// echo answers for ever. Any net.PacketConn will do.
func echo(conn net.PacketConn) error {
	buffer := make([]byte, 65_535)
	for {
		n, from, err := conn.ReadFrom(buffer)
		if err != nil {
			return err
		}
		if _, err := conn.WriteTo(buffer[:n], from); err != nil {
			// A datagram that cannot be answered is no reason to stop answering others.
			fmt.Fprintf(os.Stderr, "echo-server: %d bytes from %v not answered: %v\n", n, from, err)
			continue
		}
		fmt.Printf("%d bytes from %v\n", n, from)
	}
}
