package outbox_test

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// runNotices runs the notices of a node until the test ends.
func runNotices(t *testing.T, notices *sqldb.Notices) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- notices.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

func newNotices(t *testing.T, db *sqldb.DB) *sqldb.Notices {
	t.Helper()
	notices, err := db.NewNotices(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return notices
}

// What is appended on one node is taken on the node that leads long before that would look, and the first one hears that it was.
func TestOtherNodesAreWoken(t *testing.T) {
	t.Parallel()
	target := sqldbtest.MigratedURL(t, sqldbtest.Postgres, []sqldb.Migrations{outbox.Migrations()})
	leading, other := sqldbtest.OpenURL(t, target), sqldbtest.OpenURL(t, target)
	createTable(t, leading, "log")
	there, here := newNotices(t, leading), newNotices(t, other)
	leader, _ := start(t, outbox.Config{DB: leading, Notices: there, Poll: time.Hour}, tables("log")...)
	eventually(t, "it leads", leader.Leading)
	follower, _ := start(t, outbox.Config{DB: other, Notices: here, Poll: time.Hour}, tables("log")...)
	runNotices(t, there)
	runNotices(t, here)
	eventually(t, "the nodes hear each other", func() bool { return !there.Alone() && !here.Alone() })
	for range 3 {
		appendEvents(t, other, 5)
		drain(t, follower)
	}
	if got, _ := tableRows(t, leading, "log"); !slices.Equal(got, upTo(15)) || follower.Leading() {
		t.Errorf("positions %v", got)
	}
}

// A leader whose network has gone holds its lock for as long as PostgreSQL takes its connection for alive. The others do not wait
// for that; the leader knows by itself that it leads no more, and nothing is handled twice.
func TestTakeoverFromASilentLeader(t *testing.T) {
	t.Parallel()
	target := sqldbtest.MigratedURL(t, sqldbtest.Postgres, []sqldb.Migrations{outbox.Migrations()})
	near := sqldbtest.OpenURL(t, target)
	proxy := sqldbtest.StartProxy(t, target)
	createTable(t, near, "log")
	silent, _ := start(t, outbox.Config{DB: sqldbtest.OpenURL(t, proxy.URL), BatchSize: 8}, tables("log")...)
	eventually(t, "the first leads", silent.Leading)
	next, _ := start(t, outbox.Config{DB: near, BatchSize: 8}, tables("log")...)
	appendEvents(t, near, 20)
	drain(t, next)
	proxy.Stall()
	appendEvents(t, near, 20)
	eventually(t, "another one leads", func() bool {
		if !next.Leading() {
			return false
		}
		if silent.Leading() {
			t.Error("both say that they lead")
		}
		return true
	})
	drain(t, next)
	proxy.Cut()
	proxy.Resume()
	appendEvents(t, near, 20)
	drain(t, next)
	if got, _ := tableRows(t, near, "log"); !slices.Equal(got, upTo(60)) {
		t.Errorf("positions %v", got)
	}
	if silent.Leading() {
		t.Error("the one that was silent leads again")
	}
}

// One that goes silent amid a batch leaves a transaction that has the cursor. Nobody waits for that either.
func TestTakeoverAmidABatch(t *testing.T) {
	t.Parallel()
	target := sqldbtest.MigratedURL(t, sqldbtest.Postgres, []sqldb.Migrations{outbox.Migrations()})
	near := sqldbtest.OpenURL(t, target)
	proxy := sqldbtest.StartProxy(t, target)
	createTable(t, near, "log")
	falls := tables("log")[0]
	var handle, amid = falls.Handle, make(chan struct{})
	falls.Handle = func(ctx context.Context, tx *sqldb.Tx, events []callboard.Event) error {
		err := handle(ctx, tx, events)
		proxy.Stall()
		close(amid)
		return err
	}
	silent, _ := start(t, outbox.Config{DB: sqldbtest.OpenURL(t, proxy.URL)}, falls)
	eventually(t, "the first leads", silent.Leading)
	next, _ := start(t, outbox.Config{DB: near}, tables("log")...)
	appendEvents(t, near, 5)
	<-amid
	eventually(t, "another one leads", next.Leading)
	drain(t, next)
	if got, _ := tableRows(t, near, "log"); !slices.Equal(got, upTo(5)) {
		t.Errorf("positions %v", got)
	}
	proxy.Cut()
	proxy.Resume()
}
