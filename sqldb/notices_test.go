package sqldb_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// noticeNode is a node that keeps what it hears.
type noticeNode struct {
	*sqldb.Notices
	db   *sqldb.DB
	stop func()

	mu    sync.Mutex
	heard [][]byte
	gaps  int
}

// startNode runs the notices of a node until the test ends, and returns once it hears itself.
func startNode(t *testing.T, db *sqldb.DB, forward ...string) *noticeNode {
	t.Helper()
	notices, err := db.NewNotices(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	n := &noticeNode{Notices: notices, db: db}
	notices.Forward(forward...)
	notices.Receive("test", func(payload []byte) {
		n.mu.Lock()
		n.heard = append(n.heard, payload)
		n.mu.Unlock()
		if string(payload) == "panic" {
			panic("of a test")
		}
	})
	notices.OnGap(func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.gaps++
	})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- notices.Run(ctx) }()
	n.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	t.Cleanup(n.stop)
	eventually(t, n.Alive)
	return n
}

func (n *noticeNode) all() [][]byte {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.heard
}

func (n *noticeNode) gapCount() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.gaps
}

// has reports whether the node has heard a text.
func (n *noticeNode) has(text string) bool {
	for _, payload := range n.all() {
		if string(payload) == text {
			return true
		}
	}
	return false
}

// pattern returns a payload in which every byte tells its place.
func pattern(size int) []byte {
	payload := make([]byte, size)
	for i := range payload {
		payload[i] = byte(i ^ i>>8 ^ i>>16)
	}
	return payload
}

// What a node sends comes to all nodes, this one included: whole whatever its size, in order, and once.
func TestNotices(t *testing.T) {
	t.Parallel()
	target := sqldbtest.URL(t, sqldbtest.Postgres)
	first, second := startNode(t, sqldbtest.OpenURL(t, target)), startNode(t, sqldbtest.OpenURL(t, target))
	var sent [][]byte
	for _, size := range []int{0, 1, 5699, 5700, 5701, 11400, 100_000, sqldb.MaxNotice} {
		sent = append(sent, pattern(size))
	}
	for i := range 500 {
		sent = append(sent, fmt.Appendf(nil, "notice %d", i))
	}
	for _, payload := range sent {
		if !first.Send("test", payload) {
			t.Fatalf("a notice of %d bytes was dropped", len(payload))
		}
	}
	for name, n := range map[string]*noticeNode{"the sender": first, "the other": second} {
		eventually(t, func() bool { return len(n.all()) >= len(sent) })
		for i, payload := range n.all() {
			if !bytes.Equal(payload, sent[i]) {
				t.Fatalf("%s: notice %d has %d bytes, want %d", name, i, len(payload), len(sent[i]))
			}
		}
		if n.gapCount() != 1 { // that of the first connection
			t.Errorf("%s was told of %d gaps", name, n.gapCount())
		}
	}
	if s := second.Stats(); s.Nodes != 2 || s.Dropped != 0 || first.Alone() || second.Alone() {
		t.Errorf("the other: %+v", s)
	}
	if first.Send("test", make([]byte, sqldb.MaxNotice+1)) || first.Stats().Dropped != 1 {
		t.Error("a notice that is too large is taken")
	}
	first.Send("test", []byte("panic")) // of which the receiver does not recover by itself
	first.Send("test", []byte("after"))
	eventually(t, func() bool { return second.has("after") && second.gapCount() == 2 })
	first.Send("test", []byte("goodbye"))
	first.stop()
	eventually(t, func() bool { return second.has("after") && second.gapCount() > 1 })
}

// Two installations in one database do not hear each other.
func TestNoticesOfAnotherPrefix(t *testing.T) {
	t.Parallel()
	target := sqldbtest.URL(t, sqldbtest.Postgres)
	open := func(prefix string) *sqldb.DB {
		db, err := sqldb.Open(t.Context(), sqldb.Config{URL: target, TablePrefix: prefix, MaxConns: 10})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		return db
	}
	longest := strings.Repeat("s", 46) + "."
	own, twin, other := startNode(t, open(longest)), startNode(t, open(longest)), startNode(t, open("acme_"))
	own.Send("test", []byte("own"))
	eventually(t, func() bool { return twin.has("own") })
	other.Send("test", []byte("other")) // PostgreSQL brings it later than what was sent before
	eventually(t, func() bool { return other.has("other") })
	if other.has("own") || !other.Alone() {
		t.Error("it hears the other installation")
	}
}

func TestNoticesNeedPostgres(t *testing.T) {
	t.Parallel()
	if _, err := sqldbtest.Open(t, sqldbtest.SQLite).NewNotices(slog.New(slog.DiscardHandler)); err == nil {
		t.Error("there are notices on SQLite")
	}
}

// A signal wakes who listens on another node, and does not come back; while there is none it is not sent.
func TestSignalsReachOtherNodes(t *testing.T) {
	t.Parallel()
	target := sqldbtest.URL(t, sqldbtest.Postgres)
	ctx := t.Context()
	first := startNode(t, sqldbtest.OpenURL(t, target), "forwarded")
	wire, err := pgx.Connect(ctx, target)
	if err != nil {
		t.Fatal(err)
	}
	defer wire.Close(context.Background())
	if _, err := wire.Exec(ctx, `LISTEN "callboard.notices"`); err != nil {
		t.Fatal(err)
	}
	// signals counts those on the wire, up to a mark that is sent after them.
	signals := func() (count int) {
		first.Send("mark", nil)
		for {
			n, err := wire.WaitForNotification(ctx)
			if err != nil {
				t.Fatal(err)
			}
			switch strings.Fields(n.Payload)[4] {
			case "signal":
				count++
			case "mark":
				return count
			}
		}
	}
	first.db.Raise("forwarded")
	if n := signals(); n != 0 {
		t.Errorf("%d signals were sent to nobody", n)
	}
	second := startNode(t, sqldbtest.OpenURL(t, target), "forwarded")
	eventually(t, func() bool { return !first.Alone() && !second.Alone() })
	woken, stop := second.db.Listen("forwarded")
	defer stop()
	other, stopOther := second.db.Listen("other")
	defer stopOther()
	first.db.Raise("other")
	first.db.Raise("forwarded")
	select {
	case <-woken:
	case <-ctx.Done():
	}
	select {
	case <-other:
		t.Error("a topic was forwarded that was not to be")
	default:
	}
	second.Send("test", []byte("after")) // would go after an echo
	eventually(t, func() bool { return first.has("after") })
	if n := signals(); n != 1 {
		t.Errorf("%d signals on the wire, want 1", n)
	}
}

// Who loses the connection is told that something may be missing, and goes on.
func TestNoticesAfterALostConnection(t *testing.T) {
	t.Parallel()
	target := sqldbtest.URL(t, sqldbtest.Postgres)
	operator := sqldbtest.OpenURL(t, target)
	proxy := sqldbtest.StartProxy(t, target)
	far, near := startNode(t, sqldbtest.OpenURL(t, proxy.URL)), startNode(t, operator)
	terminateOthers(t, operator)
	eventually(t, func() bool { return far.gapCount() == 2 && far.Alive() })
	near.Send("test", []byte("after the end"))
	far.Send("test", []byte("also after the end"))
	for _, text := range []string{"after the end", "also after the end"} {
		eventually(t, func() bool { return far.has(text) && near.has(text) })
	}

	proxy.Stall() // the network has gone, and nobody says so
	eventually(t, func() bool { return !far.Alive() })
	kept, dropped := 0, 0
	for range 5000 { // none of which waits
		if far.Send("test", []byte("flood")) {
			kept++
		} else {
			dropped++
		}
	}
	if dropped == 0 || kept < 4000 || far.Stats().Dropped != int64(dropped) {
		t.Errorf("%d were kept and %d dropped: %+v", kept, dropped, far.Stats())
	}
	near.Send("test", []byte("lost on the way"))
	gaps := near.gapCount()
	proxy.Cut()
	proxy.Resume()
	eventually(t, far.Alive)
	eventually(t, func() bool { return far.Send("test", []byte("the link is back")) })
	eventually(t, func() bool { return near.has("the link is back") && far.has("the link is back") })
	if near.gapCount() <= gaps || far.gapCount() < 3 {
		t.Errorf("gaps: %d near, of them %d before, and %d far", near.gapCount(), gaps, far.gapCount())
	}
}
