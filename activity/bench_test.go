package activity_test

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/activity"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// benchEntries is how many entries the log of BenchmarkQuery holds: go test -bench Query ./activity -entries 1000000
var benchEntries = flag.Int("entries", 20_000, "entries of the log of BenchmarkQuery")

// benchYear is the time from the first entry to the last.
const benchYear = 365 * 24 * time.Hour

var benchEnd = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// benchLog returns a log with entries of 100 users about 1,000 resources. One in a hundred has a word of its own.
func benchLog(b *testing.B, kind string, entries int) *activity.Service {
	db := sqldbtest.Open(b, kind, outbox.Migrations(), activity.Migrations())
	s := activity.New(activity.Config{DB: db, Users: people{}})
	events := make([]callboard.Event, 500)
	for pos := 0; pos < entries; {
		for i := range events {
			pos++
			events[i] = benchEvent(pos)
			events[i].CreatedAt = benchEnd.Add(-benchYear / time.Duration(entries) * time.Duration(entries-pos))
		}
		err := db.Write(b.Context(), func(ctx context.Context, tx *sqldb.Tx) error { return s.Consumer().Handle(ctx, tx, events) })
		if err != nil {
			b.Fatal(err)
		}
	}
	if kind == sqldbtest.Postgres { // as its autovacuum would
		if err := db.Write(b.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, `ANALYZE`)
			return err
		}); err != nil {
			b.Fatal(err)
		}
	}
	return s
}

func benchEvent(pos int) callboard.Event {
	names := strings.Fields("Ada Ben Mira Tom Yara Luka Noor Finn Iris Omar")
	actor := callboard.Actor{ID: benchUser(pos % 100), Name: names[pos%10] + " Okafor"}
	title := fmt.Sprintf("The Tide Table %d", pos%1000)
	if pos%100 == 0 {
		title = fmt.Sprintf("Lighthouse%d", pos)
	}
	kind := callboard.EpisodeUpdated
	if pos%13 == 0 {
		kind = callboard.EpisodeArchived
	}
	e := kind.New(callboard.WithActor(context.Background(), actor), benchEpisode(pos%1000, title), callboard.EpisodeData{
		Title: title, Status: "draft", Changes: callboard.Changes{"title": {Old: "Working title", New: title}},
	})
	e.Pos = int64(pos)
	return e
}

func benchUser(n int) string { return fmt.Sprintf("01970000-0000-7000-8000-%012d", n) }

func benchEpisode(n int, name string) callboard.Resource {
	return callboard.Resource{Type: "episode", ID: fmt.Sprintf("ep-%d", n), Name: name}
}

// BenchmarkQuery measures the first page, of 50 entries where there are as many, by each way that leads to one.
func BenchmarkQuery(b *testing.B) {
	for _, kind := range []string{sqldbtest.SQLite, sqldbtest.Postgres} {
		b.Run(kind, func(b *testing.B) {
			s := benchLog(b, kind, *benchEntries)
			feed := func(f activity.Filter) func(*testing.B) {
				return benchPage(func(ctx context.Context) (callboard.List[activity.Entry], error) {
					return s.Feed(ctx, f, callboard.Page{})
				})
			}
			search := func(query string) func(*testing.B) {
				return benchPage(func(ctx context.Context) (callboard.List[activity.Entry], error) {
					return s.Search(ctx, query, activity.Filter{}, callboard.Page{})
				})
			}
			old := benchEnd.Add(-benchYear / 2)
			b.Run("feed", feed(activity.Filter{}))
			b.Run("by-resource", feed(activity.Filter{Resource: benchEpisode(7, "")}))
			b.Run("by-user", feed(activity.Filter{UserID: benchUser(7)}))
			b.Run("by-action", feed(activity.Filter{Action: "archived_episode"}))
			b.Run("by-user-and-action", feed(activity.Filter{UserID: benchUser(7), Action: "archived_episode"}))
			b.Run("by-user-and-no-action", feed(activity.Filter{UserID: benchUser(7), Action: "nothing"}))
			b.Run("of-last-year", feed(activity.Filter{Until: old}))
			b.Run("of-a-day-and-user", feed(activity.Filter{Since: old.Add(-24 * time.Hour), Until: old, UserID: benchUser(7)}))
			b.Run("search-common", search("tide"))
			b.Run("search-beginning", search("arch"))
			b.Run("search-two", search("tid archived"))
			b.Run("search-rare", search("lighthouse4200"))
			b.Run("search-many-words", search("lighthouse"))
			b.Run("search-1-in-1000", search("999"))
			b.Run("search-common-and-rare", search("okafor lighthouse4200"))
			b.Run("search-never-together", search("ada ben"))
			b.Run("search-nothing", search("nowhere"))
			searchOf := func(query string, f activity.Filter) func(*testing.B) {
				return benchPage(func(ctx context.Context) (callboard.List[activity.Entry], error) {
					return s.Search(ctx, query, f, callboard.Page{})
				})
			}
			b.Run("search-common-of-user", searchOf("tide", activity.Filter{UserID: benchUser(7)}))
			b.Run("search-common-of-no-action", searchOf("tide", activity.Filter{Action: "nothing"}))
			b.Run("search-rare-of-user", searchOf("lighthouse4200", activity.Filter{UserID: benchUser(0)}))
			b.Run("search-common-of-last-year", searchOf("tide", activity.Filter{Until: old}))
			b.Run("search-common-of-a-day", searchOf("tide", activity.Filter{Since: old.Add(-24 * time.Hour), Until: old}))
			zone := time.FixedZone("", 2*60*60)
			counts := func(f activity.Filter, hours bool) func(*testing.B) {
				return func(b *testing.B) {
					for b.Loop() {
						c, err := s.Counts(b.Context(), f, hours, zone)
						if err != nil {
							b.Fatal(err)
						}
						b.ReportMetric(float64(c.Total), "entries")
					}
				}
			}
			b.Run("counts-of-a-month", counts(activity.Filter{Until: benchEnd}, false))
			b.Run("counts-of-two-days", counts(activity.Filter{Until: benchEnd}, true))
			b.Run("counts-of-a-year", counts(activity.Filter{Since: benchEnd.Add(-benchYear), Until: benchEnd}, false))
			b.Run("counts-of-a-year-of-user", counts(activity.Filter{Since: benchEnd.Add(-benchYear), Until: benchEnd, UserID: benchUser(7)}, false))
			b.Run("counts-of-a-year-of-resource", counts(activity.Filter{Since: benchEnd.Add(-benchYear), Until: benchEnd, Resource: benchEpisode(7, "")}, false))
			b.Run("counts-of-a-month-of-action", counts(activity.Filter{Until: benchEnd, Action: "archived_episode"}, false))
		})
	}
}

func benchPage(query func(ctx context.Context) (callboard.List[activity.Entry], error)) func(*testing.B) {
	return func(b *testing.B) {
		for b.Loop() {
			if _, err := query(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkHandle measures a batch of 256 events in a transaction of its own, and what the tree takes for their entries in another one.
func BenchmarkHandle(b *testing.B) {
	for _, kind := range []string{sqldbtest.SQLite, sqldbtest.Postgres} {
		for _, part := range []string{"log", "tree"} {
			b.Run(kind+"/"+part, func(b *testing.B) {
				db := sqldbtest.Open(b, kind, outbox.Migrations(), activity.Migrations())
				s := activity.New(activity.Config{DB: db, Users: people{}})
				events := make([]callboard.Event, 256)
				pos := 0
				for b.Loop() {
					b.StopTimer()
					for i := range events {
						pos++
						events[i] = benchEvent(pos)
					}
					timed := func(name string, handle func(ctx context.Context, tx *sqldb.Tx) error) {
						if name == part {
							b.StartTimer()
							defer b.StopTimer()
						}
						if err := db.Write(b.Context(), handle); err != nil {
							b.Fatal(err)
						}
					}
					timed("log", func(ctx context.Context, tx *sqldb.Tx) error { return s.Consumer().Handle(ctx, tx, events) })
					timed("tree", func(ctx context.Context, tx *sqldb.Tx) error {
						_, _, err := s.TreeConsumer().HandlePart(ctx, tx, events, "")
						return err
					})
					b.StartTimer()
				}
				b.ReportMetric(b.Elapsed().Seconds()*1e6/float64(len(events)*b.N), "µs/event")
			})
		}
	}
}
