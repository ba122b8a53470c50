package dgram

import "time"

// deadline is one of a socket's: when it is over, waits end, until it is set anew.
type deadline struct {
	isOver bool
	timer  *time.Timer
}

// set has the waiter woken at that time; the zero time is none.
func (d *deadline) set(at time.Time, w *waiter) {
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
	d.isOver = false
	if at.IsZero() {
		return
	}
	left := time.Until(at)
	if left <= 0 {
		d.isOver = true
		w.wake()
		return
	}
	var timer *time.Timer
	timer = time.AfterFunc(left, func() {
		// It may have fired just before it was stopped.
		if d.timer == timer {
			d.isOver = true
			w.wake()
		}
	})
	d.timer = timer
}
