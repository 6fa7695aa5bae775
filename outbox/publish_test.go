package outbox_test

import (
	"errors"
	"slices"
	"testing"

	"callboard/outbox"
	"callboard/sqldb"
	"callboard/sqldb/sqldbtest"
)

// A publisher that fails falls behind alone, however many events pile up for it, and catches up in order.
func TestPublisherFailsAlone(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		const first, more = 3, 1200 // more than are published at once
		good, bad := &recorder{}, &recorder{}
		relay, stop := start(t, outbox.Config{DB: db, Publishers: []outbox.Publisher{bad, good}})
		appendEvents(t, db, first)
		drain(t, relay)
		bad.fail(errors.New("away"))
		appendEvents(t, db, more)
		eventually(t, "the good publisher has all", func() bool { return len(good.positions()) == first+more })
		if got := bad.positions(); len(got) != first {
			t.Errorf("the bad publisher took %d events", len(got))
		}
		stats, err := relay.Stats(t.Context())
		if err != nil || stats.PublishedPos != first {
			t.Errorf("published up to %d (%v), want %d: the slowest counts", stats.PublishedPos, err, first)
		}
		bad.fail(nil)
		drain(t, relay)
		stop()
		for name, r := range map[string]*recorder{"good": good, "bad": bad} {
			if !slices.Equal(r.positions(), upTo(first+more)) {
				t.Errorf("the %s publisher did not get each event once and in order", name)
			}
		}
	}, outbox.Migrations())
}
