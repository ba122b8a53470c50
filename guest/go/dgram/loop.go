//go:build wasip1

package dgram

import (
	"runtime"
	"time"
	_ "unsafe" // for linkname
)

// A wait of the host stops every goroutine. So there is one place that waits, the goroutine that the host has called; it
// does so only when no other one can run, and no longer than until the next timer. Go's scheduler knows both, and has no
// public word for either.

// pollWork tells whether another goroutine can run.
//
//go:linkname pollWork runtime.pollWork
func pollWork() bool

// timeSleepUntil is when the next timer is due, by nanotime.
//
//go:linkname timeSleepUntil runtime.timeSleepUntil
func timeSleepUntil() int64

//go:linkname nanotime runtime.nanotime
func nanotime() int64

// gcBlackenEnabled is not 0 while garbage is being marked, by a worker that runs when no goroutine can.
//
//go:linkname gcBlackenEnabled runtime.gcBlackenEnabled
var gcBlackenEnabled uint32

//go:linkname mainMain main.main
func mainMain()

const (
	never = 1<<63 - 1
	// How long others may run before sockets are looked at again.
	longestTurn = 100 * time.Microsecond
	// How long the scheduler is left to itself, so that it marks garbage.
	markingPause = 20 * time.Microsecond
)

var (
	isStarted bool
	// isOver says that the program's main has returned.
	isOver bool
)

// start has the program's main run, beside the goroutine that waits.
func start() {
	isStarted = true
	go func() {
		mainMain()
		isOver = true
	}()
}

// turn lets other goroutines run until none can, or for a while, and answers how long the host may wait now: a negative
// time is without end.
func turn() time.Duration {
	if !isStarted {
		start()
	}
	for began := nanotime(); !isOver; {
		runtime.Gosched()
		if !pollWork() {
			if gcBlackenEnabled == 0 {
				return untilTimer()
			}
			time.Sleep(markingPause)
		}
		if nanotime()-began >= int64(longestTurn) {
			break
		}
	}
	return 0
}

func untilTimer() time.Duration {
	next := timeSleepUntil()
	if next == never {
		return -1
	}
	return max(0, time.Duration(next-nanotime()))
}

// isIdle tells whether nothing would ever end a wait of that time.
func isIdle(timeout time.Duration) bool {
	return timeout < 0 && len(receiving.ids) == 0 && len(sending.ids) == 0
}
