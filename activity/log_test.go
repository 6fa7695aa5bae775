package activity_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/activity"
	"github.com/callboard/callboard/sqldb"
)

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
		if _, err := f.Log(t.Context(), in); callboard.CodeOf(err) != callboard.CodeForbidden || !strings.Contains(err.Error(), "WithActor") {
			t.Errorf("without an actor: %v", err)
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
		list, err := f.Search(t.Context(), "third dark", activity.Filter{}, callboard.Page{})
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
		room.Direct = true
		f.happen(append(claims, f.episodeEvent(callboard.EpisodePublished, f.ada, "1", "Pilot", nil), room)...)
		for source, want := range map[activity.Source]int{"": 4, activity.FromApplication: 3, activity.FromCallboard: 1} {
			filter := activity.Filter{Resource: res, Source: source}
			byTime := activity.Filter{Action: "published_episode", Source: source, Since: f.now.Add(-time.Hour)}
			lists := map[string][]int64{
				"by resource": f.allPages(2, func(p callboard.Page) (callboard.List[activity.Entry], error) { return f.Feed(t.Context(), filter, p) }),
				"by time":     f.allPages(2, func(p callboard.Page) (callboard.List[activity.Entry], error) { return f.Feed(t.Context(), byTime, p) }),
				"search": f.allPages(2, func(p callboard.Page) (callboard.List[activity.Entry], error) {
					return f.Search(t.Context(), "pilot", activity.Filter{Source: source}, p)
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
		if err := f.db.QueryRowContext(t.Context(), `SELECT count(*) FROM callboard_outbox`).Scan(&n); err != nil || n != len(inputs) {
			t.Errorf("%d events, %v", n, err)
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
