package notification_test

import (
	"testing"

	"callboard"
	"callboard/sqldb/sqldbtest"
)

// BenchmarkFanOut measures one notification for everybody, 10,000 users, until all rows are durable.
func BenchmarkFanOut(b *testing.B) {
	const recipients = 10_000
	f := newFixture(b, sqldbtest.Open(b, sqldbtest.SQLite, sets()...), limitOf(-1))
	f.people.addViewers(recipients)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		f.handle(f.sent(callboard.NotificationData{Type: "note", Message: "Call time is 7"}, episode(i), callboard.AudienceAll))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/recipients, "ns/row")
}
