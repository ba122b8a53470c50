//go:build !wasip1

package dgram

import (
	"slices"
	"testing"
	"time"
)

func TestTheLoopWaitsForThoseWhoWaitAndNoLonger(t *testing.T) {
	set := waiters{at: map[uint32]int{}}
	var those []*waiter
	ended := make(chan uint32)
	for id := range uint32(4) {
		w := newWaiter(id)
		those = append(those, &w)
		set.add(&w)
		go func() {
			<-w.woken
			ended <- w.id
		}()
	}
	set.wake([]uint32{2, 99})
	if id := <-ended; id != 2 {
		t.Fatalf("%d was woken, not 2", id)
	}
	// The last takes the place of one that goes; going twice changes nothing.
	set.remove(0)
	set.remove(0)
	if expected := []uint32{3, 1, 2}; !slices.Equal(set.ids, expected) {
		t.Errorf("%v are waited for, not %v", set.ids, expected)
	}
	set.remove(2)
	set.wake([]uint32{0, 1, 2, 3})
	woken := []uint32{<-ended, <-ended}
	slices.Sort(woken)
	if !slices.Equal(woken, []uint32{1, 3}) {
		t.Errorf("%v were woken", woken)
	}
	those[0].wake()
	if id := <-ended; id != 0 {
		t.Errorf("%d was woken, not 0", id)
	}
}

func TestAWakeUpBeforeTheWaitIsKeptOnce(t *testing.T) {
	w := newWaiter(1)
	w.wake()
	w.wake()
	<-w.woken
	select {
	case <-w.woken:
		t.Error("it was kept twice")
	default:
	}
}

func TestADeadlineIsOverWhenItsTimeIsAndUntilAnotherIsSet(t *testing.T) {
	w := newWaiter(1)
	var d deadline
	d.set(time.Now().Add(-time.Second), &w)
	if !d.isOver {
		t.Error("what has passed is not over")
	}
	<-w.woken
	d.set(time.Time{}, &w)
	if d.isOver {
		t.Error("no deadline is over")
	}
	d.set(time.Now().Add(time.Hour), &w)
	d.set(time.Now().Add(time.Millisecond), &w)
	<-w.woken
	if !d.isOver {
		t.Error("it woke, and is not over")
	}
}
