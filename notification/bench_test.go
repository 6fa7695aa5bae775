package notification_test

import (
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// BenchmarkHandle measures one batch of the inbox consumer: many events with few recipients, and one event with many.
func BenchmarkHandle(b *testing.B) {
	for _, kind := range []string{sqldbtest.SQLite, sqldbtest.Postgres} {
		b.Run(kind+"/256x3", func(b *testing.B) {
			f := newFixture(b, sqldbtest.Open(b, kind, sets()...), limitOf(-1))
			f.people.addViewers(300)
			for i := 0; b.Loop(); i++ {
				events := make([]callboard.Event, 256)
				for j := range events {
					events[j] = f.sent(callboard.NotificationData{Type: "note", Message: "m"}, episode(i*256+j),
						viewer(j), viewer(j+1), viewer(j+2))
				}
				f.handle(events...)
			}
		})
		b.Run(kind+"/256x3-limited", func(b *testing.B) {
			f := newFixture(b, sqldbtest.Open(b, kind, sets()...))
			for i := 0; b.Loop(); i++ {
				events := make([]callboard.Event, 256)
				for j := range events {
					events[j] = f.sent(callboard.NotificationData{Type: "note", Message: "m"}, episode(i*256+j), eve, vic, val)
				}
				f.handle(events...)
			}
		})
		b.Run(kind+"/1x10000", func(b *testing.B) {
			f := newFixture(b, sqldbtest.Open(b, kind, sets()...), limitOf(-1))
			f.people.addViewers(10_000)
			for i := 0; b.Loop(); i++ {
				f.handle(f.event(callboard.EpisodePublished.New(as(eve), episode(i), callboard.EpisodeData{Title: "T"})))
			}
		})
		b.Run(kind+"/1x10000-joined", func(b *testing.B) {
			f := newFixture(b, sqldbtest.Open(b, kind, sets()...), limitOf(-1))
			f.people.addViewers(10_000)
			for b.Loop() {
				f.handle(f.event(callboard.EpisodePublished.New(as(eve), episode(1), callboard.EpisodeData{Title: "T"})))
			}
		})
	}
}

// BenchmarkHandlePublish measures what an event with two recipients costs: a batch of 64 is handled and published.
func BenchmarkHandlePublish(b *testing.B) {
	const batch = 64
	for _, kind := range []string{sqldbtest.SQLite, sqldbtest.Postgres} {
		b.Run(kind, func(b *testing.B) {
			f := newFixture(b, sqldbtest.Open(b, kind, sets()...), limitOf(1<<30))
			f.people.addViewers(1000)
			for i := 0; b.Loop(); i++ {
				events := make([]callboard.Event, batch)
				for j := range events {
					n := i*batch + j
					events[j] = f.note("Call time is 7", viewer(n%1000), viewer((n+1)%1000))
				}
				f.handle(events...)
				if sent := f.publish(events...); len(sent) != 2*batch {
					b.Fatalf("%d messages", len(sent))
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/batch, "µs/event")
		})
	}
}
