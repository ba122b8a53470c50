package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strconv"
	"time"

	"datagrant/dgram"
)

// stress sends that many datagrams to and fro between two sockets, while the heap grows, garbage is made and collected, and
// timers fire: each has to come back as it was.
func stress(arguments []string) error {
	count, err := strconv.Atoi(arguments[0])
	if err != nil {
		return err
	}
	server, err := dgram.ListenUDP("udp", nil4())
	if err != nil {
		return err
	}
	go func() {
		buffer := make([]byte, 65_535)
		for {
			n, from, err := server.ReadFromUDPAddrPort(buffer)
			if err != nil {
				return
			}
			server.WriteToUDPAddrPort(buffer[:n], from)
		}
	}()
	client, err := dgram.Dial("udp", server.LocalAddr().String())
	if err != nil {
		return err
	}
	ticks := 0
	ticker := time.NewTicker(time.Millisecond)
	go func() {
		for range ticker.C {
			ticks++
		}
	}()

	var held [][]byte
	var garbage []string
	random := rand.New(rand.NewPCG(1, 2))
	buffer := make([]byte, 65_535)
	for i := range count {
		// Now and then one that is longer than what is set aside for results.
		size := 4 + random.IntN(1400)
		if i%1000 == 999 {
			size = 65_507
		}
		sent := make([]byte, size)
		binary.BigEndian.PutUint32(sent, uint32(i))
		if _, err := client.Write(sent); err != nil {
			return err
		}
		client.SetReadDeadline(time.Now().Add(5 * time.Second))
		n, err := client.Read(buffer)
		if err != nil {
			return fmt.Errorf("number %d: %w", i, err)
		}
		if !bytes.Equal(buffer[:n], sent) {
			return fmt.Errorf("number %d came back otherwise", i)
		}
		garbage = append(garbage[:len(garbage)%1000], fmt.Sprint(i, buffer[:4]))
		// 40 times 4 MB in all.
		if step := count / 40; i%step == step-1 {
			held = append(held, bytes.Repeat([]byte{byte(len(held))}, 4<<20))
		}
		if i%5000 == 4999 {
			runtime.GC()
		}
	}
	for i, block := range held {
		if bytes.Count(block, []byte{byte(i)}) != 4<<20 {
			return fmt.Errorf("block %d was written over", i)
		}
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	fmt.Printf("%d datagrams, %d blocks, collected %t, ticked %t\n", count, len(held), memory.NumGC > 5, ticks > 0)
	return nil
}
