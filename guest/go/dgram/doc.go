// Package dgram is UDP for Go programs that are WebAssembly components: what package net has of it, in a sandbox that
// reaches what was granted and nothing else.
//
//	conn, err := dgram.ListenPacket("udp", "127.0.0.1:41234")
//
// What it returns is a net.PacketConn or a net.Conn with all that belongs to it, deadlines too, so that packages which
// take one accept it. Goroutines run and timers fire while others wait.
//
// A component is built by `datagrant-go build`, and run by `datagrant run`; the README beside this package has both.
package dgram
