package sqldb

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callboard/callboard"
)

// Limits of notices.
const (
	// MaxNotice is the longest payload of a notice, in bytes.
	MaxNotice = 1 << 20

	maxQueuedNotices = 4096     // that wait to be sent
	maxQueuedBytes   = 16 << 20 // of their payloads
	maxNoticeBatch   = 1 << 20  // bytes of payload in one transaction, unless a single notice has more
	maxChunk         = 5700     // bytes: with base64 and what goes before it, less than the 8,000 that PostgreSQL takes
	maxNoticeTopic   = 64       // bytes
)

// Times of notices.
const (
	// noticeInterval is the least time from one transaction of notices to the next: what comes one by one goes together, and the
	// first after a pause at once. At 200 changes a second 20 ms take a sixth off the CPU of PostgreSQL that 5 ms take with three
	// nodes, and a quarter off that of a node that follows.
	noticeInterval = 20 * time.Millisecond

	beatEvery     = time.Second
	noticeSilence = 5 * time.Second  // without any beat the link is taken to be broken, and made anew
	nodeGone      = 10 * time.Second // after the last notice of a node
	nodeForgotten = 24 * time.Hour   // when what it sent last is no longer known

	noticeTimeout  = 5 * time.Second
	noticeRetry    = 100 * time.Millisecond // after a failure; it doubles each time
	noticeRetryMax = 3 * time.Second
	noticeGoodbye  = time.Second // for what is still to be sent at the end
)

const noticeVersion = "1"

// The topics of Notices itself.
const (
	beatNotice   = "beat"
	signalNotice = "signal"
)

// Notices brings short messages from node to node of one PostgreSQL database, by LISTEN and NOTIFY on one connection outside of the
// pool. They are hints: they come once, in the order of their sender, within milliseconds, and some may be lost. Receivers are told of
// that by OnGap, and look at the database, which is the truth.
//
// NOTIFY serialises the commits of the transactions it is in. So it is in none but those of Notices, which each take what has
// gathered meanwhile and do not wait for the disk.
type Notices struct {
	db      *DB
	log     *slog.Logger
	channel string // of PostgreSQL
	self    string // the name of this sender

	receivers map[string]func(payload []byte) // like onGap it does not change once Run has begun
	onGap     []func()

	mu      sync.Mutex
	queue   []notice
	size    int             // bytes of payload in queue
	seq     uint64          // of the last notice, also when it was dropped
	raised  map[string]bool // signals that are to be sent
	senders map[string]*sender
	wake    Wakeup

	heardOwn    atomic.Int64 // when a notice of this node came back last, in nanoseconds; 0: since the link was made none has
	heardOthers atomic.Int64 // when one of another node came last
	sent        atomic.Int64
	received    atomic.Int64
	dropped     atomic.Int64
	gaps        atomic.Int64
}

// notice is one that waits to be sent.
type notice struct {
	seq     uint64
	topic   string
	payload []byte
}

// sender is what is known of a node by what it has sent.
type sender struct {
	seq   uint64 // of the last notice that is whole
	chunk int    // of the next one that is to come
	begun []byte // what has come of it
	heard time.Time
}

// NoticeStats are figures of the notices of a node since its start.
type NoticeStats struct {
	Alive    bool  // as Notices.Alive
	Nodes    int   // heard in the last ten seconds, with this one
	Sent     int64 // notices, those by which nodes show that they live included
	Received int64 // those of the node itself included
	Dropped  int64 // did not fit into the queue
	Gaps     int64 // how often some may have been lost
}

// NewNotices returns the notices of this node, which Run sends and receives. On SQLite there are none, which is an error. Two
// installations in one database, with other prefixes, do not hear each other.
func (db *DB) NewNotices(logger *slog.Logger) (*Notices, error) {
	if db.dialect != Postgres {
		return nil, errors.New("sqldb: SQLite sends no notices")
	}
	n := &Notices{
		db: db, log: logger, channel: db.names.prefix + "notices", self: callboard.NewID(), wake: NewWakeup(),
		receivers: map[string]func([]byte){}, raised: map[string]bool{}, senders: map[string]*sender{},
	}
	n.receivers[signalNotice] = n.raiseHere
	n.receivers[beatNotice] = func([]byte) {}
	return n, nil
}

// Receive has fn called with the payloads of a topic, also those that this node sends, one after the other and before Run returns. It
// must not block: all other notices wait for it. It is called before Run. It panics for a
// topic that has a receiver, or spaces.
func (n *Notices) Receive(topic string, fn func(payload []byte)) {
	if n.receivers[topic] != nil || topic == "" || len(topic) > maxNoticeTopic || strings.ContainsAny(topic, " \n") {
		panic(fmt.Sprintf("sqldb: Receive of the notices %q", topic))
	}
	n.receivers[topic] = fn
}

// OnGap has fn called when notices may have been lost: each time that the link is made, at first too, and when a sender has dropped
// some. What comes after the call was sent after what was lost. It is called before Run, and must not block.
func (n *Notices) OnGap(fn func()) { n.onGap = append(n.onGap, fn) }

// Forward has signals of the topics raised on the other nodes too, where somebody listens to them. Several within a few milliseconds
// are one, and while there is no other node nothing is sent. It is called before Run.
func (n *Notices) Forward(topics ...string) { n.db.signals.forward(n, topics) }

// Send sends a notice to all nodes, this one included. It never waits for the database: where the queue is full, or the payload is
// longer than MaxNotice, the notice is dropped, counted and logged; the receivers are told of a gap, and the result is false. The
// payload must not be changed afterwards.
func (n *Notices) Send(topic string, payload []byte) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(payload) > MaxNotice || len(n.queue) >= maxQueuedNotices || n.size+len(payload) > maxQueuedBytes {
		n.seq++ // by which receivers see the gap
		n.dropped.Add(1)
		return false
	}
	n.add(topic, payload)
	return true
}

// add needs the lock.
func (n *Notices) add(topic string, payload []byte) {
	n.seq++
	n.queue = append(n.queue, notice{n.seq, topic, payload})
	n.size += len(payload)
	n.wake.Raise()
}

// Alive reports whether the link works, proven by what this node sent coming back in the last five seconds.
func (n *Notices) Alive() bool { return time.Since(time.Unix(0, n.heardOwn.Load())) < noticeSilence }

// Alone reports whether no other node was heard in the last ten seconds.
func (n *Notices) Alone() bool { return time.Since(time.Unix(0, n.heardOthers.Load())) > nodeGone }

// Stats returns the figures.
func (n *Notices) Stats() NoticeStats {
	s := NoticeStats{
		Alive: n.Alive(), Nodes: 1, Sent: n.sent.Load(), Received: n.received.Load(), Dropped: n.dropped.Load(), Gaps: n.gaps.Load(),
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for name, other := range n.senders {
		if name != n.self && time.Since(other.heard) < nodeGone {
			s.Nodes++
		}
	}
	return s
}

// Run sends and receives until ctx ends. Losing the database is no error: it is logged, and the link is made anew.
func (n *Notices) Run(ctx context.Context) error {
	var running sync.WaitGroup
	running.Go(func() { n.listen(ctx) })
	running.Go(func() { n.send(ctx) })
	running.Wait()
	return nil
}

// signal forwards a signal that was raised here.
func (n *Notices) signal(topic string) {
	if n.Alone() {
		return
	}
	n.mu.Lock()
	n.raised[topic] = true
	n.mu.Unlock()
	n.wake.Raise()
}

// raiseHere raises what another node has forwarded, and not to the other nodes once more.
func (n *Notices) raiseHere(payload []byte) {
	for topic := range strings.FieldsSeq(string(payload)) {
		n.db.signals.raise(topic)
	}
}

// send sends what is in the queue until ctx ends, and then what is left.
func (n *Notices) send(ctx context.Context) {
	beat := time.NewTicker(beatEvery)
	defer beat.Stop()
	told := int64(0)
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), noticeGoodbye)
			defer cancel()
			if err := n.notify(last, n.take()); err != nil {
				n.log.Warn("the last notices to other nodes were not sent", "error", err)
			}
			return
		case <-beat.C:
			n.beat()
			if dropped := n.dropped.Load(); dropped > told {
				n.log.Warn("notices to other nodes were dropped", "notices", dropped-told)
				told = dropped
			}
		case <-n.wake:
		}
		for batch := n.take(); len(batch) > 0 && ctx.Err() == nil; batch = n.take() {
			began := time.Now()
			n.sendBatch(ctx, batch)
			Wait(ctx, noticeInterval-time.Since(began))
		}
	}
}

// beat shows the other nodes, and this one by its coming back, that the link works.
func (n *Notices) beat() {
	n.mu.Lock()
	if len(n.queue) == 0 { // else what is there does the same
		n.add(beatNotice, nil)
	}
	n.mu.Unlock()
}

// take returns what goes into the next transaction.
func (n *Notices) take() []notice {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.raised) > 0 {
		n.add(signalNotice, []byte(strings.Join(slices.Sorted(maps.Keys(n.raised)), "\n")))
		clear(n.raised)
	}
	size, count := 0, 0
	for count < len(n.queue) && (count == 0 || size+len(n.queue[count].payload) <= maxNoticeBatch) {
		size += len(n.queue[count].payload)
		count++
	}
	batch := n.queue[:count:count]
	n.size -= size
	if n.queue = n.queue[count:]; len(n.queue) == 0 {
		n.queue = nil // the array goes with the batch
	}
	return batch
}

// sendBatch tries until it succeeds or ctx ends. What was sent by a transaction of which that is not known comes twice, which the
// receivers see by its number.
func (n *Notices) sendBatch(ctx context.Context, batch []notice) {
	for failures := 0; ctx.Err() == nil; failures++ {
		err := n.notify(ctx, batch)
		if err == nil {
			if failures > 0 {
				n.log.Info("notices to other nodes are sent again")
			}
			return
		}
		if failures == 0 && ctx.Err() == nil {
			n.log.Warn("notices to other nodes cannot be sent; they are tried again", "error", err)
		}
		Wait(ctx, min(noticeRetry<<min(failures, 10), noticeRetryMax))
	}
}

// notify sends a batch in one transaction.
func (n *Notices) notify(ctx context.Context, batch []notice) error {
	if len(batch) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, noticeTimeout)
	defer cancel()
	var texts []string
	for _, one := range batch {
		texts = n.appendTexts(texts, one)
	}
	_, err := n.db.library.ExecContext(ctx,
		`SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, text) FROM unnest($2::text[]) AS text`, n.channel, texts)
	if err == nil {
		n.sent.Add(int64(len(batch)))
	}
	return mapError(ctx, err)
}

// appendTexts appends the texts that PostgreSQL carries a notice in: "version sender seq chunk/chunks topic base64".
func (n *Notices) appendTexts(texts []string, one notice) []string {
	chunks := max(1, (len(one.payload)+maxChunk-1)/maxChunk)
	for i := range chunks {
		part := one.payload[i*maxChunk : min((i+1)*maxChunk, len(one.payload))]
		texts = append(texts, fmt.Sprintf("%s %s %d %d/%d %s %s",
			noticeVersion, n.self, one.seq, i+1, chunks, one.topic, base64.StdEncoding.EncodeToString(part)))
	}
	return texts
}

// listen receives until ctx ends.
func (n *Notices) listen(ctx context.Context) {
	broken, failures := false, 0
	for ctx.Err() == nil {
		err := n.listenOnce(ctx, func() {
			if broken {
				n.log.Info("notices of other nodes are received again")
			}
			broken, failures = false, 0
		})
		n.heardOwn.Store(0)
		if !broken && ctx.Err() == nil {
			n.log.Warn("notices of other nodes are not received; what they change is found a little later", "error", err)
		}
		broken = true
		Wait(ctx, min(noticeRetry<<min(failures, 10), noticeRetryMax))
		failures++
	}
}

// errSilent says that the connection stands and nothing comes.
var errSilent = errors.New("nothing comes back; a pooler such as PgBouncer in between has to keep sessions")

// listenOnce receives until the connection is lost. It calls linked once something came.
func (n *Notices) listenOnce(ctx context.Context, linked func()) error {
	conn, err := n.connect(ctx)
	if err != nil {
		return err
	}
	defer func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = conn.Close(closing) // it may be broken already
	}()
	n.forgetBegun()
	n.lost()
	n.beat()
	for first := true; ; first = false {
		text, err := receive(ctx, conn)
		if err != nil {
			return err
		}
		n.hear(text)
		if first {
			linked()
		}
	}
}

func (n *Notices) connect(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, n.db.postgres.Copy())
	if err != nil {
		return nil, mapError(ctx, err)
	}
	if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{n.channel}.Sanitize()); err != nil {
		_ = conn.Close(ctx) // the first error says what is wrong
		return nil, mapError(ctx, err)
	}
	return conn, nil
}

// receive returns the next text. Each node sends a beat every second, so silence is a broken link.
func receive(ctx context.Context, conn *pgx.Conn) (string, error) {
	patience, cancel := context.WithTimeout(ctx, noticeSilence)
	defer cancel()
	notification, err := conn.WaitForNotification(patience)
	switch {
	case err == nil:
		return notification.Payload, nil
	case ctx.Err() == nil && patience.Err() != nil:
		return "", errSilent
	}
	return "", mapError(ctx, err)
}

// forgetBegun forgets what had come in part: the rest went to the last connection.
func (n *Notices) forgetBegun() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for name, s := range n.senders {
		s.chunk, s.begun = 1, nil
		if time.Since(s.heard) > nodeForgotten {
			delete(n.senders, name)
		}
	}
}

// lost tells of a gap.
func (n *Notices) lost() {
	n.gaps.Add(1)
	for _, fn := range n.onGap {
		n.contained("gap", fn)
	}
}

// contained calls a receiver, of which a panic must not take the node along: the notice goes to all nodes.
func (n *Notices) contained(topic string, fn func()) {
	defer func() {
		if p := recover(); p != nil {
			n.log.Error("a receiver of notices panicked", "topic", topic, "panic", p, "stack", string(debug.Stack()))
		}
	}()
	fn()
}

// hear takes a text. Those of another version of the program, which look otherwise, are passed over.
func (n *Notices) hear(text string) {
	fields := strings.SplitN(text, " ", 6)
	if len(fields) != 6 || fields[0] != noticeVersion {
		return
	}
	from, topic := fields[1], fields[4]
	seq, err1 := strconv.ParseUint(fields[2], 10, 64)
	nth, of, _ := strings.Cut(fields[3], "/")
	chunk, err2 := strconv.Atoi(nth)
	chunks, err3 := strconv.Atoi(of)
	data, err4 := base64.StdEncoding.DecodeString(fields[5])
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		n.log.Warn("a notice that cannot be read is passed over", "error", err)
		return
	}
	now := time.Now()
	if from == n.self {
		n.heardOwn.Store(now.UnixNano())
	} else {
		n.heardOthers.Store(now.UnixNano())
	}
	payload, whole, gap := n.assemble(from, seq, chunk, chunks, data, now)
	if gap {
		n.lost()
	}
	if !whole {
		return
	}
	n.received.Add(1)
	if fn := n.receivers[topic]; fn != nil && (topic != signalNotice || from != n.self) {
		n.contained(topic, func() { fn(payload) })
	}
}

// assemble puts a notice together of its chunks. A gap is one before it: the sender has dropped notices. Of a sender that is new here
// nothing is known to be missing: the link has just been made, or the node.
func (n *Notices) assemble(from string, seq uint64, chunk, chunks int, data []byte, now time.Time) (payload []byte, whole, gap bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	s := n.senders[from]
	if s == nil {
		s = &sender{seq: seq - 1, chunk: 1}
		n.senders[from] = s
	}
	s.heard = now
	switch {
	case seq <= s.seq: // sent again
		return nil, false, false
	case chunk == 1:
		gap = seq != s.seq+1
		s.seq, s.chunk, s.begun = seq-1, 1, nil
	case chunk != s.chunk || seq != s.seq+1: // its beginning went to the last connection
		return nil, false, false
	}
	s.begun = append(s.begun, data...)
	if s.chunk++; chunk < chunks {
		return nil, false, gap
	}
	payload = s.begun
	s.seq, s.chunk, s.begun = seq, 1, nil
	return payload, true, gap
}
