package presence

import (
	"cmp"
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/callboard/callboard"
)

const (
	// emitDelay collects changes, so that a storm of joins becomes one list per resource and delay, not one per join.
	emitDelay = 50 * time.Millisecond
	// maxWaiting bounds the joins and leaves that wait to be sent. What exceeds it is dropped and counted: the list that
	// follows says the same.
	maxWaiting = 8192
	// maxLists bounds the resources whose list waits to be sent.
	maxLists = 100_000
	// statusesPerDelay bounds the statuses that are broadcast at a time. Each goes to every client, so a server start
	// with thousands of clients must not send them all at once; the others wait for their turn.
	statusesPerDelay = 5
	// sendTimeout bounds one message, so that a broadcaster that hangs does not hold up the others for good.
	sendTimeout = 5 * time.Second
)

// ViewersEvent is the name of the live message that carries the list of viewers.
const ViewersEvent = "viewers"

// emitter turns changes into live messages. It takes changes without ever blocking, and sends from one goroutine.
// Delivery is at most once: what could not be sent is logged, and made up for by the next list or status.
type emitter struct {
	svc     *Service
	record  record
	wake    chan struct{}
	dropped atomic.Int64

	mu      sync.Mutex
	changes []Change                        // joins and leaves, in order
	gone    []string                        // nodes whose record is of no use any more
	anew    bool                            // what this node has is to be recorded anew
	lists   map[callboard.Resource]struct{} // resources whose list must be sent
	users   map[string]callboard.UserRef    // users whose status may have changed
	queue   []string                        // of users, first come first served

	// Only the sending goroutine touches these.
	to        Broadcaster
	announced map[string]StatusChoice // what was last sent of who is online
}

func newEmitter(svc *Service) *emitter {
	return &emitter{
		svc:       svc,
		record:    record{svc.cfg.DB, svc.nodeID},
		wake:      make(chan struct{}, 1),
		lists:     map[callboard.Resource]struct{}{},
		users:     map[string]callboard.UserRef{},
		announced: map[string]StatusChoice{},
	}
}

// changed is called by the store with its locks held.
func (e *emitter) changed(c Change) {
	if c.Gone != "" || c.Anew {
		e.recordChanged(c)
		return
	}
	if c.Status || c.Resource == online {
		e.statusChanged(c.User)
		return
	}
	if c.Editing { // the list tells it
		e.listChanged(c.Resource)
		return
	}
	e.mu.Lock()
	if len(e.changes) < maxWaiting {
		e.changes = append(e.changes, c)
	} else {
		e.dropped.Add(1)
	}
	e.mu.Unlock()
	if c.Unseen {
		e.signal()
	} else {
		e.listChanged(c.Resource)
	}
}

func (e *emitter) recordChanged(c Change) {
	e.mu.Lock()
	if e.anew = e.anew || c.Anew; c.Gone != "" {
		e.gone = append(e.gone, c.Gone)
	}
	e.mu.Unlock()
	e.signal()
}

func (e *emitter) listChanged(res callboard.Resource) {
	res.Name = ""
	e.mu.Lock()
	if _, waits := e.lists[res]; waits || len(e.lists) < maxLists {
		e.lists[res] = struct{}{}
	} else {
		e.dropped.Add(1)
	}
	e.mu.Unlock()
	e.signal()
}

func (e *emitter) statusChanged(user callboard.UserRef) {
	e.mu.Lock()
	if known, waits := e.users[user.ID]; !waits {
		e.users[user.ID] = user
		e.queue = append(e.queue, user.ID)
	} else if known.Name == "" {
		e.users[user.ID] = user
	}
	e.mu.Unlock()
	e.signal()
}

func (e *emitter) signal() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// run sends joins and leaves at once after a pause, and whatever else has come by after the next emitDelay.
func (e *emitter) run(ctx context.Context, to Broadcaster) {
	e.to = to
	for {
		select {
		case <-ctx.Done():
			return
		case <-e.wake:
		}
		e.sendChanges(ctx)
		select {
		case <-ctx.Done():
			return
		case <-time.After(emitDelay):
		}
		e.sendChanges(ctx)
		e.sendLists(ctx)
		e.sendStatuses(ctx)
	}
}

func (e *emitter) sendChanges(ctx context.Context) {
	e.mu.Lock()
	changes, gone, anew := e.changes, e.gone, e.anew
	e.changes, e.gone, e.anew = nil, nil, false
	e.mu.Unlock()
	if anew {
		e.note(ctx, e.recordAnew)
	}
	e.note(ctx, func(ctx context.Context) error { return e.record.joined(ctx, changes) })
	for _, c := range changes {
		if c.Unseen {
			continue
		}
		kind := callboard.ViewerLeft
		if c.Joined {
			kind = callboard.ViewerJoined
		}
		as := callboard.WithActor(ctx, callboard.Actor{ID: c.User.ID, Name: c.User.Name})
		e.send(ctx, kind.New(as, c.Resource, callboard.ViewerData{UserID: c.User.ID, Name: c.User.Name}))
	}
	e.note(ctx, func(ctx context.Context) error { return e.record.left(ctx, changes) })
	e.note(ctx, func(ctx context.Context) error { return e.record.gone(ctx, gone) })
}

// recordAnew records all that this node has, after others have taken it for dead and cleared its record.
func (e *emitter) recordAnew(ctx context.Context) error {
	own, err := e.svc.store.Own(ctx)
	if err != nil {
		return err
	}
	changes := make([]Change, len(own))
	for i, v := range own {
		changes[i] = Change{
			Resource: v.Resource, User: callboard.UserRef{ID: v.UserID, Name: v.Name}, Since: v.Since, Joined: true, Own: true,
		}
	}
	return e.record.joined(ctx, changes)
}

// note records changes. Without the database presence goes on, and is not sure of what was announced after a crash.
func (e *emitter) note(ctx context.Context, write func(context.Context) error) {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	if err := write(ctx); err != nil && ctx.Err() == nil {
		e.svc.log.Warn("changes of viewers were not recorded", "error", err)
	}
}

func (e *emitter) sendLists(ctx context.Context) {
	e.mu.Lock()
	lists := e.lists
	e.lists = map[callboard.Resource]struct{}{}
	e.mu.Unlock()
	for res := range lists {
		list, err := e.svc.List(ctx, res)
		if err != nil {
			e.svc.log.Warn("the list of viewers was not sent", "error", err)
			continue
		}
		ev := callboard.NewEvent(ctx, ViewersEvent, res, list)
		ev.Channels = []string{callboard.ViewersChannel(res)}
		e.send(ctx, ev)
	}
}

// sendStatuses sends up to statusesPerDelay statuses. A user whose status is still what was last sent, as after a
// reconnect, takes nobody's turn.
func (e *emitter) sendStatuses(ctx context.Context) {
	for sent := 0; sent < statusesPerDelay; {
		user, waits := e.nextUser()
		if !waits {
			return
		}
		now, err := e.svc.shownStatus(ctx, &user)
		if err != nil {
			e.svc.log.Warn("a status was not sent", "error", err)
			sent++
			continue
		}
		offline := StatusChoice{Status: StatusOffline}
		if now == cmp.Or(e.announced[user.ID], offline) {
			continue
		}
		if e.announced[user.ID] = now; now == offline {
			delete(e.announced, user.ID)
		}
		as := callboard.WithActor(ctx, callboard.Actor{ID: user.ID, Name: user.Name})
		e.send(ctx, callboard.PresenceStatusChanged.New(as, callboard.Resource{Type: "user", ID: user.ID},
			callboard.StatusData{UserID: user.ID, Name: user.Name, Status: string(now.Status), Text: now.Text}))
		sent++
	}
	e.signal() // the others are next
}

func (e *emitter) nextUser() (user callboard.UserRef, waits bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.queue) == 0 {
		return callboard.UserRef{}, false
	}
	user = e.users[e.queue[0]]
	e.queue = e.queue[1:]
	delete(e.users, user.ID)
	return user, true
}

func (e *emitter) send(ctx context.Context, ev callboard.Event) {
	if e.to == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	if err := e.to.Ephemeral(ctx, ev); err != nil && ctx.Err() == nil {
		e.svc.log.Warn("a presence message was not sent", "event", ev.Name, "error", err)
	}
}
