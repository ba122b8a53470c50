package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"time"

	"datagrant/dgram"
)

// nil4 is any port of loopback.
func nil4() *net.UDPAddr { return &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// busy has goroutines compute, hand each other values and sleep, while another one waits for a datagram that comes last.
func busy([]string) error {
	waiting, err := dgram.ListenUDP("udp", nil4())
	if err != nil {
		return err
	}
	heard := make(chan string)
	go func() {
		buffer := make([]byte, 100)
		n, _, err := waiting.ReadFrom(buffer)
		heard <- fmt.Sprintf("%s %v", buffer[:n], err)
	}()
	values, sum := make(chan int), 0
	go func() {
		for i := range 10_000 {
			values <- i
		}
		close(values)
	}()
	for value := range values {
		sum += value
	}
	for range 20 {
		time.Sleep(time.Millisecond)
	}
	conn, err := dgram.Dial("udp", waiting.LocalAddr().String())
	if err != nil {
		return err
	}
	conn.Write([]byte("now"))
	fmt.Println(sum, <-heard)
	return nil
}

// lateness prints how late timers are while a receive waits: the median and the latest, in microseconds.
func lateness([]string) error {
	conn, err := dgram.ListenUDP("udp", nil4())
	if err != nil {
		return err
	}
	go conn.Read(make([]byte, 1))
	var late []time.Duration
	for i := range 200 {
		wanted := time.Duration(1+i%20) * time.Millisecond
		began := time.Now()
		time.Sleep(wanted)
		late = append(late, time.Since(began)-wanted)
	}
	slices.Sort(late)
	fmt.Println("late by", late[len(late)/2].Microseconds(), late[len(late)-1].Microseconds())
	return nil
}

// deadlock waits for what nobody sends.
func deadlock([]string) error {
	<-make(chan int)
	return nil
}

// exit ends while others wait.
func exit([]string) error {
	conn, err := dgram.ListenUDP("udp", nil4())
	if err != nil {
		return err
	}
	go conn.Read(make([]byte, 1))
	time.Sleep(time.Millisecond)
	os.Exit(0)
	return errors.New("it goes on")
}

// panics does so in a goroutine, while main waits.
func panics([]string) error {
	conn, err := dgram.ListenUDP("udp", nil4())
	if err != nil {
		return err
	}
	time.AfterFunc(time.Millisecond, deeper)
	_, err = conn.Read(make([]byte, 1))
	return err
}

func deeper() { panic("the reason that it gives") }

// names looks each up, and tells what is answered.
func names(arguments []string) error {
	for _, name := range arguments {
		address, err := dgram.ResolveUDPAddr("udp4", name+":53")
		fmt.Println(address, err)
	}
	return nil
}
