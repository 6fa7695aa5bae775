package outbox_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// Two processes that both run a consumer, neither knowing of the other, take every event once: the cursor fences.
func TestCursorFences(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		createTable(t, db, "log")
		ids := appendEvents(t, db, 3)
		arrived, resume := make(chan struct{}, 2), make(chan struct{})
		both := func() outbox.Consumer { // holds its first batch until both have one
			var once sync.Once
			table := &tableConsumer{table: "log"}
			return outbox.Consumer{Name: "log", Handle: func(ctx context.Context, tx *sqldb.Tx, events []callboard.Event) error {
				once.Do(func() {
					arrived <- struct{}{}
					<-resume
				})
				return table.handle(ctx, tx, events)
			}}
		}
		first, _ := start(t, outbox.Config{DB: db}, both())
		<-arrived
		if db.Dialect() == sqldb.Postgres { // the lease of the first ends from under it, as when its host vanishes and comes back
			exec(t, db, `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
				AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
		}
		second, _ := start(t, outbox.Config{DB: db}, both())
		if db.Dialect() == sqldb.Postgres {
			eventually(t, "the second leads", second.Leading)
			eventually(t, "the first no longer says so, though it is amid a batch", func() bool { return !first.Leading() })
		}
		close(resume)
		drain(t, first)
		drain(t, second)
		more := appendEvents(t, db, 20)
		drain(t, second)
		if positions, got := tableRows(t, db, "log"); !slices.Equal(positions, upTo(23)) || !slices.Equal(got, append(ids, more...)) {
			t.Errorf("positions %v", positions)
		}
	}, outbox.Migrations())
}

// The sockets wait for the log, so that who hears can read; but not for ever.
func TestFollowersWaitALittle(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		createTable(t, db, "log")
		exec(t, db, `ALTER TABLE log RENAME TO elsewhere`)
		patient, hasty := &recorder{}, &recorder{}
		waits, hurries := patient.consumer("log"), hasty.consumer("log")
		waits.Name, hurries.MaxWait = "patient", time.Millisecond
		log, _ := start(t, outbox.Config{DB: db}, append(tables("log"), waits, hurries)...)
		appendEvents(t, db, 3)
		eventually(t, "the hasty one goes on", func() bool { return slices.Equal(hasty.positions(), upTo(3)) })
		if got := patient.positions(); len(got) != 0 {
			t.Errorf("the patient one sent %v before the log had it", got)
		}
		exec(t, db, `ALTER TABLE elsewhere RENAME TO log`)
		drain(t, log)
		// One that the log tried just before the table was back comes late, and once more.
		if got := slices.Compact(slices.Sorted(slices.Values(patient.positions()))); !slices.Equal(got, upTo(3)) {
			t.Errorf("the patient one sent %v", got)
		}
	}, outbox.Migrations())
}

// parts is a consumer to which every event is ten parts, of which it takes three at a time.
type parts struct {
	mu    sync.Mutex
	fail  bool
	calls int
}

func (p *parts) handle(ctx context.Context, tx *sqldb.Tx, events []callboard.Event, sub string) (int, string, error) {
	from, _ := strconv.Atoi(sub)
	upTo := min(from+3, 10)
	var rows [][]any
	for n := from; n < upTo; n++ {
		rows = append(rows, []any{events[0].Pos, strconv.Itoa(n)})
	}
	if err := sqldb.BulkInsert(ctx, tx, "parts", []string{"pos", "event_id"}, rows, ""); err != nil {
		return 0, "", err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.calls++; p.fail && p.calls%2 == 0 {
		return 0, "", fmt.Errorf("call %d fails", p.calls)
	}
	if upTo == 10 {
		return 1, "", nil
	}
	return 0, strconv.Itoa(upTo), nil
}

// An event that is taken in parts is taken once, whatever fails in between, and over restarts.
func TestEventsInParts(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		createTable(t, db, "parts")
		for _, fail := range []bool{false, true} {
			exec(t, db, `DELETE FROM parts`)
			p := &parts{fail: fail}
			log, stop := start(t, outbox.Config{DB: db}, outbox.Consumer{Name: "parts", HandlePart: p.handle})
			appendEvents(t, db, 4)
			if fail { // the restart comes somewhere in the middle
				eventually(t, "it has begun", func() bool { got, _ := tableRows(t, db, "parts"); return len(got) > 0 })
				stop()
				log, stop = start(t, outbox.Config{DB: db}, outbox.Consumer{Name: "parts", HandlePart: p.handle})
			}
			drain(t, log)
			eventually(t, "nothing is set aside", func() bool { return stats(t, log, "parts").DeadLetters == 0 })
			stop()
			seen := map[string]int{}
			positions, ids := tableRows(t, db, "parts")
			for i := range positions {
				seen[fmt.Sprint(positions[i], "/", ids[i])]++
			}
			if len(positions) != 40 || len(seen) != 40 {
				t.Errorf("%d parts, %d different ones; want 40", len(positions), len(seen))
			}
		}
	}, outbox.Migrations())
}

// A consumer that was switched off goes on where it stopped. What was swept meanwhile it skips.
func TestSwitchedOffConsumer(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		createTable(t, db, "steady")
		createTable(t, db, "paused")
		log, stop := start(t, outbox.Config{DB: db}, tables("steady", "paused")...)
		appendEvents(t, db, 2)
		drain(t, log)
		stop()
		log, stop = start(t, outbox.Config{DB: db}, tables("steady")...)
		appendEvents(t, db, 3)
		drain(t, log)
		stop()
		log, stop = start(t, outbox.Config{DB: db}, tables("steady", "paused")...)
		drain(t, log)
		stop()
		if got, _ := tableRows(t, db, "paused"); !slices.Equal(got, upTo(5)) {
			t.Errorf("after it was off it has %v", got)
		}
		later := func() time.Time { return callboard.Now().Add(48 * time.Hour) }
		log, stop = start(t, outbox.Config{DB: db, Now: later, Retention: time.Hour}, tables("steady")...)
		appendEvents(t, db, 4)
		drain(t, log)
		sweep(t, log, 9)
		appendEvents(t, db, 1)
		drain(t, log)
		stop()
		log, _ = start(t, outbox.Config{DB: db}, tables("steady", "paused")...)
		drain(t, log)
		if got, _ := tableRows(t, db, "paused"); !slices.Equal(got, append(upTo(5), 10)) {
			t.Errorf("after what it missed was swept it has %v", got)
		}
	}, outbox.Migrations())
}

// An application that runs consumers of its own beside a server starves neither.
func TestLogsWithOtherConsumers(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		createTable(t, db, "server")
		createTable(t, db, "own")
		server, _ := start(t, outbox.Config{DB: db}, tables("server")...)
		own, _ := start(t, outbox.Config{DB: db}, tables("own")...)
		appendEvents(t, db, 50)
		drain(t, server)
		drain(t, own)
		for _, table := range []string{"server", "own"} {
			if got, _ := tableRows(t, db, table); !slices.Equal(got, upTo(50)) {
				t.Errorf("%s has %v", table, got)
			}
		}
	}, outbox.Migrations())
}

// After it had to overtake once, a follower that was caught up with waits again.
func TestFollowersWaitAgain(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		createTable(t, db, "log")
		sent := &recorder{}
		sockets := sent.consumer("log")
		sockets.MaxWait = time.Second
		log, _ := start(t, outbox.Config{DB: db}, append(tables("log"), sockets)...)
		exec(t, db, `ALTER TABLE log RENAME TO elsewhere`)
		appendEvents(t, db, 2)
		eventually(t, "it overtakes", func() bool { return slices.Equal(sent.positions(), upTo(2)) })
		exec(t, db, `ALTER TABLE elsewhere RENAME TO log`)
		drain(t, log)
		early := 0
		sent.fail(func(e callboard.Event) error {
			if got, _ := tableRows(t, db, "log"); !slices.Contains(got, e.Pos) {
				early++
			}
			return nil
		})
		for n := range 20 {
			appendEvents(t, db, 1)
			eventually(t, "it is sent", func() bool { return len(sent.positions()) == n+3 })
		}
		if early > 0 {
			t.Errorf("%d of 20 events were sent before the log had them", early)
		}
	}, outbox.Migrations())
}

// Events that do not concern a consumer are no sign that it works: while its table is away it stands still, and the others
// that do concern it become no dead letters.
func TestEventsOfNoConcernProveNothing(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		createTable(t, db, "log")
		log := &tableConsumer{table: "log"}
		odd := log.consumer()
		odd.Wants = func(e *callboard.Event) bool { return e.Pos%2 == 1 }
		odd.Handle = func(ctx context.Context, tx *sqldb.Tx, events []callboard.Event) error {
			return log.handle(ctx, tx, slices.DeleteFunc(slices.Clone(events), func(e callboard.Event) bool { return !odd.Wants(&e) }))
		}
		exec(t, db, `ALTER TABLE log RENAME TO elsewhere`)
		appendEvents(t, db, 100)
		events, _ := start(t, outbox.Config{DB: db}, odd)
		eventually(t, "it stands still", func() bool { return stats(t, events, "log").Failures > 2 })
		if s := stats(t, events, "log"); s.DeadLetters > 0 || s.Pos != 0 {
			t.Errorf("%+v", s)
		}
		exec(t, db, `ALTER TABLE elsewhere RENAME TO log`)
		drain(t, events)
		eventually(t, "it has all", func() bool { got, _ := tableRows(t, db, "log"); return len(got) == 50 })
	}, outbox.Migrations())
}

// A failure that has passed is no longer reported, although nothing has happened since, and neither after a restart.
func TestPassedFailuresAreCleared(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		createTable(t, db, "log")
		log, stop := start(t, outbox.Config{DB: db}, tables("log")...)
		appendEvents(t, db, 3)
		drain(t, log)
		sqldbtest.RenameTable(t, db, "callboard_dead_letters", "callboard_elsewhere")
		eventually(t, "it fails", func() bool {
			var failures int
			err := db.QueryRowContext(t.Context(), `SELECT failures FROM callboard_consumers WHERE name = 'log'`).Scan(&failures)
			return err == nil && failures > 0
		})
		sqldbtest.RenameTable(t, db, "callboard_elsewhere", "callboard_dead_letters")
		eventually(t, "it no longer does", func() bool { return stats(t, log, "log").Failures == 0 })
		stop()
		exec(t, db, `UPDATE callboard_consumers SET failures = 7, error = 'of a process that was killed'`)
		log, _ = start(t, outbox.Config{DB: db}, tables("log")...)
		eventually(t, "nor after a restart", func() bool { return stats(t, log, "log").Failures == 0 })
	}, outbox.Migrations())
}

func TestBatchesAdapt(t *testing.T) {
	t.Parallel()
	batch := outbox.NewBatchSizer(sqldb.SQLite, 100)
	for i, step := range []struct {
		events int
		took   time.Duration
		want   int
	}{
		{8, time.Millisecond, 16}, // cheap: twice as many
		{16, time.Millisecond, 32},
		{32, 7 * time.Millisecond, 64},
		{64, 7 * time.Millisecond, 100}, // never more than configured
		{0, time.Minute, 100},           // nothing was done: nothing is known
		{100, 40 * time.Millisecond, 20},
		{4, 10 * time.Second, 1}, // ten thousand recipients each
		{1, time.Second, 1},
		{1, time.Millisecond, 4},
	} {
		if got := batch.Observe(step.events, step.took); got != step.want {
			t.Errorf("step %d: %d events in %s lead to %d, want %d", i, step.events, step.took, got, step.want)
		}
	}
	far := outbox.NewBatchSizer(sqldb.Postgres, 256)
	for _, took := range []time.Duration{time.Second, 10 * time.Second, 10 * time.Second} { // it would not be faster alone
		if got := far.Observe(64, took); got != 64 {
			t.Errorf("after a batch of %s on PostgreSQL the next has %d events", took, got)
		}
	}
}
