package outbox_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"callboard"
	"callboard/outbox"
	"callboard/sqldb"
	"callboard/sqldb/sqldbtest"
)

// tableConsumer is a real consumer: it copies position and event ID into a table of its own, which has no unique key, so that
// a doubled row would show.
type tableConsumer struct {
	table string
	err   func(callboard.Event) error // nil: no trouble
}

func (h *tableConsumer) consumer() outbox.Consumer {
	return outbox.Consumer{Name: h.table, Handle: h.handle}
}

func (h *tableConsumer) handle(ctx context.Context, tx *sqldb.Tx, events []callboard.Event) error {
	rows := make([][]any, len(events))
	for i, e := range events {
		if h.err != nil {
			if err := h.err(e); err != nil {
				return err
			}
		}
		rows[i] = []any{e.Pos, e.ID}
	}
	return sqldb.BulkInsert(ctx, tx, h.table, []string{"pos", "event_id"}, rows, "")
}

// tables returns a consumer for each of the tables.
func tables(names ...string) []outbox.Consumer {
	var consumers []outbox.Consumer
	for _, name := range names {
		consumers = append(consumers, (&tableConsumer{table: name}).consumer())
	}
	return consumers
}

// recorder is a consumer that sends: it remembers what it was given, and can be made to fail.
type recorder struct {
	mu     sync.Mutex
	events []callboard.Event
	err    func(callboard.Event) error // nil: no trouble
}

func (r *recorder) consumer(follows ...string) outbox.Consumer {
	return outbox.Consumer{Name: "sockets", Send: r.send, Follows: follows}
}

func (r *recorder) send(_ context.Context, events []callboard.Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range events {
		if r.err == nil {
			continue
		}
		if err := r.err(e); err != nil {
			return err
		}
	}
	r.events = append(r.events, events...)
	return nil
}

func (r *recorder) fail(err func(callboard.Event) error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err = err
}

func (r *recorder) positions() []int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return positionsOf(r.events)
}

func positionsOf(events []callboard.Event) []int64 {
	var positions []int64
	for _, e := range events {
		positions = append(positions, e.Pos)
	}
	return positions
}

func upTo(n int64) []int64 {
	var positions []int64
	for i := range n {
		positions = append(positions, i+1)
	}
	return positions
}

func createTable(t *testing.T, db *sqldb.DB, table string) {
	t.Helper()
	exec(t, db, `CREATE TABLE `+table+` (pos BIGINT NOT NULL, event_id TEXT NOT NULL)`)
}

func exec(t *testing.T, db *sqldb.DB, statement string) {
	t.Helper()
	err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, statement)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// appendEvents writes n events, each in a transaction of its own, and returns their IDs.
func appendEvents(t *testing.T, db *sqldb.DB, n int) []string {
	t.Helper()
	ids := make([]string, n)
	for i := range n {
		e := callboard.NewEvent(t.Context(), "tested", callboard.Resource{Type: "test", ID: "1"}, map[string]int{"n": i})
		e.Channels = []string{callboard.BroadcastChannel}
		err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			return outbox.Append(ctx, tx, e)
		})
		if err != nil {
			t.Fatal(err)
		}
		ids[i] = e.ID
	}
	return ids
}

// tableRows returns the positions and event IDs of a consumer's table, in order of position.
func tableRows(t *testing.T, db *sqldb.DB, table string) (positions []int64, ids []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT pos, event_id FROM `+table+` ORDER BY pos`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var pos int64
		var id string
		if err := rows.Scan(&pos, &id); err != nil {
			t.Fatal(err)
		}
		positions, ids = append(positions, pos), append(ids, id)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return positions, ids
}

// start runs a log until the test ends or stop is called, and proves that it stops.
func start(t *testing.T, cfg outbox.Config) (log *outbox.Log, stop func()) {
	t.Helper()
	if cfg.Poll == 0 {
		cfg.Poll = 20 * time.Millisecond
	}
	if cfg.RetryFirst == 0 {
		cfg.RetryFirst, cfg.RetryMax = 5*time.Millisecond, 20*time.Millisecond
	}
	log = outbox.New(cfg)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- log.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("Run: %v", err)
			}
		case <-time.After(10 * time.Second):
			t.Error("the log does not stop")
		}
	})
	t.Cleanup(stop)
	return log, stop
}

func drain(t *testing.T, log *outbox.Log) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := log.Drain(ctx); err != nil {
		t.Fatalf("Drain: %v", err)
	}
}

// eventually looks until ok, and fails the test when it never is.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(20 * time.Second)
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("never: %s", what)
		}
	}
}

// stats returns what is known of a consumer.
func stats(t *testing.T, log *outbox.Log, consumer string) outbox.ConsumerStats {
	t.Helper()
	s, err := log.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range s.Consumers {
		if c.Name == consumer {
			return c
		}
	}
	t.Fatalf("no consumer %s", consumer)
	return outbox.ConsumerStats{}
}

func TestPositionsAreGaplessAndOnce(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		createTable(t, db, "log")
		sent := &recorder{}
		log, _ := start(t, outbox.Config{DB: db, BatchSize: 32, Consumers: append(tables("log"), sent.consumer())})
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
	log, _ := start(t, outbox.Config{DB: db, Consumers: tables("log")})
	appended, commit, done := make(chan string), make(chan struct{}), make(chan error)
	go func() {
		done <- db.Write(context.Background(), func(ctx context.Context, tx *sqldb.Tx) error {
			e := callboard.NewEvent(ctx, "late", callboard.Resource{}, nil)
			err := outbox.Append(ctx, tx, e)
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
		log, _ := start(t, outbox.Config{DB: db, BatchSize: 16, Consumers: append(tables("broken", "healthy"), sent.consumer())})
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
		log, stop := start(t, outbox.Config{DB: db, Consumers: append(tables("log"), sent.consumer())})
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
		log, _ = start(t, outbox.Config{DB: db, Consumers: append(tables("log"), again.consumer())})
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
	cfg := outbox.Config{DB: db, BatchSize: 8, Consumers: tables("log")}
	first, _ := start(t, cfg)
	eventually(t, "the first leads", first.Leading)
	second, _ := start(t, cfg)

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
		l, _ := start(t, outbox.Config{DB: db, Consumers: []outbox.Consumer{slow.consumer()}})
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
		if err := l.Await(t.Context(), "log"); err != nil {
			t.Errorf("a consumer that stands still holds up those who wait: %v", err)
		}
	}, outbox.Migrations())
}

func TestSweepLeavesNoGap(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		createTable(t, db, "log")
		now := callboard.Now()
		var mu sync.Mutex
		clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
		stuck := errors.New("not yet")
		consumer := &tableConsumer{table: "log", err: func(e callboard.Event) error {
			mu.Lock()
			defer mu.Unlock()
			if e.Pos == 7 {
				return stuck
			}
			return nil
		}}
		appendEvents(t, db, 10)
		log, _ := start(t, outbox.Config{DB: db, Now: clock, Retention: time.Hour, Consumers: []outbox.Consumer{consumer.consumer()}})
		drain(t, log)
		admin := callboard.WithActor(t.Context(), callboard.System("test"))

		sweep(t, log, 0) // young
		mu.Lock()
		now = now.Add(2 * time.Hour)
		mu.Unlock()
		sweep(t, log, 6) // 7 is a dead letter, and nothing after it may go either
		if _, err := log.Events(admin, 3, 100); callboard.CodeOf(err) != callboard.CodeGone {
			t.Errorf("events after a swept position: %v, want CodeGone", err)
		}
		feed, err := log.Events(admin, 6, 100)
		if err != nil || !slices.Equal(positionsOf(feed.Events), []int64{7, 8, 9, 10}) {
			t.Errorf("events after 6: %v, %v", positionsOf(feed.Events), err)
		}
		mu.Lock()
		stuck = nil
		mu.Unlock()
		eventually(t, "the stuck event is handled", func() bool {
			mu.Lock()
			now = now.Add(time.Hour) // past the backoff, which runs on the same clock: also that of an attempt under way
			mu.Unlock()
			return stats(t, log, "log").DeadLetters == 0
		})
		sweep(t, log, 4)
		if _, err := log.Events(admin, 10, 100); err != nil {
			t.Errorf("events after the last position: %v", err)
		}
		if _, err := log.Events(admin, 11, 100); callboard.CodeOf(err) != callboard.CodeGone {
			t.Errorf("events after a position that never was: %v, want CodeGone", err)
		}
	}, outbox.Migrations())
}

func sweep(t *testing.T, log *outbox.Log, want int) {
	t.Helper()
	if n, err := log.Sweep(t.Context()); err != nil || n != want {
		t.Errorf("swept %d events, %v; want %d", n, err, want)
	}
}

func TestEventsByReader(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		ada, bob := callboard.NewID(), callboard.NewID()
		channels := [][]string{
			{callboard.BroadcastChannel}, {callboard.UserChannel(ada)}, {callboard.UserChannel(bob)},
			{"episode:1"}, {callboard.RoomChannel("writers")}, nil,
		}
		err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			for _, c := range channels {
				e := callboard.NewEvent(ctx, "tested", callboard.Resource{}, nil)
				e.Channels = c
				if err := outbox.Append(ctx, tx, e); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		log, _ := start(t, outbox.Config{DB: db})
		drain(t, log)
		tests := []struct {
			name  string
			actor callboard.Actor
			want  []int64
		}{
			{"nobody", callboard.Actor{}, nil},
			{"a viewer", callboard.Actor{ID: ada, Role: callboard.RoleViewer}, []int64{1, 2, 4, 5}},
			{"another", callboard.Actor{ID: bob, Role: callboard.RoleEditor}, []int64{1, 3, 4, 5}},
			{"an admin", callboard.Actor{ID: bob, Role: callboard.RoleAdmin}, []int64{1, 2, 3, 4, 5, 6}},
		}
		for _, tt := range tests {
			for _, limit := range []int{1, 2, 100} {
				var got []int64
				for pos, more := int64(0), true; more; {
					feed, err := log.Events(callboard.WithActor(t.Context(), tt.actor), pos, limit)
					if err != nil {
						t.Fatal(err)
					}
					got = append(got, positionsOf(feed.Events)...)
					pos, more = feed.Pos, feed.More()
				}
				if !slices.Equal(got, tt.want) {
					t.Errorf("%s, %d at a time, reads %v, want %v", tt.name, limit, got, tt.want)
				}
			}
		}
	}, outbox.Migrations())
}

func TestAppendRollsBackWithItsTransaction(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		log, _ := start(t, outbox.Config{DB: db})
		broken := errors.New("broken")
		err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			if err := outbox.Append(ctx, tx, callboard.NewEvent(ctx, "tested", callboard.Resource{}, nil)); err != nil {
				return err
			}
			return broken
		})
		if !errors.Is(err, broken) {
			t.Fatalf("Write: %v", err)
		}
		tooLarge := callboard.NewEvent(t.Context(), "tested", callboard.Resource{}, make([]byte, outbox.MaxPayload))
		err = db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error { return outbox.Append(ctx, tx, tooLarge) })
		if callboard.CodeOf(err) != callboard.CodeTooLarge {
			t.Errorf("a payload that is too large: %v", err)
		}
		unencodable := callboard.NewEvent(t.Context(), "tested", callboard.Resource{}, func() {})
		err = db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error { return outbox.Append(ctx, tx, unencodable) })
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

// Events that nobody gives a position are late too, although no consumer is behind.
func TestEventsWithoutPositionAreLate(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, "postgres", outbox.Migrations())
	log := outbox.New(outbox.Config{DB: db, Consumers: tables("log")}) // and nobody runs it
	appendEvents(t, db, 2)
	eventually(t, "it says so", func() bool {
		s, err := log.Stats(t.Context())
		return err == nil && s.Depth == 2 && s.LagEvents() == 2 && s.Lag() > 0
	})
}
