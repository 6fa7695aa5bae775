package outbox_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

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
		log, _ := start(t, outbox.Config{DB: db, Now: clock, Retention: time.Hour}, consumer.consumer())
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
