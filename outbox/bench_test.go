package outbox_test

import (
	"context"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

func benchEvent(ctx context.Context) callboard.Event {
	res := callboard.Resource{Type: "episode", ID: callboard.NewID(), Name: "The Tide Table"}
	ctx = callboard.WithActor(ctx, callboard.System("Bench"))
	return callboard.EpisodeCreated.New(ctx, res, callboard.EpisodeData{Title: res.Name, Status: "draft", Version: 1})
}

// BenchmarkAppend measures an event within a transaction: its row, without the commit.
func BenchmarkAppend(b *testing.B) {
	db := sqldbtest.Open(b, sqldbtest.SQLite, outbox.Migrations())
	log := outbox.New(outbox.Config{DB: db})
	b.ReportAllocs()
	err := db.Write(b.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		e := benchEvent(ctx)
		for b.Loop() {
			e.ID = callboard.NewID()
			if err := log.Append(ctx, tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkConsumers measures an event in the log when there is much to do: a row by one consumer, and its way to one that
// sends.
func BenchmarkConsumers(b *testing.B) {
	db := sqldbtest.Open(b, sqldbtest.SQLite, outbox.Migrations())
	prepareLog(b, db)
	log := outbox.New(outbox.Config{DB: db, Poll: time.Second})
	log.Add(append(tables("handled"), outbox.Consumer{
		Name: "sockets", Send: func(context.Context, []callboard.Event) error { return nil },
	})...)
	b.ReportAllocs()
	b.ResetTimer()
	ctx, stop := context.WithCancel(b.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- log.Run(ctx) }()
	if err := log.Drain(ctx); err != nil {
		b.Error(err)
	}
	b.StopTimer()
	stop()
	if err := <-stopped; err != nil {
		b.Error(err)
	}
}

// prepareLog appends b.N events, and makes the table of the consumer.
func prepareLog(b *testing.B, db *sqldb.DB) {
	err := db.Write(b.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		if _, err := tx.ExecContext(ctx, `CREATE TABLE handled (pos BIGINT NOT NULL, event_id TEXT NOT NULL)`); err != nil {
			return err
		}
		events := make([]callboard.Event, b.N)
		for i := range events {
			events[i] = benchEvent(ctx)
		}
		return outbox.New(outbox.Config{DB: db}).Append(ctx, tx, events...)
	})
	if err != nil {
		b.Fatal(err)
	}
}
