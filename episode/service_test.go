package episode_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// oneShow knows one show, whose row is locked by a row of its own, as that of the real shows is.
type oneShow struct{ id string }

func (s oneShow) Lock(ctx context.Context, tx *sqldb.Tx, id string, exclusive bool) error {
	if id != s.id {
		return callboard.NotFound("show")
	}
	if !exclusive || tx.Dialect() == sqldb.SQLite { // where one writes at a time
		return nil
	}
	var n int
	return tx.QueryRowContext(ctx, `SELECT 1 FROM callboard_consumers WHERE name = 'sequencer'`+sqldb.ForUpdate(tx)).Scan(&n)
}

func (s oneShow) TitleOf(_ context.Context, id string) (string, error) {
	if id != s.id {
		return "", callboard.NotFound("show")
	}
	return "Lighthouse Nine", nil
}

type fixture struct {
	*episode.Service
	t    *testing.T
	db   *sqldb.DB
	show string
}

func forEach(t *testing.T, test func(t *testing.T, f fixture)) {
	t.Helper()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		show := callboard.NewID()
		test(t, fixture{
			Service: episode.New(episode.Config{DB: db, Shows: oneShow{show}}), t: t, db: db, show: show,
		})
	}, outbox.Migrations(), episode.Migrations())
}

// acting returns a context in which somebody acts.
func acting(tb testing.TB) context.Context {
	tb.Helper()
	return callboard.WithActor(tb.Context(), callboard.System("Test"))
}

func (f fixture) create(in episode.Input) episode.Episode {
	f.t.Helper()
	e, err := f.Create(acting(f.t), in)
	if err != nil {
		f.t.Fatal(err)
	}
	return e
}

// events returns the names and payloads of the events that were appended, in order.
func (f fixture) events() (names, payloads []string) {
	f.t.Helper()
	rows, err := f.db.QueryContext(f.t.Context(), `SELECT name, payload FROM callboard_outbox ORDER BY id`)
	if err != nil {
		f.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name, payload string
		if err := rows.Scan(&name, &payload); err != nil {
			f.t.Fatal(err)
		}
		names, payloads = append(names, name), append(payloads, payload)
	}
	return names, payloads
}

func wantCode(t *testing.T, err error, code callboard.Code, fields ...string) {
	t.Helper()
	if got := callboard.CodeOf(err); got != code {
		t.Errorf("error %v has code %q, want %q", err, got, code)
		return
	}
	e, _ := errors.AsType[*callboard.Error](err)
	var got []string
	for _, f := range e.Fields {
		got = append(got, f.Field)
	}
	if diff := cmp.Diff(fields, got); diff != "" {
		t.Errorf("fields of %v (-want +got):\n%s", err, diff)
	}
}

func TestOneChangeOneEvent(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		ctx := acting(t)
		e := f.create(episode.Input{Title: "Pilot", ShowID: &f.show})
		status := func(s episode.Status) episode.Patch { return episode.Patch{Status: callboard.Some(s)} }
		steps := []struct {
			name    string
			do      func() error
			event   string
			payload string
		}{
			{"a field", func() error {
				_, err := f.Update(ctx, e.ID, episode.Patch{Title: callboard.Some("The Pilot")}, 0)
				return err
			}, "episode_updated", `"changes":{"title":{"old":"Pilot","new":"The Pilot"}}`},
			{"the same again", func() error {
				_, err := f.Update(ctx, e.ID, episode.Patch{Title: callboard.Some("The Pilot")}, 0)
				return err
			}, "", ""},
			{"published, with another field", func() error {
				p := status(episode.Published)
				p.AirDate = callboard.Some(new("1963-11-23"))
				_, err := f.Update(ctx, e.ID, p, 0)
				return err
			}, "episode_published", `"air_date":{"old":null,"new":"1963-11-23"},"status":{"old":"draft","new":"published"}`},
			{"a field while published", func() error {
				_, err := f.Update(ctx, e.ID, episode.Patch{Description: callboard.Some(new("x"))}, 0)
				return err
			}, "episode_updated", `"description"`},
			{"archived", func() error { _, err := f.Update(ctx, e.ID, status(episode.Archived), 0); return err },
				"episode_archived", `"old":"published","new":"archived"`},
			{"back to draft", func() error { _, err := f.Update(ctx, e.ID, status(episode.Draft), 0); return err },
				"episode_updated", ""},
			{"deleted", func() error { return f.Delete(ctx, e.ID, 0) }, "episode_deleted", `"title":"The Pilot"`},
			{"restored", func() error { _, err := f.Restore(ctx, e.ID); return err }, "episode_restored", `"version":8`},
		}
		want := []string{"episode_created"}
		for _, s := range steps {
			if err := s.do(); err != nil {
				t.Fatalf("%s: %v", s.name, err)
			}
			if s.event != "" {
				want = append(want, s.event)
			}
			names, payloads := f.events()
			if diff := cmp.Diff(want, names); diff != "" {
				t.Fatalf("after %q, events (-want +got):\n%s", s.name, diff)
			}
			if last := payloads[len(payloads)-1]; !strings.Contains(last, s.payload) {
				t.Errorf("after %q, payload %s lacks %s", s.name, last, s.payload)
			}
		}
	})
}

func TestRulesNameEveryField(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		long := strings.Repeat("ü", 256)
		_, err := f.Create(acting(t), episode.Input{
			Title: long, Description: new(strings.Repeat("x", callboard.MaxDescription+1)), ThumbnailURL: new("javascript:alert(1)"),
			ShowID: new("no-id"), SeasonNumber: new(-1), EpisodeNumber: new(100_000), AirDate: new("1963-02-30"),
			Status: "cancelled", Categories: []string{"a", "a", ""},
		})
		wantCode(t, err, callboard.CodeInvalid, "title", "description", "thumbnail_url", "show_id", "season_number",
			"episode_number", "air_date", "status", "categories[1]", "categories[2]")
		if strings.Contains(err.Error(), "javascript") || strings.Contains(err.Error(), long) {
			t.Errorf("the error repeats what was submitted: %v", err)
		}
		_, err = f.Create(acting(t), episode.Input{Title: " \t "})
		wantCode(t, err, callboard.CodeInvalid, "title")
		_, err = f.Create(acting(t), episode.Input{Title: "nul \x00"})
		wantCode(t, err, callboard.CodeInvalid, "title")
		_, err = f.Create(acting(t), episode.Input{Title: "x", ShowID: new(callboard.NewID())})
		wantCode(t, err, callboard.CodeInvalid, "show_id")
		if names, _ := f.events(); len(names) != 0 {
			t.Errorf("refused changes emitted %v", names)
		}
		f.create(episode.Input{Title: strings.Repeat("ü", 255)})
	})
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		ctx := acting(t)
		first := f.create(episode.Input{Title: "1", ShowID: &f.show})
		second := f.create(episode.Input{Title: "2", ShowID: &f.show})
		if *first.EpisodeNumber != 1 || *second.EpisodeNumber != 2 {
			t.Errorf("numbers %d and %d, want 1 and 2", *first.EpisodeNumber, *second.EpisodeNumber)
		}
		if e := f.create(episode.Input{Title: "season 3", ShowID: &f.show, SeasonNumber: new(3)}); *e.EpisodeNumber != 1 {
			t.Errorf("the first of a season has number %d", *e.EpisodeNumber)
		}
		if e := f.create(episode.Input{Title: "alone"}); e.EpisodeNumber != nil {
			t.Errorf("an episode without a show has number %d", *e.EpisodeNumber)
		}
		_, err := f.Create(ctx, episode.Input{Title: "clash", ShowID: &f.show, EpisodeNumber: new(2)})
		wantCode(t, err, callboard.CodeConflict, "episode_number")
		_, err = f.Update(ctx, first.ID, episode.Patch{EpisodeNumber: callboard.Some(new(2))}, 0)
		wantCode(t, err, callboard.CodeConflict, "episode_number")

		if err := f.Delete(ctx, second.ID, 0); err != nil {
			t.Fatal(err)
		}
		f.create(episode.Input{Title: "in its place", ShowID: &f.show, EpisodeNumber: new(2)})
		_, err = f.Restore(ctx, second.ID)
		wantCode(t, err, callboard.CodeConflict, "episode_number")
		_, err = f.Restore(ctx, first.ID)
		wantCode(t, err, callboard.CodeConflict)
	})
}

// Many at once, without a number: each gets its own.
func TestNumbersUnderConcurrency(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		const n = 24
		numbers := make([]int, n)
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() {
				e, err := f.Create(acting(t), episode.Input{Title: "x", ShowID: &f.show})
				if err != nil {
					t.Error(err)
					return
				}
				numbers[i] = *e.EpisodeNumber
			})
		}
		wg.Wait()
		slices.Sort(numbers)
		for i, got := range numbers {
			if got != i+1 {
				t.Fatalf("numbers %v", numbers)
			}
		}
	})
}

func TestVersions(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		ctx := acting(t)
		e := f.create(episode.Input{Title: "v1"})
		var wg sync.WaitGroup
		var mu sync.Mutex
		outcomes := map[callboard.Code]int{}
		for i := range 8 { // all read version 1; one may win
			wg.Go(func() {
				_, err := f.Update(acting(t), e.ID, episode.Patch{Title: callboard.Some(fmt.Sprint("by ", i))}, 1)
				mu.Lock()
				defer mu.Unlock()
				outcomes[callboard.CodeOf(err)]++
			})
		}
		wg.Wait()
		if diff := cmp.Diff(map[callboard.Code]int{"": 1, callboard.CodePreconditionFailed: 7}, outcomes); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
		wantCode(t, f.Delete(ctx, e.ID, 1), callboard.CodePreconditionFailed)
		if err := f.Delete(ctx, e.ID, 2); err != nil {
			t.Error(err)
		}
		wantCode(t, f.Delete(ctx, e.ID, 0), callboard.CodeNotFound)
		_, err := f.Get(ctx, e.ID)
		wantCode(t, err, callboard.CodeNotFound)
	})
}

func TestReplace(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		e := f.create(episode.Input{
			Title: "full", ShowID: &f.show, SeasonNumber: new(1), Description: new("d"), Status: episode.Approved,
			Categories: []string{"drama"},
		})
		got, err := f.Replace(acting(t), e.ID, episode.Input{Title: "bare", ShowID: &f.show, SeasonNumber: new(1)}, 0)
		if err != nil {
			t.Fatal(err)
		}
		want := e
		want.Title, want.Description, want.Categories, want.Version, want.UpdatedAt = "bare", nil, []string{}, 2, got.UpdatedAt
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("replaced (-want +got):\n%s", diff)
		}
		read, err := f.Get(t.Context(), e.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, read); diff != "" {
			t.Errorf("read back (-want +got):\n%s", diff)
		}
	})
}

func TestListOrdersAndPages(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		inputs := []episode.Input{
			{Title: "Émile", ShowID: &f.show, SeasonNumber: new(2), AirDate: new("1970-01-01")},
			{Title: "ebb", ShowID: &f.show, SeasonNumber: new(1), Status: episode.Published},
			{Title: "Ébène 100%", ShowID: &f.show, SeasonNumber: new(2), AirDate: new("1970-01-01")},
			{Title: "zoo_1", AirDate: new("1960-01-01")},
			{Title: "ebb"},
		}
		ids := make([]string, len(inputs))
		for i, in := range inputs {
			ids[i] = f.create(in).ID
		}
		tests := []struct {
			name   string
			filter episode.Filter
			sort   episode.Sort
			want   []int
		}{
			{"newest", episode.Filter{}, "", []int{4, 3, 2, 1, 0}},
			{"oldest", episode.Filter{}, episode.ByCreated, []int{0, 1, 2, 3, 4}},
			{"title", episode.Filter{}, episode.ByTitle, []int{1, 4, 2, 0, 3}},
			{"title down", episode.Filter{}, episode.ByTitleDown, []int{3, 0, 2, 4, 1}},
			{"air date", episode.Filter{}, episode.ByAirDate, []int{1, 4, 3, 0, 2}},
			{"number", episode.Filter{ShowIDs: []string{f.show}}, episode.ByNumber, []int{1, 0, 2}},
			{"number down", episode.Filter{ShowIDs: []string{f.show}}, episode.ByNumberDown, []int{2, 0, 1}},
			{"show", episode.Filter{}, episode.ByShow, []int{1, 0, 2, 3, 4}},
			{"show down", episode.Filter{}, episode.ByShowDown, []int{4, 3, 2, 0, 1}},
			{"status", episode.Filter{Statuses: []episode.Status{episode.Published}}, "", []int{1}},
			{"text without accents", episode.Filter{Text: "EB"}, episode.ByTitle, []int{1, 4, 2}},
			{"text with accents", episode.Filter{Text: "émi"}, "", []int{0}},
			{"percent is no wildcard", episode.Filter{Text: "%"}, "", []int{2}},
			{"underscore is none either", episode.Filter{Text: "o_"}, "", []int{3}},
			{"deleted", episode.Filter{Deleted: true}, "", nil},
			{"several statuses", episode.Filter{Statuses: []episode.Status{episode.Published, episode.Archived}}, "", []int{1}},
			{"all statuses", episode.Filter{Statuses: episode.Statuses()}, episode.ByTitle, []int{1, 4, 2, 0, 3}},
			{"several shows", episode.Filter{ShowIDs: []string{callboard.NewID(), f.show}}, episode.ByNumber, []int{1, 0, 2}},
			{"by IDs", episode.Filter{IDs: []string{ids[3], ids[0]}}, "", []int{3, 0}},
			{"aired from a day on", episode.Filter{AirFrom: "1960-01-02"}, episode.ByAirDate, []int{0, 2}},
			{"aired to a day", episode.Filter{AirTo: "1969-12-31"}, episode.ByAirDate, []int{3}},
			{"aired on a day", episode.Filter{AirFrom: "1970-01-01", AirTo: "1970-01-01"}, "", []int{2, 0}},
			{"without air date", episode.Filter{NoAirDate: true}, episode.ByLastAired, []int{4, 1}},
			{"all of it", episode.Filter{ShowIDs: []string{f.show}, Statuses: []episode.Status{episode.Draft, episode.Pending}, AirFrom: "1970-01-01", Text: "em"}, "", []int{0}},
		}
		for _, tt := range tests {
			for _, limit := range []int{1, 2, 50} {
				var got []int
				for page := (callboard.Page{Limit: limit}); ; {
					list, err := f.List(t.Context(), tt.filter, tt.sort, page)
					if err != nil {
						t.Fatalf("%s: %v", tt.name, err)
					}
					for _, e := range list.Items {
						got = append(got, slices.Index(ids, e.ID))
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
	})
}

func TestListRefusesForeignCursors(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, "sqlite", outbox.Migrations(), episode.Migrations())
	f := fixture{Service: episode.New(episode.Config{DB: db, Shows: oneShow{}}), t: t, db: db}
	f.create(episode.Input{Title: "a"})
	f.create(episode.Input{Title: "b"})
	byTitle, err := f.List(t.Context(), episode.Filter{}, episode.ByTitle, callboard.Page{Limit: 1})
	if err != nil || byTitle.NextCursor == "" {
		t.Fatalf("first page: %+v, %v", byTitle, err)
	}
	for name, cursor := range map[string]string{
		"of another order": byTitle.NextCursor,
		"garbage":          "%%%",
		"keys of the wrong type": callboard.EncodeCursor(map[string]any{
			"s": "-created_at", "k": []any{"text", "id"}}),
		"too few keys": callboard.EncodeCursor(map[string]any{"s": "-created_at", "k": []any{1}}),
		"null":         callboard.EncodeCursor(nil),
	} {
		_, err := f.List(t.Context(), episode.Filter{}, episode.ByNewest, callboard.Page{Cursor: cursor})
		t.Run(name, func(t *testing.T) { wantCode(t, err, callboard.CodeInvalid, "cursor") })
	}
	_, err = f.List(t.Context(), episode.Filter{}, "price", callboard.Page{})
	wantCode(t, err, callboard.CodeInvalid, "sort")
}

// A change is read at once by those who heard of it, whichever process made it.
func TestReadAfterAChange(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		ctx := acting(t)
		beside := episode.New(episode.Config{DB: f.db, Shows: oneShow{f.show}})
		e := f.create(episode.Input{Title: "Pilot"})
		want := func(title string) {
			t.Helper()
			if got, err := f.Get(ctx, e.ID); err != nil || got.Title != title {
				t.Errorf("title %q, %v, want %q", got.Title, err, title)
			}
		}
		want("Pilot")
		if _, err := f.Update(ctx, e.ID, episode.Patch{Title: callboard.Some("The Pilot")}, 0); err != nil {
			t.Fatal(err)
		}
		want("The Pilot")
		if _, err := beside.Update(ctx, e.ID, episode.Patch{Title: callboard.Some("The Other Pilot")}, 0); err != nil {
			t.Fatal(err)
		}
		f.Forget([]callboard.Event{{Resource: e.Resource()}})
		want("The Other Pilot")
		if err := f.Delete(ctx, e.ID, 0); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Get(ctx, e.ID); callboard.CodeOf(err) != callboard.CodeNotFound {
			t.Errorf("a deleted one is read: %v", err)
		}
	})
}

// A thumbnail that is gone is cleared once, of a deleted episode too, whose watchers are not told.
func TestClearThumbnail(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		ctx := callboard.WithActor(t.Context(), callboard.System("Callboard"))
		clear := func(id, url string) {
			t.Helper()
			if err := f.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
				return f.ClearThumbnailTx(ctx, tx, id, func(at string) bool { return at == url })
			}); err != nil {
				t.Error(err)
			}
		}
		url := "https://example.org/a.png"
		living, deleted := f.create(episode.Input{Title: "A", ThumbnailURL: &url}), f.create(episode.Input{Title: "B", ThumbnailURL: &url})
		if err := f.Delete(ctx, deleted.ID, 0); err != nil {
			t.Fatal(err)
		}
		clear(callboard.NewID(), url)
		clear(living.ID, "https://example.org/b.png")
		if e, err := f.Get(ctx, living.ID); err != nil || e.ThumbnailURL == nil || e.Version != 1 {
			t.Errorf("another thumbnail is gone, and the episode is %+v: %v", e, err)
		}
		for range 2 {
			clear(living.ID, url)
			clear(deleted.ID, url)
		}
		if e, err := f.Get(ctx, living.ID); err != nil || e.ThumbnailURL != nil || e.Version != 2 {
			t.Errorf("the episode is %+v: %v", e, err)
		}
		if e, err := f.Restore(ctx, deleted.ID); err != nil || e.ThumbnailURL != nil || e.Version != 4 {
			t.Errorf("the restored episode is %+v: %v", e, err)
		}
		told := sqldbtest.Column[string](t, f.db, `SELECT audience FROM callboard_outbox WHERE name = 'episode_updated' ORDER BY id`)
		if len(told) != 2 || !strings.Contains(told[0], living.ID) || told[1] != "[]" {
			t.Errorf("told are %q", told)
		}
	})
}

// Whoever has seen a commit reads what it has changed: also before the functions that Write calls after it have all run, and when a
// read within the transaction has brought the old version back.
func TestGetAfterTheCommit(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		e := f.create(episode.Input{Title: "old"})
		title := func() string {
			got, err := f.Get(t.Context(), e.ID)
			if err != nil {
				t.Error(err)
			}
			return got.Title
		}
		change := func(within func(tx *sqldb.Tx) error) error {
			return f.db.Write(acting(t), func(ctx context.Context, tx *sqldb.Tx) error {
				tx.OnCommit(func() {
					if got := title(); got != "new" {
						t.Errorf("right after the commit: %s", got)
					}
				})
				if _, err := f.UpdateTx(ctx, tx, e.ID, episode.Patch{Title: callboard.Some("new")}, 0); err != nil {
					return err
				}
				return within(tx)
			})
		}
		unseen := func(*sqldb.Tx) error {
			if got := title(); got != "old" {
				t.Errorf("before the commit: %s", got)
			}
			return nil
		}
		title() // so that it is cached
		undone := errors.New("undone")
		if err := change(func(tx *sqldb.Tx) error { return errors.Join(unseen(tx), undone) }); !errors.Is(err, undone) {
			t.Fatal(err)
		}
		if got := title(); got != "old" {
			t.Errorf("after a change that was undone: %s", got)
		}
		if err := change(unseen); err != nil || title() != "new" {
			t.Errorf("%v, %s", err, title())
		}
	})
}
