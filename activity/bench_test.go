package activity_test

import (
	"context"
	"fmt"
	"testing"

	"callboard"
	"callboard/activity"
	"callboard/outbox"
	"callboard/sqldb"
	"callboard/sqldb/sqldbtest"
)

// benchEntries is how many entries the log holds. One in a hundred has a word of its own.
const benchEntries = 20_000

// benchLog returns a log with entries of 100 users about 1,000 resources.
func benchLog(b *testing.B) *activity.Service {
	db := sqldbtest.Open(b, sqldbtest.SQLite, outbox.Migrations(), activity.Migrations())
	s := activity.New(activity.Config{DB: db, Users: people{}})
	events := make([]callboard.Event, 256)
	for pos := 0; pos < benchEntries; {
		for i := range events {
			pos++
			events[i] = benchEvent(pos)
		}
		err := db.Write(b.Context(), func(ctx context.Context, tx *sqldb.Tx) error { return s.Handler().Handle(ctx, tx, events) })
		if err != nil {
			b.Fatal(err)
		}
	}
	return s
}

func benchEvent(pos int) callboard.Event {
	ctx := callboard.WithActor(context.Background(), callboard.Actor{ID: benchUser(pos % 100), Name: "Ada Okafor"})
	title := fmt.Sprintf("The Tide Table %d", pos%1000)
	if pos%100 == 0 {
		title = fmt.Sprintf("Lighthouse%d", pos)
	}
	e := callboard.EpisodeUpdated.New(ctx, benchEpisode(pos%1000, title), callboard.EpisodeData{
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
	s := benchLog(b)
	page := callboard.Page{}
	type list = callboard.List[activity.Entry]
	for _, c := range []struct {
		name  string
		query func(ctx context.Context) (list, error)
	}{
		{"feed", func(ctx context.Context) (list, error) { return s.Feed(ctx, activity.Filter{}, page) }},
		{"by-resource", func(ctx context.Context) (list, error) { return s.ByResource(ctx, benchEpisode(7, ""), page) }},
		{"by-user", func(ctx context.Context) (list, error) { return s.ByUser(ctx, benchUser(7), page) }},
		{"search-common", func(ctx context.Context) (list, error) { return s.Search(ctx, "tide", page) }},
		{"search-rare", func(ctx context.Context) (list, error) { return s.Search(ctx, "lighthouse4200", page) }},
		{"search-common-and-rare", func(ctx context.Context) (list, error) { return s.Search(ctx, "okafor lighthouse4200", page) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				found, err := c.query(b.Context())
				if err != nil || len(found.Items) == 0 {
					b.Fatalf("%d entries, %v", len(found.Items), err)
				}
			}
		})
	}
}

// BenchmarkHandle measures a batch of the relay: 256 entries with their words, without the commit.
func BenchmarkHandle(b *testing.B) {
	db := sqldbtest.Open(b, sqldbtest.SQLite, outbox.Migrations(), activity.Migrations())
	h := activity.New(activity.Config{DB: db, Users: people{}}).Handler()
	events := make([]callboard.Event, 256)
	pos := 0
	b.ReportAllocs()
	err := db.Write(b.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		for b.Loop() {
			for i := range events {
				pos++
				events[i] = benchEvent(pos)
			}
			if err := h.Handle(ctx, tx, events); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}
