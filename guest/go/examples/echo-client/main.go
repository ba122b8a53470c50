// Sends a text to an echo server and prints what comes back. `echo-client ADDRESS [TEXT]`
package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"datagrant/dgram"
)

const (
	tries   = 3
	timeout = 2 * time.Second
)

func main() {
	server, message := "", "hello"
	if len(os.Args) > 1 {
		server = os.Args[1]
	}
	if len(os.Args) > 2 {
		message = os.Args[2]
	}
	text, err := echo(server, message)
	if err == nil && text != message {
		err = fmt.Errorf("%s did not send back what it was sent, but: %s", server, text)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "echo-client: %v\n", err)
		os.Exit(1)
	}
	fmt.Println(text)
}

// echo is what the server sends back. UDP may lose a datagram, or its answer: so it is sent again.
func echo(server, message string) (string, error) {
	// Connected, it hears the server only, on a port of the host's choice: a grant to send there is enough.
	conn, err := dgram.Dial("udp", server)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	buffer := make([]byte, 65_535)
	for try := 1; try <= tries; try++ {
		if _, err := conn.Write([]byte(message)); err != nil {
			return "", err
		}
		conn.SetReadDeadline(time.Now().Add(timeout))
		n, err := conn.Read(buffer)
		if err == nil {
			return string(buffer[:n]), nil
		}
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return "", err
		}
		fmt.Fprintf(os.Stderr, "echo-client: no answer from %s in %v (try %d of %d)\n", server, timeout, try, tries)
	}
	return "", fmt.Errorf("no answer from %s to %d datagrams", server, tries)
}
