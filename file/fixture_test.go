package file_test

import (
	"context"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/file"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// episodes are the episodes that there are, and when each was deleted.
type episodes struct {
	mu sync.Mutex
	m  map[string]time.Time
	// thumbnails are their URLs.
	thumbnails map[string]string
}

func (e *episodes) set(id string, deleted time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.m[id] = deleted
}

func (e *episodes) MustExist(_ context.Context, id string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if deleted, ok := e.m[id]; !ok || !deleted.IsZero() {
		return callboard.NotFound("episode")
	}
	return nil
}

func (e *episodes) Lock(ctx context.Context, _ *sqldb.Tx, id string, _ bool) error {
	return e.MustExist(ctx, id)
}

func (e *episodes) ClearThumbnailTx(_ context.Context, _ *sqldb.Tx, id string, gone func(string) bool) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if gone(e.thumbnails[id]) {
		delete(e.thumbnails, id)
	}
	return nil
}

func (e *episodes) DeletedAmong(_ context.Context, _ sqldb.Querier, ids []string, t time.Time) (gone []string, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, id := range ids {
		if deleted := e.m[id]; !deleted.IsZero() && deleted.Before(t) {
			gone = append(gone, id)
		}
	}
	return gone, nil
}

// clock is a time that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// fixture is a service with an episode, on one database and one storage.
type fixture struct {
	*file.Service
	place    place
	db       *sqldb.DB
	episodes *episodes
	episode  string
	clock    *clock
}

// forEach runs test on both databases, and on both storages.
func forEach(t *testing.T, test func(t *testing.T, f *fixture)) {
	t.Helper()
	for name, open := range storages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) { test(t, newFixture(t, db, open(t))) },
				outbox.Migrations(), file.Migrations())
		})
	}
}

func newFixture(t *testing.T, db *sqldb.DB, p place) *fixture {
	f := &fixture{place: p, db: db, episode: callboard.NewID(), clock: &clock{now: callboard.Now()}}
	f.episodes = &episodes{m: map[string]time.Time{f.episode: {}}, thumbnails: map[string]string{}}
	f.Service = file.New(file.Config{DB: db, Storage: p, Episodes: f.episodes, Now: f.clock.Now})
	return f
}

func as(ctx context.Context, id string, role callboard.Role) context.Context {
	return callboard.WithActor(ctx, callboard.Actor{ID: id, Name: id, Role: role})
}

func writing(content string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, content)
		return err
	}
}

// check compares what there is: contents in storage, files, notes of garbage.
func (f *fixture) check(t *testing.T, when string, contents, files, notes int) {
	t.Helper()
	got := []int{f.place.count(t), f.rows(t, "callboard_files"), f.rows(t, "callboard_file_garbage")}
	if diff := cmp.Diff([]int{contents, files, notes}, got); diff != "" {
		t.Errorf("%s: contents, files and notes (-want +got):\n%s", when, diff)
	}
}

func (f *fixture) rows(t *testing.T, table string) (n int) {
	t.Helper()
	if err := f.db.QueryRowContext(t.Context(), `SELECT count(*) FROM `+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func (f *fixture) sweep(t *testing.T) {
	t.Helper()
	if err := f.Sweep(t.Context()); err != nil {
		t.Errorf("sweep: %v", err)
	}
}

// event is what an event says to whom.
type event struct{ Name, Resource, Channels, Audience, Payload string }

func (f *fixture) events(t *testing.T) (events []event) {
	t.Helper()
	rows, err := f.db.QueryContext(t.Context(), `SELECT name, resource_name, channels, audience, payload FROM callboard_outbox ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var e event
		if err := rows.Scan(&e.Name, &e.Resource, &e.Channels, &e.Audience, &e.Payload); err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	return events
}
