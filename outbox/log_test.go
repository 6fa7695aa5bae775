package outbox_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

func TestPositionsAreGaplessAndOnce(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		createTable(t, db, "log")
		sent := &recorder{}
		log, _ := start(t, outbox.Config{DB: db, BatchSize: 32}, append(tables("log"), sent.consumer())...)
		const writers, each = 16, 20
		var all [writers][]string
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() { all[w] = appendEvents(t, db, each) })
		}
		wg.Wait()
		drain(t, log)

		positions, ids := tableRows(t, db, "log")
		if diff := cmp.Diff(upTo(writers*each), positions); diff != "" {
			t.Errorf("positions in the consumer's table (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(upTo(writers*each), sent.positions()); diff != "" {
			t.Errorf("positions sent (-want +got):\n%s", diff)
		}
		for w := range writers { // what one writer wrote, one after the other, keeps its order
			at := -1
			for _, id := range all[w] {
				i := slices.Index(ids, id)
				if i <= at {
					t.Fatalf("writer %d: event %s is out of order", w, id)
				}
				at = i
			}
		}
	}, outbox.Migrations())
}

// A transaction that took a lower id but commits later must not be skipped: it simply gets a later position.
func TestSequencerFindsLateCommits(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, "postgres", outbox.Migrations())
	createTable(t, db, "log")
	log, _ := start(t, outbox.Config{DB: db}, tables("log")...)
	appended, commit, done := make(chan string), make(chan struct{}), make(chan error)
	go func() {
		done <- db.Write(context.Background(), func(ctx context.Context, tx *sqldb.Tx) error {
			e := newEvent("late", callboard.Resource{}, nil)
			err := log.Append(ctx, tx, e)
			appended <- e.ID
			<-commit
			return err
		})
	}()
	late := <-appended
	early := appendEvents(t, db, 3)
	drain(t, log)
	close(commit)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	drain(t, log)
	_, ids := tableRows(t, db, "log")
	if diff := cmp.Diff(append(early, late), ids); diff != "" {
		t.Errorf("events by position (-want +got):\n%s", diff)
	}
}

// A table that is away stops its consumer at its cursor, and nobody else. Afterwards it goes on from there.
func TestConsumerStopsAtItsCursor(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		createTable(t, db, "broken")
		createTable(t, db, "healthy")
		sent := &recorder{}
		log, _ := start(t, outbox.Config{DB: db, BatchSize: 16}, append(tables("broken", "healthy"), sent.consumer())...)
		appendEvents(t, db, 5)
		drain(t, log)
		exec(t, db, `ALTER TABLE broken RENAME TO elsewhere`)
		appendEvents(t, db, 150)
		eventually(t, "the healthy consumer goes on", func() bool { return stats(t, log, "healthy").Pos == 155 })
		eventually(t, "and so does the one that sends", func() bool { return stats(t, log, "sockets").Pos == 155 })
		if got := sent.positions(); !slices.Equal(got, upTo(155)) {
			t.Errorf("sent %d events", len(got))
		}
		eventually(t, "the broken one says so", func() bool { return stats(t, log, "broken").Failures > 1 })
		if s := stats(t, log, "broken"); s.Pos != 5 || s.DeadLetters != 0 || s.LagEvents != 150 || s.Error == "" {
			t.Errorf("the broken consumer: %+v", s)
		}
		exec(t, db, `ALTER TABLE elsewhere RENAME TO broken`)
		appendEvents(t, db, 5)
		drain(t, log)
		eventually(t, "nothing is set aside", func() bool { return stats(t, log, "broken").DeadLetters == 0 })
		if got, _ := tableRows(t, db, "broken"); !slices.Equal(got, upTo(160)) {
			t.Errorf("the once broken consumer has %v", got)
		}
		if s := stats(t, log, "broken"); s.Failures != 0 || s.Error != "" {
			t.Errorf("afterwards: %+v", s)
		}
	}, outbox.Migrations())
}

// One that sends and fails stops at its cursor too; after a restart nothing is sent again that was sent before.
func TestSendingResumesAtTheCursor(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		createTable(t, db, "log")
		sent := &recorder{err: func(callboard.Event) error { return errors.New("away") }}
		log, stop := start(t, outbox.Config{DB: db}, append(tables("log"), sent.consumer())...)
		appendEvents(t, db, 20)
		eventually(t, "the other consumer goes on", func() bool { return stats(t, log, "log").Pos == 20 })
		if got := sent.positions(); len(got) != 0 {
			t.Fatalf("sent %v while it fails", got)
		}
		sent.fail(nil)
		drain(t, log)
		if got := sent.positions(); !slices.Equal(got, upTo(20)) {
			t.Fatalf("sent %v", got)
		}
		stop()

		again := &recorder{}
		log, _ = start(t, outbox.Config{DB: db}, append(tables("log"), again.consumer())...)
		appendEvents(t, db, 1)
		drain(t, log)
		if got := again.positions(); !slices.Equal(got, []int64{21}) {
			t.Errorf("after a restart sent %v, want 21 alone", got)
		}
	}, outbox.Migrations())
}

// Two processes on one database: the second takes over when the first one's connection dies, and nothing is missing or
// doubled.
func TestTakeover(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, "postgres", outbox.Migrations())
	createTable(t, db, "log")
	cfg := outbox.Config{DB: db, BatchSize: 8}
	first, _ := start(t, cfg, tables("log")...)
	eventually(t, "the first leads", first.Leading)
	second, _ := start(t, cfg, tables("log")...)

	var wg sync.WaitGroup
	for range 2 { // both write
		wg.Go(func() { appendEvents(t, db, 100) })
	}
	for range 3 { // break the leader's connection, whoever that is, while events come in
		eventually(t, "somebody leads", func() bool { return first.Leading() || second.Leading() })
		exec(t, db, `SELECT pg_terminate_backend(pid) FROM pg_locks
			WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
	}
	wg.Wait()
	eventually(t, "all events are handled", func() bool {
		got, _ := tableRows(t, db, "log")
		return len(got) >= 200
	})
	if got, _ := tableRows(t, db, "log"); !slices.Equal(got, upTo(200)) {
		t.Errorf("positions %v", got)
	}
	eventually(t, "exactly one of them says that it leads", func() bool { return first.Leading() != second.Leading() })
}

// Who awaits a consumer reads what follows from a write of its own, however many were committed before, and not what is
// written meanwhile.
func TestAwait(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		createTable(t, db, "log")
		var held atomic.Bool
		slow := &tableConsumer{table: "log", err: func(callboard.Event) error {
			if held.Load() {
				return errors.New("not now")
			}
			return nil
		}}
		l, _ := start(t, outbox.Config{DB: db}, slow.consumer())
		elsewhere := outbox.New(outbox.Config{DB: db}) // a process that does not lead
		for i, l := range []*outbox.Log{l, elsewhere, l} {
			appendEvents(t, db, 7)
			if err := l.Await(t.Context(), "log"); err != nil {
				t.Fatal(err)
			}
			if got, _ := tableRows(t, db, "log"); len(got) != 7*(i+1) {
				t.Errorf("%d rows after %d events", len(got), 7*(i+1))
			}
		}
		held.Store(true)
		appendEvents(t, db, 1)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if err := l.Await(ctx, "log"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("it does not wait: %v", err)
		}
		if err := l.Await(t.Context(), "log"); !errors.Is(err, outbox.ErrNotTaken) || !strings.Contains(err.Error(), `"log"`) {
			t.Errorf("a consumer that stands still: %v", err)
		}
	}, outbox.Migrations())
}

// Who awaits a consumer that nobody runs is told so, and that nobody knows at once; neither leaves a trace.
func TestAwaitWithoutAConsumer(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		createTable(t, db, "log")
		l := outbox.New(outbox.Config{DB: db})
		l.Add(tables("log")...)
		appendEvents(t, db, 1)
		if err := l.Await(t.Context(), "log"); !errors.Is(err, outbox.ErrNotTaken) {
			t.Errorf("one that does not run: %v", err)
		}
		l, _ = start(t, outbox.Config{DB: db}, tables("log")...)
		drain(t, l)
		if err := l.Await(t.Context(), "lag"); !errors.Is(err, outbox.ErrNotTaken) || !strings.Contains(err.Error(), "nobody knows") {
			t.Errorf("one that there is not: %v", err)
		}
		if n := sqldbtest.Column[int](t, db, `SELECT count(*) FROM callboard_consumers WHERE name = 'lag'`)[0]; n != 0 {
			t.Error("it is there from then on")
		}
	}, outbox.Migrations())
}

// A consumer that nothing would run is refused, and so is a second one with the cursor of another.
func TestAddRefuses(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.SQLite, outbox.Migrations())
	createTable(t, db, "log")
	refused := func(what string, l *outbox.Log, c outbox.Consumer) {
		t.Helper()
		defer func() {
			if recover() == nil {
				t.Errorf("%s is taken", what)
			}
		}()
		l.Add(c)
	}
	twice := outbox.New(outbox.Config{DB: db})
	twice.Add(tables("log")...)
	refused("a second one", twice, tables("log")[0])
	l, _ := start(t, outbox.Config{DB: db}, tables("log")...)
	eventually(t, "it runs", l.Leading)
	refused("one that comes late", l, tables("late")[0])
	appendEvents(t, db, 1)
	drain(t, l)
}

func TestAppendRollsBackWithItsTransaction(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		log, _ := start(t, outbox.Config{DB: db})
		broken := errors.New("broken")
		err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			if err := log.Append(ctx, tx, newEvent("tested", callboard.Resource{}, nil)); err != nil {
				return err
			}
			return broken
		})
		if !errors.Is(err, broken) {
			t.Fatalf("Write: %v", err)
		}
		tooLarge := newEvent("tested", callboard.Resource{}, make([]byte, outbox.MaxPayload))
		err = db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error { return log.Append(ctx, tx, tooLarge) })
		if callboard.CodeOf(err) != callboard.CodeTooLarge {
			t.Errorf("a payload that is too large: %v", err)
		}
		unencodable := newEvent("tested", callboard.Resource{}, func() {})
		err = db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error { return log.Append(ctx, tx, unencodable) })
		if err == nil {
			t.Error("a payload that does not encode is taken")
		}
		appendEvents(t, db, 1)
		drain(t, log)
		stats, err := log.Stats(t.Context())
		if err != nil || stats.LastPos != 1 || stats.LagEvents() != 0 || !stats.Leading {
			t.Errorf("Stats: %+v, %v", stats, err)
		}
	}, outbox.Migrations())
}
