package presence

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/callboard/callboard"
)

// How nodes keep each other informed. All of it is counted from the last message that arrived.
const (
	// gatherFor is how long changes are gathered before they are sent: a storm of joins becomes few messages.
	gatherFor = 25 * time.Millisecond
	// beatEvery is how often a node says that it is there, and how far it has come, by which others see what they have missed.
	beatEvery = 2 * time.Second
	// askEvery is how often a snapshot is asked for until it is there.
	askEvery = time.Second
	// deadAfter is how long a node may be silent before it is taken for dead: three beats. With the grace its viewers leave within 15 s.
	deadAfter = 7 * time.Second
	// actsKept is how long, and maxActs how many, acts are kept for those who have missed them.
	actsKept = time.Minute
	maxActs  = 10_000
	// maxNodes bounds the nodes that are listened to, maxUnread the messages that wait to be taken in, and maxEarly those of a node
	// that wait for its snapshot. What exceeds them is as good as lost.
	maxNodes  = 256
	maxUnread = 4096
	maxEarly  = 256
)

// sharedStore is a MemoryStore that knows of the sessions of other nodes, too.
//
// Each session is of the node that holds its socket or took its request, and only there it expires. A node tells the others what it has
// of a viewer (item) whenever that changes: all of it, so that what is told twice does no harm. A refresh changes nothing and is
// not sent. Removing a viewer or a user concerns sessions of other nodes too: that is an act, which each node applies to its own
// sessions. Statuses are nobody's: all nodes keep all, and the later choice holds.
//
// Messages are numbered. Who sees by a number that one is missing, or hears of a node for the first time, asks it for a snapshot of all that
// it has. So all nodes know all within 100 ms while the link works, within 3 s after a message was lost, and within 20 s after a node has
// died. Who is cut off goes on with what it knew for the TTL.
type sharedStore struct {
	*MemoryStore
	cfg sharedConfig

	// What waits to be sent. It is guarded by the lock of MemoryStore, and in the order in which it came: what is here says only of whom,
	// and what there is to say is read when it is sent.
	waiting  []subject
	waits    map[subject]struct{}
	statuses map[string]struct{} // users
	acts     []item
	wake     chan struct{}

	// Of sending (shared_send.go).
	seq       uint64 // of the newest message of changes
	snapshots uint64
	past      []pastAct
	asks      chan ask

	// Of receiving (shared_receive.go).
	unread      chan envelope
	known       map[string]*peer
	wasLinked   bool
	linkedSince time.Duration
	watched     time.Duration
	unknownSaid map[byte]bool // versions that the log names already

	late  atomic.Pointer[string] // a node that owes its snapshot for long
	count sharedCounts
}

type sharedConfig struct {
	peers      Peers
	ttl, grace time.Duration
	log        *slog.Logger
}

// subject is of whom a node has something to say.
type subject struct {
	resource callboard.Resource
	userID   string
}

type sharedCounts struct {
	sentBytes, heard, refused, snapshots, lost atomic.Int64
	peers                                      atomic.Int64
}

func newSharedStore(limits Limits, cfg sharedConfig) *sharedStore {
	s := &sharedStore{
		MemoryStore: NewMemoryStore(limits),
		cfg:         cfg,
		waits:       map[subject]struct{}{},
		statuses:    map[string]struct{}{},
		wake:        make(chan struct{}, 1),
		asks:        make(chan ask, maxNodes),
		unread:      make(chan envelope, maxUnread),
		known:       map[string]*peer{},
		unknownSaid: map[byte]bool{},
		seq:         1, // 0 is what those have who never heard of this node
	}
	s.spread = s.changed
	s.linked = cfg.peers.Linked
	return s
}

// changed notes that what this node has of v may have changed, unless it has nothing and the others know. The lock is held.
func (s *sharedStore) changed(v *viewer) {
	about := subject{v.of.resource, v.UserID}
	if _, waits := s.waits[about]; waits || v.told == holdNothing && len(v.sessions) == 0 {
		return
	}
	s.waits[about] = struct{}{}
	s.waiting = append(s.waiting, about)
	s.signal()
}

func (s *sharedStore) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// act has all nodes do to their own sessions what was done to those of this one.
func (s *sharedStore) act(it item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.acts = append(s.acts, it)
	s.signal()
}

// chose has all nodes know what the user chose.
func (s *sharedStore) chose(userID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.statuses[userID] = struct{}{}
	s.signal()
}

// Edit implements Store. That an edit has ended is said to all: it may have begun on another node.
func (s *sharedStore) Edit(ctx context.Context, res callboard.Resource, userID, field string, ttl time.Duration) error {
	err := s.MemoryStore.Edit(ctx, res, userID, field, ttl)
	if err == nil && ttl == 0 {
		s.act(item{Do: doEndEdit, Type: res.Type, ID: res.ID, User: userID, Editing: []string{field}})
	}
	return err
}

// Remove implements Store.
func (s *sharedStore) Remove(ctx context.Context, res callboard.Resource, userID string) error {
	err := s.MemoryStore.Remove(ctx, res, userID)
	s.act(item{Do: doRemove, Type: res.Type, ID: res.ID, User: userID})
	return err
}

// RemoveUser implements Store.
func (s *sharedStore) RemoveUser(ctx context.Context, userID string) error {
	err := s.MemoryStore.RemoveUser(ctx, userID)
	s.act(item{Do: doRemoveUser, User: userID})
	s.chose(userID)
	return err
}

// SetStatus implements Store.
func (s *sharedStore) SetStatus(ctx context.Context, userID string, choice StatusChoice, at, until time.Time) error {
	err := s.MemoryStore.SetStatus(ctx, userID, choice, at, until)
	if err == nil {
		s.chose(userID)
	}
	return err
}

// Degraded implements Store.
func (s *sharedStore) Degraded() string {
	if !s.cfg.peers.Linked() {
		return "the link to the other nodes is down: who came or went there is not known"
	}
	if late := s.late.Load(); late != nil {
		return "the node " + *late + " does not say who is there"
	}
	return ""
}

// Run implements Store. Its end is told to the other nodes, which keep what this one has for the grace.
func (s *sharedStore) Run(ctx context.Context) error {
	s.cfg.peers.Receive(s.receive)
	s.wasLinked, s.watched = s.cfg.peers.Linked(), time.Since(s.started)
	s.linkedSince = s.watched
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var loops sync.WaitGroup
	loops.Go(func() { s.sendLoop(ctx) })
	loops.Go(func() { s.receiveLoop(ctx) })
	err := s.MemoryStore.Run(ctx)
	cancel()
	loops.Wait()
	s.cfg.peers.Receive(func(string, []byte) {})
	return err
}

func (s *sharedStore) register(to prometheus.Registerer) error {
	counter := func(name, help string, of *atomic.Int64) error {
		return to.Register(prometheus.NewCounterFunc(
			prometheus.CounterOpts{Name: "callboard_presence_" + name, Help: help}, func() float64 { return float64(of.Load()) }))
	}
	return errors.Join(
		to.Register(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "callboard_presence_peers", Help: "Other nodes whose viewers are known."},
			func() float64 { return float64(s.count.peers.Load()) })),
		counter("link_sent_bytes_total", "Bytes sent to other nodes.", &s.count.sentBytes),
		counter("link_received_total", "Messages of other nodes.", &s.count.heard),
		counter("link_refused_total", "Messages of other nodes, and items of them, that made no sense.", &s.count.refused),
		counter("link_lost_total", "Messages that were not sent, or not taken in, because too many were waiting or the link was down.", &s.count.lost),
		counter("snapshots_total", "Snapshots of other nodes that were taken in.", &s.count.snapshots),
	)
}
