package dgram

// waiter is a goroutine that waits for one thing of a socket, or for the answer of a lookup.
type waiter struct {
	id uint32
	// At most one wake-up is kept, so that none is lost and nobody blocks who wakes.
	woken chan struct{}
}

func newWaiter(id uint32) waiter { return waiter{id: id, woken: make(chan struct{}, 1)} }

// wake ends the wait, or the next one. A waiter that is woken looks for itself what there is.
func (w *waiter) wake() {
	select {
	case w.woken <- struct{}{}:
	default:
	}
}

// waiters are those that the loop waits for, each id once: its ids are what the host is told.
type waiters struct {
	ids   []uint32
	those []*waiter
	at    map[uint32]int
}

// What the loop waits for. Only one goroutine runs at a time, and none is interrupted: no lock is needed.
var (
	receiving = waiters{at: map[uint32]int{}}
	sending   = waiters{at: map[uint32]int{}}
)

// await waits until the host says that the waiter's id is ready, or somebody wakes it.
func (ws *waiters) await(w *waiter) {
	ws.add(w)
	<-w.woken
	ws.remove(w.id)
}

func (ws *waiters) add(w *waiter) {
	ws.at[w.id] = len(ws.ids)
	ws.ids, ws.those = append(ws.ids, w.id), append(ws.those, w)
}

// remove has the loop not wait for it any more: before its socket is dropped, too.
func (ws *waiters) remove(id uint32) {
	at, isThere := ws.at[id]
	if !isThere {
		return
	}
	delete(ws.at, id)
	last := len(ws.ids) - 1
	if at != last {
		ws.ids[at], ws.those[at] = ws.ids[last], ws.those[last]
		ws.at[ws.ids[at]] = at
	}
	ws.those[last] = nil
	ws.ids, ws.those = ws.ids[:last], ws.those[:last]
}

// wake wakes those whose ids are ready.
func (ws *waiters) wake(ids []uint32) {
	for _, id := range ids {
		if at, isThere := ws.at[id]; isThere {
			ws.those[at].wake()
		}
	}
}
