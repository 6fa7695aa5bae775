package presence

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"callboard"
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

// emitter turns changes into live messages. It takes changes without ever blocking, and sends from one goroutine.
// Delivery is at most once: what could not be sent is logged, and made up for by the next list or status.
type emitter struct {
	svc     *Service
	wake    chan struct{}
	dropped atomic.Int64

	mu      sync.Mutex
	waiting []Change                        // joins and leaves, in order
	lists   map[callboard.Resource]struct{} // resources whose list must be sent
	users   map[string]callboard.Ref        // users whose status may have changed
	order   []string                        // of users, first come first served

	announced map[string]Choice // what was last sent of who is online; only the sending goroutine touches it
}

func newEmitter(svc *Service) *emitter {
	return &emitter{
		svc:       svc,
		wake:      make(chan struct{}, 1),
		lists:     map[callboard.Resource]struct{}{},
		users:     map[string]callboard.Ref{},
		announced: map[string]Choice{},
	}
}

// changed is called by the store with its locks held.
func (e *emitter) changed(c Change) {
	if c.Status || c.Resource == online {
		e.statusOf(c.User)
		return
	}
	e.mu.Lock()
	if len(e.waiting) < maxWaiting {
		e.waiting = append(e.waiting, c)
	} else {
		e.dropped.Add(1)
	}
	e.listLocked(c.Resource)
	e.mu.Unlock()
	e.signal()
}

func (e *emitter) announce(res callboard.Resource) {
	e.mu.Lock()
	e.listLocked(res)
	e.mu.Unlock()
	e.signal()
}

func (e *emitter) listLocked(res callboard.Resource) {
	if _, waits := e.lists[res]; !waits && len(e.lists) >= maxLists {
		e.dropped.Add(1)
		return
	}
	e.lists[res] = struct{}{}
}

func (e *emitter) statusOf(user callboard.Ref) {
	e.mu.Lock()
	if known, ok := e.users[user.ID]; !ok {
		e.users[user.ID] = user
		e.order = append(e.order, user.ID)
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

func (e *emitter) run(ctx context.Context, to Broadcaster) {
	if to == nil {
		to = nobody{}
	}
	timer := time.NewTimer(emitDelay)
	timer.Stop()
	defer timer.Stop()
	armed := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-e.wake:
			e.sendChanges(ctx, to)
		case <-timer.C:
			armed = false
			e.sendChanges(ctx, to) // a list never overtakes the join that it shows
			e.sendLists(ctx, to)
			e.sendStatuses(ctx, to)
		}
		if !armed && e.pending() {
			timer.Reset(emitDelay)
			armed = true
		}
	}
}

func (e *emitter) pending() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.lists) > 0 || len(e.users) > 0
}

func (e *emitter) sendChanges(ctx context.Context, to Broadcaster) {
	e.mu.Lock()
	changes := e.waiting
	e.waiting = nil
	e.mu.Unlock()
	for _, c := range changes {
		kind := callboard.ViewerLeft
		if c.Joined {
			kind = callboard.ViewerJoined
		}
		e.send(ctx, to, kind.New(actingAs(ctx, c.User), c.Resource, callboard.ViewerData{UserID: c.User.ID, Name: c.User.Name}))
	}
}

func (e *emitter) sendLists(ctx context.Context, to Broadcaster) {
	e.mu.Lock()
	lists := e.lists
	e.lists = map[callboard.Resource]struct{}{}
	e.mu.Unlock()
	for res := range lists {
		list, err := e.svc.List(ctx, res, 0)
		if err != nil {
			e.svc.log.Warn("the list of viewers was not sent", "error", err)
			continue
		}
		ev := callboard.NewEvent(ctx, ViewersEvent, res, list)
		ev.Channels = []string{callboard.ViewersChannel(res)}
		e.send(ctx, to, ev)
	}
}

// ViewersEvent is the name of the live message that carries the list of viewers.
const ViewersEvent = "viewers"

func (e *emitter) sendStatuses(ctx context.Context, to Broadcaster) {
	users := e.takeUsers()
	if len(users) == 0 {
		return
	}
	seen, err := e.svc.visible(ctx, users)
	if err != nil {
		e.svc.log.Warn("statuses were not sent", "error", err)
		return
	}
	for i, user := range users {
		now := seen[i]
		before, known := e.announced[user.ID]
		if !known {
			before = Choice{Status: StatusOffline}
		}
		if now == before {
			continue
		}
		if now.Status == StatusOffline {
			delete(e.announced, user.ID)
		} else {
			e.announced[user.ID] = now
		}
		ev := callboard.PresenceStatusChanged.New(actingAs(ctx, user), callboard.Resource{Type: "user", ID: user.ID},
			callboard.StatusData{UserID: user.ID, Name: user.Name, Status: string(now.Status), Text: now.Text})
		e.send(ctx, to, ev)
	}
}

func (e *emitter) takeUsers() []callboard.Ref {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := min(len(e.order), statusesPerDelay)
	users := make([]callboard.Ref, n)
	for i, id := range e.order[:n] {
		users[i] = e.users[id]
		delete(e.users, id)
	}
	e.order = slices.Delete(e.order, 0, n)
	return users
}

// visible returns what others see of each of the users: offline without a text when not connected, or invisible.
func (s *Service) visible(ctx context.Context, users []callboard.Ref) ([]Choice, error) {
	ids := make([]string, len(users))
	for i, u := range users {
		ids[i] = u.ID
	}
	chosen, err := s.store.Statuses(ctx, ids)
	if err != nil {
		return nil, err
	}
	connected, err := s.store.Viewers(ctx, online, 0)
	if err != nil {
		return nil, err
	}
	seen := make([]Choice, len(users))
	for i := range users {
		seen[i] = Choice{Status: StatusOffline}
		if at := slices.IndexFunc(connected, func(v Viewer) bool { return v.UserID == users[i].ID }); at >= 0 {
			if c := choiceOf(chosen, users[i].ID); c.Status != StatusOffline {
				seen[i] = c
			}
			users[i].Name = connected[at].Name
		}
	}
	return seen, nil
}

func (e *emitter) send(ctx context.Context, to Broadcaster, ev callboard.Event) {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	if err := to.Ephemeral(ctx, ev); err != nil && ctx.Err() == nil {
		e.svc.log.Warn("a presence message was not sent", "event", ev.Name, "error", err)
	}
}

func actingAs(ctx context.Context, user callboard.Ref) context.Context {
	return callboard.WithActor(ctx, callboard.Actor{ID: user.ID, Name: user.Name})
}

type nobody struct{}

func (nobody) Ephemeral(context.Context, callboard.Event) error { return nil }
