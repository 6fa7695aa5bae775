package notification_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// BenchmarkFanOut measures one notification for everybody, 10,000 users, until all rows are durable and all are told, and
// what a small write takes meanwhile.
func BenchmarkFanOut(b *testing.B) {
	const recipients = 10_000
	f := newFixture(b, sqldbtest.Open(b, sqldbtest.SQLite, sets()...), limitOf(-1))
	f.people.addViewers(recipients)
	b.ReportAllocs()
	var waits []time.Duration
	for i := 0; b.Loop(); i++ {
		done := make(chan []time.Duration)
		stop := make(chan struct{})
		go func() { done <- f.smallWrites(stop) }()
		e := f.sent(callboard.NotificationData{Type: "note", Message: "Call time is 7"}, episode(i), callboard.AudienceAll)
		f.handle(e)
		f.publish(e)
		close(stop)
		waits = append(waits, <-done...)
	}
	slices.Sort(waits)
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/recipients, "ns/row")
	b.ReportMetric(float64(waits[len(waits)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(waits[len(waits)*99/100].Microseconds()), "p99-µs")
}

// smallWrites writes until stop is closed, and returns how long each write took.
func (f *fixture) smallWrites(stop <-chan struct{}) []time.Duration {
	var took []time.Duration
	ticker := time.NewTicker(3 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-stop:
			return took
		case <-ticker.C:
		}
		start := time.Now()
		err := f.db.Write(context.Background(), func(ctx context.Context, tx *sqldb.Tx) error {
			return f.WatchTx(ctx, tx, vic, episode(len(took)%10))
		})
		if err != nil {
			f.t.Error(err)
		}
		took = append(took, time.Since(start))
	}
}
