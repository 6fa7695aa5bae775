package activity_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"callboard"
	"callboard/activity"
	"callboard/internal/sheet"
	"callboard/outbox"
	"callboard/sqldb"
	"callboard/sqldb/sqldbtest"
)

// people knows users by ID.
type people map[string]string

func (p people) Names(_ context.Context, _ sqldb.Querier, ids []string) (map[string]string, error) {
	names := map[string]string{}
	for _, id := range ids {
		if name, ok := p[id]; ok {
			names[id] = name
		}
	}
	return names, nil
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

func TestSearch(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		f.happen(
			f.episodeEvent(callboard.EpisodeCreated, f.ada, "1", "Die Dæmonen des Écrans", nil),
			f.episodeEvent(callboard.EpisodeUpdated, f.ben, "1", "Ghost Light", callboard.Changes{
				"title": {Old: "Die Dæmonen des Écrans", New: "Ghost Light"}}),
			f.episodeEvent(callboard.EpisodeCreated, f.ada, "2", `O'Brien's "100%" (uncut)`, nil),
		)
		for query, want := range map[string][]int64{
			"ghost":                 {2},
			"GHO":                   {2},
			"ecrans":                {2, 1}, // also as the old value of a change
			"Écrans die":            {2, 1},
			"ghost created":         nil,
			"ada created":           {3, 1},
			"published":             nil,
			`o'brien "100%`:         {3},
			"NOT ghost":             nil, // a word, and no operator
			"ghost* OR light":       nil,
			"uncut) OR (1":          nil,
			"ghost:* & !light | \\": {2},
			"gh":                    {2},
			"g":                     nil, // a single letter is a word of its own
			"o":                     {3},
		} {
			list, err := f.Search(t.Context(), query, "", callboard.Page{})
			if err != nil {
				t.Errorf("%q: %v", query, err)
				continue
			}
			var got []int64
			for _, e := range list.Items {
				got = append(got, e.Pos)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%q (-want +got):\n%s", query, diff)
			}
		}
		for _, query := range []string{"", "  ", `"'%*`, strings.Repeat("a ", 17)} {
			if _, err := f.Search(t.Context(), query, "", callboard.Page{}); callboard.CodeOf(err) != callboard.CodeInvalid {
				t.Errorf("%q: %v", query, err)
			}
		}
	})
}

// A beginning may stand for more words than are looked up one by one.
func TestSearchForManyWords(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		events := make([]callboard.Event, 600)
		for i := range events {
			events[i] = f.episodeEvent(callboard.EpisodeCreated, f.ada, "1", fmt.Sprintf("Take code%04d", i), nil)
		}
		f.happen(events...)
		for query, want := range map[string]int{"code": 600, "code00": 100, "code0007 take": 1, "code1": 0} {
			found := f.allPages(200, func(p callboard.Page) (callboard.List[activity.Entry], error) {
				return f.Search(t.Context(), query, "", p)
			})
			if len(found) != want {
				t.Errorf("%q: %d entries, want %d", query, len(found), want)
			}
		}
	})
}

// A word that only the oldest entry has is found, and one that all have comes in pages that leave none out.
func TestSearchInALongLog(t *testing.T) {
	longData(t)
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		const entries = 6000 // more than are read through without the index
		events := make([]callboard.Event, entries)
		for i := range events {
			events[i] = f.episodeEvent(callboard.EpisodeCreated, f.ada, "1", "Common", nil)
		}
		events[0].Resource.Name = "Common Zebra"
		events[1].Resource.Name = "Commons" // the page goes on over both kinds of word
		f.happen(events...)
		list, err := f.Search(t.Context(), "zeb common", "", callboard.Page{})
		if err != nil || len(list.Items) != 1 || list.Items[0].Pos != 1 {
			t.Errorf("the oldest entry: %v, %v", list.Items, err)
		}
		next, page := int64(entries), callboard.Page{Limit: 200}
		for next > 0 {
			list, err := f.Search(t.Context(), "common", "", page)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range list.Items {
				if e.Pos != next {
					t.Fatalf("position %d follows, want %d", e.Pos, next)
				}
				next--
			}
			if page.Cursor = list.NextCursor; page.Cursor == "" {
				break
			}
		}
		if next != 0 {
			t.Errorf("the pages end before position %d", next)
		}
	})
}

func TestLog(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		in := activity.Input{
			Action: "reviewed_cut", Resource: callboard.Resource{Type: "cut", ID: "v3.1", Name: "Third cut"},
			Metadata: map[string]any{"note": "too dark"},
		}
		own, err := f.Log(f.as(f.ben), in)
		if err != nil {
			t.Fatal(err)
		}
		in.UserID = f.ben.ID
		other, err := f.Log(f.as(callboard.Actor{ID: callboard.NewID(), Role: callboard.RoleViewer, Service: true}), in)
		if err != nil {
			t.Fatal(err)
		}
		farm := callboard.Actor{ID: f.ada.ID, Name: "Ada", Role: callboard.RoleAdmin, Service: true, Application: "Render farm", Credential: callboard.NewID()}
		in.UserID = ""
		byFarm, err := f.Log(f.as(farm), in)
		if err != nil {
			t.Fatal(err)
		}
		in.UserID = f.ada.ID
		if _, err := f.Log(f.as(f.ben), in); callboard.CodeOf(err) != callboard.CodeForbidden {
			t.Errorf("in another's name: %v", err)
		}
		in.UserID = callboard.NewID()
		if _, err := f.Log(f.as(f.ada), in); callboard.CodeOf(err) != callboard.CodeInvalid {
			t.Errorf("in nobody's name: %v", err)
		}
		for typ, code := range map[string]callboard.Code{
			"room": callboard.CodeInvalid, "viewers": callboard.CodeInvalid, "broadcast": callboard.CodeInvalid,
			"user": callboard.CodeForbidden, // its channel is private
		} {
			in := activity.Input{Action: "poked", Resource: callboard.Resource{Type: typ, ID: f.ada.ID}}
			if _, err := f.Log(f.as(f.ben), in); callboard.CodeOf(err) != code {
				t.Errorf("about a %s: %v, want %s", typ, err, code)
			}
		}
		f.happen(f.outboxEvents()...)
		list, err := f.Search(t.Context(), "third dark", "", callboard.Page{})
		if err != nil || len(list.Items) != 3 {
			t.Fatalf("found %v, %v", summary(list), err)
		}
		if e := list.Items[0]; e.EventID != byFarm || e.UserID != farm.Ref().ID || e.UserName != "Render farm" {
			t.Errorf("an application that names nobody: %+v", e)
		}
		list.Items = list.Items[1:]
		for i, id := range []string{other, own} {
			e := list.Items[i]
			if e.EventID != id || e.Source != activity.FromApplication || e.UserID != f.ben.ID || e.UserName != "Ben" || string(e.Metadata) != `{"note":"too dark"}` {
				t.Errorf("entry %d: %+v", i, e)
			}
		}
	})
}

// Who writes about a resource must be one who may read it: those who may would hear of it.
func TestLogNeedsRead(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		about := func(id string) activity.Input {
			return activity.Input{Action: "completed_job", Resource: callboard.Resource{Type: "job", ID: id}}
		}
		_, err := f.Log(f.as(f.ben), about(private))
		if e, ok := errors.AsType[*callboard.Error](err); !ok || e.Code != callboard.CodeForbidden || len(e.Fields) != 1 || e.Fields[0].Field != "resource_id" {
			t.Errorf("about what Ben may not read: %v", err)
		}
		_, err = f.BulkLog(f.as(f.ben), []activity.Input{about("my-own"), about(private), about(callboard.NewID()), about(private)})
		if e, ok := errors.AsType[*callboard.Error](err); !ok || len(e.Fields) != 2 || e.Fields[1].Field != "entries[3].resource_id" {
			t.Errorf("one entry among others: %v", err)
		}
		if events := f.outboxEvents(); len(events) > 0 {
			t.Errorf("%d events of what was refused", len(events))
		}
		for name, actor := range map[string]callboard.Actor{"an admin": f.ada, "an application": {ID: f.ben.ID, Service: true}} {
			if _, err := f.Log(f.as(actor), about(private)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := f.BulkLog(f.as(f.ben), []activity.Input{about("my-own"), about(callboard.NewID())}); err != nil {
			t.Errorf("about what may be read: %v", err)
		}
	})
}

// What an application logs under an action of Callboard's is told apart wherever it is shown or counted.
func TestSourcesAreToldApart(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		farm := callboard.Actor{ID: f.ada.ID, Name: "Ada", Role: callboard.RoleAdmin, Service: true, Application: "Render farm", Credential: callboard.NewID()}
		res := callboard.Resource{Type: "episode", ID: "1", Name: "Pilot"}
		claims := make([]callboard.Event, 3)
		for i := range claims {
			claims[i] = callboard.ActivityLogged.New(f.as(farm), res, callboard.ActivityData{UserID: farm.Ref().ID, Action: "published_episode"})
			claims[i].CreatedAt = *f.now
		}
		room := callboard.NewEvent(f.as(farm), callboard.EpisodePublished.Name, callboard.Resource{Type: callboard.RoomType, ID: "edit"}, nil)
		f.happen(append(claims, f.episodeEvent(callboard.EpisodePublished, f.ada, "1", "Pilot", nil), room)...)
		for source, want := range map[activity.Source]int{"": 4, activity.FromApplication: 3, activity.FromCallboard: 1} {
			filter := activity.Filter{Resource: res, Source: source}
			byTime := activity.Filter{Action: "published_episode", Source: source, Since: f.now.Add(-time.Hour)}
			lists := map[string][]int64{
				"by resource": f.allPages(2, func(p callboard.Page) (callboard.List[activity.Entry], error) { return f.Feed(t.Context(), filter, p) }),
				"by time":     f.allPages(2, func(p callboard.Page) (callboard.List[activity.Entry], error) { return f.Feed(t.Context(), byTime, p) }),
				"search": f.allPages(2, func(p callboard.Page) (callboard.List[activity.Entry], error) {
					return f.Search(t.Context(), "pilot", source, p)
				}),
			}
			for name, list := range lists {
				if len(list) != want {
					t.Errorf("%s from %q: %v, want %d", name, source, list, want)
				}
			}
			if stats, err := f.Stats(t.Context(), 7, source); err != nil || stats.Total != int64(want) {
				t.Errorf("stats of %q: %+v, %v", source, stats, err)
			}
		}
		stats, err := f.Stats(t.Context(), 7, "")
		if err != nil {
			t.Fatal(err)
		}
		want := activity.Stats{
			Days: 7, Total: 4,
			BySource: []activity.Count{{Key: "application", Entries: 3}, {Key: "callboard", Entries: 1}},
			ByAction: []activity.Count{
				{Key: "published_episode", Source: "application", Entries: 3}, {Key: "published_episode", Source: "callboard", Entries: 1},
			},
			ByUser: []activity.Count{{Key: farm.Ref().ID, Name: "Render farm", Entries: 3}, {Key: f.ada.ID, Name: "Ada", Entries: 1}},
			ByDay:  []activity.Count{{Key: "2026-11-24", Entries: 4}},
		}
		if diff := cmp.Diff(want, stats); diff != "" {
			t.Errorf("stats (-want +got):\n%s", diff)
		}
	})
}

// Who makes up names by the thousand makes statistics no slower, and finds what was logged under them.
func TestMadeUpActionsAreCountedTogether(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		log := func(actions ...string) {
			events := make([]callboard.Event, len(actions))
			for i, action := range actions {
				events[i] = callboard.ActivityLogged.New(f.as(f.ben), callboard.Resource{Type: "cut", ID: "1"}, callboard.ActivityData{UserID: f.ben.ID, Action: action})
				events[i].CreatedAt = *f.now
			}
			f.happen(events...)
		}
		var names []string
		for i := range 1200 {
			names = append(names, fmt.Sprint("made-up-", i))
		}
		log("cut", "cut")
		for batch := range slices.Chunk(names, 150) {
			log(batch...)
		}
		log("cut", "late", "late", "made-up-1")
		if rows := sqldbtest.Column[int](t, f.db, `SELECT count(*) FROM activity_daily`)[0]; rows > 1001 {
			t.Errorf("%d counts of one day", rows)
		}
		stats, err := f.Stats(t.Context(), 7, "")
		if err != nil || stats.Total != 1206 {
			t.Errorf("%d entries are counted, %v", stats.Total, err)
		}
		want := []activity.Count{
			{Key: "*", Source: "application", Entries: 203}, {Key: "cut", Source: "application", Entries: 3},
			{Key: "made-up-1", Source: "application", Entries: 2}, {Key: "made-up-0", Source: "application", Entries: 1},
		}
		if diff := cmp.Diff(want, stats.ByAction[:len(want)]); diff != "" {
			t.Errorf("counts (-want +got):\n%s", diff)
		}
		late := activity.Filter{Action: "late", Since: f.now.Add(-time.Hour)}
		list, err := f.Feed(t.Context(), late, callboard.Page{})
		if err != nil || len(list.Items) != 2 {
			t.Errorf("%d entries of an action that has no count, %v", len(list.Items), err)
		}
	})
}

// Counts from before sources were told apart are made anew from the log.
func TestCountsAreMigrated(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		claim := callboard.ActivityLogged.New(f.as(f.ben), callboard.Resource{Type: "cut", ID: "1"}, callboard.ActivityData{UserID: f.ben.ID, Action: "created_episode"})
		claim.CreatedAt = *f.now
		f.happen(f.episodeEvent(callboard.EpisodeCreated, f.ada, "1", "x", nil), f.episodeEvent(callboard.EpisodeCreated, f.ada, "2", "y", nil), claim)
		before, err := f.Stats(t.Context(), 60, "")
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // down and up again
			if err := sqldb.MigrateDown(t.Context(), f.db, activity.Migrations()); err != nil {
				t.Fatal(err)
			}
			if err := sqldb.Migrate(t.Context(), f.db, activity.Migrations()); err != nil {
				t.Fatal(err)
			}
		}
		after, err := f.Stats(t.Context(), 60, "")
		if diff := cmp.Diff(before, after); diff != "" || err != nil {
			t.Errorf("stats after migrating, %v (-want +got):\n%s", err, diff)
		}
	})
}

func TestBulkLogIsAllOrNone(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		inputs := make([]activity.Input, activity.MaxBulk)
		for i := range inputs {
			inputs[i] = activity.Input{Action: "seen", Resource: callboard.Resource{Type: "cut", ID: fmt.Sprint(i)}}
		}
		bad := append([]activity.Input{}, inputs[:3]...)
		bad[1].Action, bad[2].Resource.ID = "has spaces", "a:b"
		_, err := f.BulkLog(f.as(f.ada), bad)
		e, _ := errors.AsType[*callboard.Error](err)
		if e == nil || len(e.Fields) != 2 || e.Fields[0].Field != "entries[1].action" || e.Fields[1].Field != "entries[2].resource_id" {
			t.Errorf("bad entries: %v", err)
		}
		if _, err := f.BulkLog(f.as(f.ada), append(inputs, inputs[0])); callboard.CodeOf(err) != callboard.CodeInvalid {
			t.Errorf("too many: %v", err)
		}
		if _, err := f.BulkLog(f.as(f.ada), nil); callboard.CodeOf(err) != callboard.CodeInvalid {
			t.Errorf("none: %v", err)
		}
		ids, err := f.BulkLog(f.as(f.ada), inputs)
		if err != nil || len(ids) != len(inputs) {
			t.Fatalf("%d ids, %v", len(ids), err)
		}
		var n int
		if err := f.db.QueryRowContext(t.Context(), `SELECT count(*) FROM outbox`).Scan(&n); err != nil || n != len(inputs) {
			t.Errorf("%d events, %v", n, err)
		}
	})
}

func TestStatsAgreeWithTheLog(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		today := *f.now
		*f.now = today.AddDate(0, 0, -10)
		f.happen(f.episodeEvent(callboard.EpisodeCreated, f.ada, "0", "long ago", nil))
		*f.now = today.AddDate(0, 0, -1)
		f.happen(f.episodeEvent(callboard.EpisodeCreated, f.ada, "1", "x", nil), f.episodeEvent(callboard.EpisodeCreated, f.ada, "2", "y", nil))
		*f.now = today
		f.happen(f.episodeEvent(callboard.EpisodeUpdated, f.ben, "1", "x", nil))
		got, err := f.Stats(t.Context(), 7, "")
		if err != nil {
			t.Fatal(err)
		}
		want := activity.Stats{
			Days: 7, Total: 3,
			BySource: []activity.Count{{Key: "callboard", Entries: 3}},
			ByAction: []activity.Count{
				{Key: "created_episode", Source: "callboard", Entries: 2}, {Key: "updated_episode", Source: "callboard", Entries: 1},
			},
			ByUser: []activity.Count{{Key: f.ada.ID, Name: "Ada", Entries: 2}, {Key: f.ben.ID, Name: "Ben", Entries: 1}},
			ByDay:  []activity.Count{{Key: "2026-11-23", Entries: 2}, {Key: "2026-11-24", Entries: 1}},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("stats (-want +got):\n%s", diff)
		}
		if _, err := f.Stats(t.Context(), 0, ""); callboard.CodeOf(err) != callboard.CodeInvalid {
			t.Errorf("no days: %v", err)
		}
	})
}

// Who may not read an entry does not learn from the statistics that it is there.
func TestStatsKeepWhatIsPrivate(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		f.happen(f.episodeEvent(callboard.EpisodeCreated, f.ada, "1", "x", nil))
		stats := func(actor callboard.Actor) activity.Stats {
			t.Helper()
			stats, err := f.Stats(f.as(actor), 7, "")
			if err != nil {
				t.Fatal(err)
			}
			return stats
		}
		before := stats(f.ben)
		signedIn := callboard.SignedIn.New(f.as(f.ada), callboard.Resource{Type: "user", ID: f.ada.ID}, callboard.SignInData{})
		failed := callboard.SignInFailed.New(f.as(callboard.System("Sign-in")), callboard.Resource{}, callboard.SignInData{})
		signedIn.CreatedAt, failed.CreatedAt = *f.now, *f.now
		f.happen(signedIn, failed)
		if diff := cmp.Diff(before, stats(f.ben)); diff != "" {
			t.Errorf("what a viewer sees of sign-ins (-before +after):\n%s", diff)
		}
		want := activity.Stats{
			Days: 7, Total: 3,
			BySource: []activity.Count{{Key: "callboard", Entries: 3}},
			ByAction: []activity.Count{
				{Key: "created_episode", Source: "callboard", Entries: 1}, {Key: "failed_sign_in", Source: "callboard", Entries: 1},
				{Key: "signed_in", Source: "callboard", Entries: 1},
			},
			ByUser: []activity.Count{{Key: f.ada.ID, Name: "Ada", Entries: 1}},
			ByDay:  []activity.Count{{Key: "2026-11-24", Entries: 3}},
		}
		if diff := cmp.Diff(want, stats(f.ada)); diff != "" {
			t.Errorf("what an admin sees (-want +got):\n%s", diff)
		}
		claim := callboard.ActivityLogged.New(f.as(f.ben), callboard.Resource{Type: "cut", ID: "1"}, callboard.ActivityData{UserID: f.ben.ID, Action: "signed_in"})
		claim.CreatedAt = *f.now
		f.happen(claim)
		if got := stats(f.ben); got.Total != before.Total+1 || len(got.ByUser) != 2 {
			t.Errorf("an application's entry with the name of a private action is not counted: %+v", got)
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
		if err := f.Export(f.as(f.ada), &out, activity.CSV, activity.Filter{}); err != nil {
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
		if err := f.Export(f.as(f.ben), &out, activity.NDJSON, activity.Filter{Action: "created_episode"}); err != nil {
			t.Fatal(err)
		}
		if lines := strings.Count(out.String(), "\n"); lines != 1100 || strings.Contains(out.String(), "192.0.2.1") {
			t.Errorf("%d lines, or addresses for all", lines)
		}
		out.Reset()
		if err := f.Export(f.as(f.ben), &out, activity.CSV, activity.Filter{UserID: "nobody"}); err != nil || strings.Count(out.String(), "\n") != 1 {
			t.Errorf("an empty export: %q, %v", out.String(), err)
		}
		out.Reset()
		entries := 0
		err = f.ExportWith(f.as(f.ada), &out, activity.XLSX, activity.Filter{}, func(n int) { entries = n })
		if err != nil || entries != 1100 {
			t.Errorf("%d entries as XLSX, %v", entries, err)
		}
		s, err := sheet.Open(bytes.NewReader(out.Bytes()), int64(out.Len()))
		if err != nil {
			t.Fatal(err)
		}
		if row, err := s.Next(); err != nil || row.Cells["pos"] != "1100" || row.Cells["resource_name"] != `=HYPERLINK("x")` {
			t.Errorf("%+v, %v", row, err)
		}
	})
}

func TestSweep(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		today := *f.now
		*f.now = today.AddDate(0, 0, -31)
		old := make([]callboard.Event, 1500)
		for i := range old {
			old[i] = f.episodeEvent(callboard.EpisodeCreated, f.ada, fmt.Sprint(i), "stale", nil)
		}
		f.happen(old...)
		*f.now = today
		f.happen(f.episodeEvent(callboard.EpisodeCreated, f.ada, "x", "fresh", nil))
		if n, err := f.Sweep(t.Context()); n != 1500 || err != nil {
			t.Errorf("swept %d, %v", n, err)
		}
		for word, want := range map[string]int{"stale": 0, "fresh": 1} {
			list, err := f.Search(t.Context(), word, "", callboard.Page{})
			if err != nil || len(list.Items) != want {
				t.Errorf("%s: %v, %v", word, summary(list), err)
			}
		}
		if stats, err := f.Stats(t.Context(), 60, ""); err != nil || stats.Total != 1 {
			t.Errorf("stats: %+v, %v", stats, err)
		}
		if n, err := f.Sweep(t.Context()); n != 0 || err != nil {
			t.Errorf("swept again: %d, %v", n, err)
		}
	})
}

// Of swept entries nothing is left in any table, the full text included, though they come again and again.
func TestSweepLeavesNothing(t *testing.T) {
	longData(t)
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		tables := []string{"activity", "activity_daily", "activity_user_days"}
		if f.db.Dialect() == sqldb.SQLite {
			tables = append(tables, "activity_words", "activity_vocabulary")
		}
		for round := range 5 {
			events := make([]callboard.Event, 2000)
			for i := range events {
				events[i] = f.episodeEvent(callboard.EpisodeCreated, f.ada, fmt.Sprint(i), fmt.Sprintf("Stale r%dn%d", round, i), nil)
			}
			for batch := range slices.Chunk(events, 200) {
				f.happen(batch...)
			}
			*f.now = f.now.AddDate(0, 0, 70) // more than the retention and the 32 days for which users are counted together
			if n, err := f.Sweep(t.Context()); n != len(events) || err != nil {
				t.Fatalf("swept %d, %v", n, err)
			}
			for _, table := range tables {
				var rows int
				if err := f.db.QueryRowContext(t.Context(), `SELECT count(*) FROM `+table).Scan(&rows); err != nil || rows != 0 {
					t.Errorf("round %d: %s keeps %d rows, %v", round, table, rows, err)
				}
			}
		}
	})
}

// What an application logs in its own transaction is in the log once that commits, and not at all when it rolls back.
func TestLogTx(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		cut := callboard.Resource{Type: "cut", ID: "v3"}
		undone := errors.New("changed its mind")
		ids := map[string]string{}
		for action, want := range map[string]error{"kept": nil, "undone": undone} {
			err := f.db.Write(f.as(f.ben), func(ctx context.Context, tx *sqldb.Tx) (err error) {
				if ids[action], err = f.LogTx(ctx, tx, activity.Input{Action: action, Resource: cut}); err != nil {
					return err
				}
				return want
			})
			if !errors.Is(err, want) {
				t.Fatalf("%s: %v", action, err)
			}
		}
		err := f.db.Write(f.as(f.ben), func(ctx context.Context, tx *sqldb.Tx) error {
			_, err := f.LogTx(ctx, tx, activity.Input{UserID: f.ada.ID, Action: "in another's name", Resource: cut})
			return err
		})
		if callboard.CodeOf(err) != callboard.CodeForbidden {
			t.Errorf("in another's name: %v", err)
		}
		f.happen(f.outboxEvents()...)
		list, err := f.ByResource(t.Context(), cut, callboard.Page{})
		if err != nil || len(list.Items) != 1 || list.Items[0].EventID != ids["kept"] || list.Items[0].UserName != "Ben" {
			t.Errorf("the log: %+v, %v", list.Items, err)
		}
	})
}
