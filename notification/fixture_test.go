package notification_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/notification"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// people stands for the accounts: the role of each user, and who is disabled.
type people struct {
	mu       sync.Mutex
	roles    map[string]callboard.Role
	sorted   []string // their keys
	disabled map[string]bool
	calls    int
	most     int                // IDs in one answer
	asked    func(after string) // called for each page of a role; may be nil
}

func (p *people) Members(_ context.Context, a callboard.Audience, after string, limit int) ([]string, error) {
	if p.asked != nil {
		p.asked(after)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls++
	if len(p.sorted) != len(p.roles) {
		p.sorted = slices.Sorted(maps.Keys(p.roles))
	}
	var ids []string
	from, _ := slices.BinarySearch(p.sorted, after+"\x00")
	for _, id := range p.sorted[from:] {
		if !p.disabled[id] && (callboard.UserInfo{Role: p.roles[id]}).In(a) && len(ids) < limit {
			ids = append(ids, id)
		}
	}
	p.most = max(p.most, len(ids))
	return ids, nil
}

func (p *people) Resolve(_ context.Context, ids []string) (map[string]callboard.UserInfo, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls++
	known := map[string]callboard.UserInfo{}
	for _, id := range ids {
		if role, ok := p.roles[id]; ok {
			known[id] = callboard.UserInfo{Name: nameOf(id), Role: role, Disabled: p.disabled[id]}
		}
	}
	return known, nil
}

// sockets stands for the sockets: it keeps what was published and tells of every batch.
type sockets struct {
	mu      sync.Mutex
	sent    []notification.LiveMessage
	most    int // messages in one call
	arrived chan struct{}
	fail    error
	deaf    func(userID string) bool // nil: nobody is
}

func (s *sockets) HasSubscribers(userID string) bool { return s.deaf == nil || !s.deaf(userID) }

func (s *sockets) PublishToUsers(_ context.Context, messages []notification.LiveMessage) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return s.fail
	}
	s.sent, s.most = append(s.sent, messages...), max(s.most, len(messages))
	select {
	case s.arrived <- struct{}{}:
	default:
	}
	return nil
}

func (s *sockets) take() []notification.LiveMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	sent := s.sent
	s.sent = nil
	return sent
}

// The users of the fixture.
const (
	ada    = "01970000-0000-7000-8000-000000000001" // admin
	eve    = "01970000-0000-7000-8000-000000000002" // editor
	vic    = "01970000-0000-7000-8000-000000000003" // viewer
	val    = "01970000-0000-7000-8000-000000000004" // viewer
	dis    = "01970000-0000-7000-8000-000000000005" // admin, disabled
	nobody = "01970000-0000-7000-8000-000000000009" // nobody
)

// fixture is a service on a database, with a clock that stands still and a log made of direct calls.
type fixture struct {
	*notification.Service
	t       testing.TB
	db      *sqldb.DB
	people  *people
	sockets *sockets
	pos     int64
	clock   atomic.Pointer[time.Time]
}

func noon() time.Time { return time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC) }

func newFixture(t testing.TB, db *sqldb.DB, change ...func(*notification.Config)) *fixture {
	f := &fixture{t: t, db: db, sockets: &sockets{arrived: make(chan struct{}, 1)}, people: &people{
		roles: map[string]callboard.Role{
			ada: callboard.RoleAdmin, eve: callboard.RoleEditor, vic: callboard.RoleViewer, val: callboard.RoleViewer,
			dis: callboard.RoleAdmin,
		},
		disabled: map[string]bool{dis: true},
	}}
	f.set(noon())
	cfg := notification.Config{DB: db, Users: f.people, Publisher: f.sockets, Now: f.now}
	for _, c := range change {
		c(&cfg)
	}
	f.Service = notification.New(cfg)
	t.Cleanup(func() {
		if err := f.Close(context.Background()); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return f
}

func (f *fixture) now() time.Time { return *f.clock.Load() }

func (f *fixture) set(now time.Time) { f.clock.Store(&now) }

func (f *fixture) pass(d time.Duration) { f.set(f.now().Add(d)) }

func sets() []sqldb.Migrations {
	return []sqldb.Migrations{outbox.Migrations(), notification.Migrations()}
}

// forEach runs a test on every database with a service of its own.
func forEach(t *testing.T, test func(t *testing.T, f *fixture), change ...func(*notification.Config)) {
	t.Helper()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) { test(t, newFixture(t, db, change...)) }, sets()...)
}

func as(id string) context.Context {
	return callboard.WithActor(context.Background(), callboard.Actor{ID: id, Name: nameOf(id)})
}

func nameOf(id string) string {
	names := map[string]string{ada: "Ada", eve: "Eve", vic: "Vic", val: "Val", callboard.SystemID: "Callboard"}
	return names[id]
}

func episode(n int) callboard.Resource {
	return callboard.Resource{Type: "episode", ID: fmt.Sprintf("ep-%d", n), Name: fmt.Sprintf("Episode %d", n)}
}

// event gives e the next position, as the log would.
func (f *fixture) event(e callboard.Event) callboard.Event {
	f.pos++
	e.Pos, e.CreatedAt = f.pos, f.now().Add(time.Duration(f.pos)*time.Millisecond)
	return e
}

func (f *fixture) updated(by string, n int) callboard.Event {
	data := callboard.EpisodeData{Title: "T", Changes: callboard.Changes{"title": {Old: "S", New: "T"}}}
	return f.event(callboard.EpisodeUpdated.New(as(by), episode(n), data))
}

func (f *fixture) sent(data callboard.NotificationData, res callboard.Resource, to ...string) callboard.Event {
	e := callboard.NotificationCreated.New(as(ada), res, data)
	e.Audience = to
	return f.event(e)
}

func (f *fixture) note(message string, to ...string) callboard.Event {
	return f.sent(callboard.NotificationData{Type: "note", Message: message}, callboard.Resource{}, to...)
}

// handle has the inbox consumer take the events, as the log would: in as many transactions as it wants.
func (f *fixture) handle(events ...callboard.Event) {
	f.t.Helper()
	for sub := ""; len(events) > 0; {
		var taken int
		taken, sub = f.part(events, sub)
		events = events[taken:]
	}
}

// part has the inbox consumer take what it wants to take in one transaction.
func (f *fixture) part(events []callboard.Event, sub string) (taken int, next string) {
	f.t.Helper()
	err := f.db.Write(context.Background(), func(ctx context.Context, tx *sqldb.Tx) (err error) {
		taken, next, err = f.Consumers()[0].HandlePart(ctx, tx, events, sub)
		return err
	})
	if err != nil {
		f.t.Fatalf("handle: %v", err)
	}
	return taken, next
}

// handleAndUndo handles events in a transaction that is then rolled back.
func (f *fixture) handleAndUndo(sub string, events ...callboard.Event) {
	f.t.Helper()
	undo := errors.New("undo")
	err := f.db.Write(context.Background(), func(ctx context.Context, tx *sqldb.Tx) error {
		_, _, err := f.Consumers()[0].HandlePart(ctx, tx, events, sub)
		return errors.Join(err, undo)
	})
	if !errors.Is(err, undo) || strings.Contains(err.Error(), "\n") {
		f.t.Fatalf("handle and undo: %v", err)
	}
}

func (f *fixture) watch(userID string, n int) {
	f.t.Helper()
	if err := f.Watch(context.Background(), userID, episode(n)); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) inbox(userID string) []notification.Notification {
	f.t.Helper()
	inbox, err := f.List(context.Background(), userID, notification.Filter{}, callboard.Page{Limit: callboard.MaxLimit})
	if err != nil {
		f.t.Fatal(err)
	}
	return inbox.Items
}

// texts returns the inbox of a user as "message ×count", newest first.
func (f *fixture) texts(userID string) []string {
	f.t.Helper()
	texts := []string{}
	for _, n := range f.inbox(userID) {
		texts = append(texts, fmt.Sprintf("%s ×%d", n.Message, n.Count))
	}
	return texts
}

// receivers returns the names of those who have something in their inbox.
func (f *fixture) receivers() []string {
	names := []string{}
	for _, id := range []string{ada, eve, vic, val, dis, nobody} {
		if len(f.inbox(id)) > 0 {
			names = append(names, cmp.Or(nameOf(id), id))
		}
	}
	return names
}

// clear empties all inboxes and ends all watches.
func (f *fixture) clear() {
	f.t.Helper()
	f.exec(`DELETE FROM callboard_notifications`)
	f.exec(`DELETE FROM callboard_watches`)
}

func (f *fixture) exec(query string, args ...any) {
	f.t.Helper()
	err := f.db.Write(context.Background(), func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) publish(events ...callboard.Event) []notification.LiveMessage {
	f.t.Helper()
	if err := f.push(events...); err != nil {
		f.t.Fatal(err)
	}
	return f.sockets.take()
}

// push has the other consumer push the entries of the events.
func (f *fixture) push(events ...callboard.Event) error {
	return f.Consumers()[1].Send(context.Background(), events)
}

func (f *fixture) count(query string, args ...any) int {
	f.t.Helper()
	var n int
	if err := f.db.QueryRowContext(context.Background(), query, args...).Scan(&n); err != nil {
		f.t.Fatal(err)
	}
	return n
}

func decode[T any](t testing.TB, b []byte) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("decode %s: %v", b, err)
	}
	return v
}
