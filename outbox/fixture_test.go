package outbox_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
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

// newEvent returns an event of somebody's.
func newEvent(name string, res callboard.Resource, data any) callboard.Event {
	return callboard.NewEvent(callboard.WithActor(context.Background(), callboard.System("Test")), name, res, data)
}

// appendEvents writes n events, each in a transaction of its own, and returns their IDs.
func appendEvents(t *testing.T, db *sqldb.DB, n int) []string {
	t.Helper()
	ids, log := make([]string, n), outbox.New(outbox.Config{DB: db, Events: testEvents(t)})
	for i := range n {
		e := newEvent("tested", callboard.Resource{Type: "test", ID: "1"}, map[string]int{"n": i})
		e.Channels = []string{callboard.BroadcastChannel}
		err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			return log.Append(ctx, tx, e)
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

// testEvents returns the registry of the events of these tests.
func testEvents(t testing.TB) *callboard.Registry {
	t.Helper()
	var own []callboard.EventType
	for _, name := range []string{"tested", "late", "large"} {
		own = append(own, callboard.EventType{Name: name, Summary: "Of a test."})
	}
	registry, err := callboard.NewRegistry(own...)
	if err != nil {
		t.Fatal(err)
	}
	return registry
}

// start runs a log until the test ends or stop is called, and proves that it stops.
func start(t *testing.T, cfg outbox.Config, consumers ...outbox.Consumer) (log *outbox.Log, stop func()) {
	t.Helper()
	if cfg.Events == nil {
		cfg.Events = testEvents(t)
	}
	if cfg.Poll == 0 {
		cfg.Poll = 20 * time.Millisecond
	}
	if cfg.RetryFirst == 0 {
		cfg.RetryFirst, cfg.RetryMax = 5*time.Millisecond, 20*time.Millisecond
	}
	log = outbox.New(cfg)
	log.Add(consumers...)
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
