package activity_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/activity"
	"github.com/callboard/callboard/internal/sheet"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// people knows users by ID.
type people map[string]string

func (p people) Resolve(_ context.Context, ids []string) (map[string]callboard.UserInfo, error) {
	known := map[string]callboard.UserInfo{}
	for _, id := range ids {
		if name, ok := p[id]; ok {
			known[id] = callboard.UserInfo{Name: name}
		}
	}
	return known, nil
}

// locked is an Access to which only one resource is not open.
type locked string

func (l locked) CanRead(_ context.Context, _ callboard.Actor, res callboard.Resource) error {
	if res.ID == string(l) {
		return callboard.NotFound(res.Type)
	}
	return nil
}

// private is a job that only admins may read.
const private = "0197a000-0000-7000-8000-000000000007"

type fixture struct {
	*activity.Service
	t        *testing.T
	db       *sqldb.DB
	ada, ben callboard.Actor
	now      *time.Time
	pos      int64
}

func forEach(t *testing.T, test func(t *testing.T, f *fixture)) {
	t.Helper()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		ada := callboard.Actor{ID: callboard.NewID(), Name: "Ada", Role: callboard.RoleAdmin}
		ben := callboard.Actor{ID: callboard.NewID(), Name: "Ben", Role: callboard.RoleViewer}
		now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
		test(t, &fixture{
			Service: activity.New(activity.Config{
				DB: db, Users: people{ada.ID: "Ada", ben.ID: "Ben"}, Now: func() time.Time { return now },
				Access: locked(private), Retention: 30 * 24 * time.Hour,
			}), t: t, db: db, ada: ada, ben: ben, now: &now,
		})
	}, outbox.Migrations(), activity.Migrations())
}

func (f *fixture) as(actor callboard.Actor) context.Context {
	return callboard.WithActor(f.t.Context(), actor)
}

// happen hands events to the consumer as the outbox would, with the next positions.
func (f *fixture) happen(events ...callboard.Event) {
	f.t.Helper()
	for i := range events {
		f.pos++
		events[i].Pos = f.pos
	}
	err := f.db.Write(f.t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		return f.Consumer().Handle(ctx, tx, events)
	})
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) episodeEvent(kind callboard.EventDef[callboard.EpisodeData], by callboard.Actor, id, title string, changes callboard.Changes) callboard.Event {
	ctx := callboard.WithRequest(f.as(by), callboard.Request{IP: "192.0.2.1", UserAgent: "test"})
	e := kind.New(ctx, callboard.Resource{Type: "episode", ID: id, Name: title}, callboard.EpisodeData{Title: title, Changes: changes})
	e.CreatedAt = *f.now
	return e
}

// outboxEvents reads back what Log appended.
func (f *fixture) outboxEvents() []callboard.Event {
	f.t.Helper()
	events := outbox.New(outbox.Config{DB: f.db})
	ctx, cancel := context.WithCancel(f.t.Context())
	done := make(chan struct{})
	go func() { defer close(done); _ = events.Run(ctx) }()
	defer func() { cancel(); <-done }()
	if err := events.Drain(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
	feed, err := events.Events(f.as(callboard.System("test")), 0, 200)
	if err != nil {
		f.t.Fatal(err)
	}
	return feed.Events
}

func summary(list callboard.List[activity.Entry]) []string {
	var lines []string
	for _, e := range list.Items {
		lines = append(lines, fmt.Sprintf("%d %s %s %s", e.Pos, e.UserName, e.Action, e.Resource.Name))
	}
	return lines
}

func TestEntriesFollowFromEvents(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		own := callboard.NewEvent(f.as(f.ada), "curtain_up", callboard.Resource{Type: "stage", ID: "1"}, nil)
		f.happen(
			f.episodeEvent(callboard.EpisodeCreated, f.ada, "1", "Pilot", nil), own,
			f.episodeEvent(callboard.EpisodePublished, f.ben, "1", "Pilot", callboard.Changes{"status": {Old: "draft", New: "published"}}),
			f.episodeEvent(callboard.EpisodeCreated, f.ben, "2", "Second", nil),
		)
		feed, err := f.Feed(f.as(f.ada), activity.Filter{}, callboard.Page{})
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"4 Ben created_episode Second", "3 Ben published_episode Pilot", "1 Ada created_episode Pilot"}
		if diff := cmp.Diff(want, summary(feed)); diff != "" {
			t.Errorf("feed (-want +got):\n%s", diff)
		}
		var metadata callboard.EpisodeData
		if err := json.Unmarshal(feed.Items[1].Metadata, &metadata); err != nil || metadata.Changes["status"].New != "published" {
			t.Errorf("metadata %s, %v", feed.Items[1].Metadata, err)
		}
		byResource, err := f.ByResource(f.as(f.ben), callboard.Resource{Type: "episode", ID: "1"}, callboard.Page{})
		if diff := cmp.Diff(want[1:], summary(byResource)); diff != "" || err != nil {
			t.Errorf("by resource, %v (-want +got):\n%s", err, diff)
		}
		byUser, err := f.ByUser(f.as(f.ben), f.ben.ID, callboard.Page{})
		if diff := cmp.Diff(want[:2], summary(byUser)); diff != "" || err != nil {
			t.Errorf("by user, %v (-want +got):\n%s", err, diff)
		}
		if feed.Items[0].Source != activity.FromCallboard {
			t.Errorf("the source is %s", feed.Items[0].Source)
		}
		if feed.Items[0].IP != "192.0.2.1" || byUser.Items[0].IP != "" || byUser.Items[0].UserAgent != "" {
			t.Error("addresses are for admins, and for them alone")
		}
	})
}

func TestPagesAndFilters(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		start := *f.now
		for i := range 7 {
			*f.now = start.Add(time.Duration(i) * time.Hour)
			kind := []callboard.EventDef[callboard.EpisodeData]{callboard.EpisodeCreated, callboard.EpisodeUpdated}[i%2]
			f.happen(f.episodeEvent(kind, f.ada, fmt.Sprint(i), "x", nil))
		}
		tests := []struct {
			name   string
			filter activity.Filter
			want   []int64
		}{
			{"all", activity.Filter{}, []int64{7, 6, 5, 4, 3, 2, 1}},
			{"action", activity.Filter{Action: "updated_episode"}, []int64{6, 4, 2}},
			{"user", activity.Filter{UserID: f.ben.ID}, nil},
			{"resource type", activity.Filter{Resource: callboard.Resource{Type: "show"}}, nil},
			{"since and until", activity.Filter{Since: start.Add(2 * time.Hour), Until: start.Add(4 * time.Hour)}, []int64{4, 3}},
		}
		for _, tt := range tests {
			for _, limit := range []int{1, 3, 7, 50} {
				var got []int64
				for page := (callboard.Page{Limit: limit}); ; {
					list, err := f.Feed(t.Context(), tt.filter, page)
					if err != nil {
						t.Fatal(err)
					}
					for _, e := range list.Items {
						got = append(got, e.Pos)
					}
					if page.Cursor = list.NextCursor; page.Cursor == "" {
						break
					}
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("%s, %d a page (-want +got):\n%s", tt.name, limit, diff)
				}
			}
		}
		for _, cursor := range []string{"x", "eyJhIjoxfQ", callboard.EncodeCursor("text"), callboard.EncodeCursor(1.5)} {
			if _, err := f.Feed(t.Context(), activity.Filter{}, callboard.Page{Cursor: cursor}); callboard.CodeOf(err) != callboard.CodeInvalid {
				t.Errorf("cursor %q: %v", cursor, err)
			}
		}
	})
}

func TestExport(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		events := make([]callboard.Event, 1100) // more than two pages
		for i := range events {
			events[i] = f.episodeEvent(callboard.EpisodeCreated, f.ada, fmt.Sprint(i), "=HYPERLINK(\"x\")", nil)
		}
		f.happen(events...)
		var out bytes.Buffer
		if err := f.Export(f.as(f.ada), &out, callboard.SheetOptions{Format: callboard.CSV, NoBOM: true}, activity.Filter{}); err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(&out).ReadAll()
		if err != nil || len(records) != 1101 || records[1][0] != "1100" || records[1100][0] != "1" {
			t.Errorf("%d records, %v", len(records), err)
		}
		if cell := records[1][8]; cell != `'=HYPERLINK("x")` {
			t.Errorf("a formula leaves as %s", cell)
		}
		if records[1][10] != "192.0.2.1" {
			t.Errorf("an admin's export has the address %q", records[1][10])
		}
		out.Reset()
		if err := f.Export(f.as(f.ben), &out, callboard.SheetOptions{Format: callboard.NDJSON}, activity.Filter{Action: "created_episode"}); err != nil {
			t.Fatal(err)
		}
		if lines := strings.Count(out.String(), "\n"); lines != 1100 || strings.Contains(out.String(), "192.0.2.1") {
			t.Errorf("%d lines, or addresses for all", lines)
		}
		out.Reset()
		if err := f.Export(f.as(f.ben), &out, callboard.SheetOptions{Format: callboard.CSV}, activity.Filter{UserID: "nobody"}); err != nil ||
			strings.Count(out.String(), "\n") != 1 || !strings.HasPrefix(out.String(), "\ufeffpos,") {
			t.Errorf("an empty export: %q, %v", out.String(), err)
		}
		out.Reset()
		entries := 0
		err = f.ExportWith(f.as(f.ada), &out, callboard.SheetOptions{Format: callboard.XLSX}, activity.Filter{}, func(n int) { entries = n })
		if err != nil || entries != 1100 {
			t.Errorf("%d entries as XLSX, %v", entries, err)
		}
		s, err := sheet.Open(bytes.NewReader(out.Bytes()), int64(out.Len()), sheet.ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		header, err := s.Next()
		if err != nil {
			t.Fatal(err)
		}
		first, err := s.Next()
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for i, cell := range first.Cells {
			got[header.Cells[i].Text] = cell.Text
		}
		if got["pos"] != "1100" || got["resource_name"] != `=HYPERLINK("x")` {
			t.Errorf("%+v", got)
		}
	})
}
