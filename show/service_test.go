package show_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/show"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// counted is how many episodes each show has.
type counted map[string]int

func (c counted) CountInShow(_ context.Context, _ *sqldb.Tx, showID string) (int, error) {
	return c[showID], nil
}

func forEach(t *testing.T, test func(t *testing.T, s *show.Service, db *sqldb.DB, episodes counted)) {
	t.Helper()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		episodes := counted{}
		test(t, show.New(show.Config{DB: db, Episodes: episodes}), db, episodes)
	}, outbox.Migrations(), show.Migrations())
}

// acting returns a context in which somebody acts.
func acting(tb testing.TB) context.Context {
	tb.Helper()
	return callboard.WithActor(tb.Context(), callboard.System("Test"))
}

func eventNames(t *testing.T, db *sqldb.DB) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT name FROM callboard_outbox ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	return names
}

func TestLifeOfAShow(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, s *show.Service, db *sqldb.DB, episodes counted) {
		ctx := acting(t)
		created, err := s.Create(ctx, show.Input{Title: "Lighthouse Nine", Description: new("d")})
		if err != nil {
			t.Fatal(err)
		}
		updated, err := s.Update(ctx, created.ID, show.Patch{Description: callboard.Some[*string](nil)}, created.Version)
		if err != nil || updated.Version != 2 || updated.Description != nil {
			t.Fatalf("updated %+v, %v", updated, err)
		}
		same, err := s.Replace(ctx, created.ID, show.Input{Title: "Lighthouse Nine"}, 0)
		if err != nil || same.Version != 2 {
			t.Errorf("an empty change: %+v, %v", same, err)
		}
		if _, err := s.Update(ctx, created.ID, show.Patch{}, 1); callboard.CodeOf(err) != callboard.CodePreconditionFailed {
			t.Errorf("a stale version: %v", err)
		}
		got, err := s.Get(ctx, created.ID)
		if diff := cmp.Diff(updated, got); diff != "" || err != nil {
			t.Errorf("read back, %v (-want +got):\n%s", err, diff)
		}
		episodes[created.ID] = 2
		if err := s.Delete(ctx, created.ID, 0); callboard.CodeOf(err) != callboard.CodeConflict {
			t.Errorf("deleting a show with episodes: %v", err)
		}
		episodes[created.ID] = 0
		if err := s.Delete(ctx, created.ID, 2); err != nil {
			t.Error(err)
		}
		for name, err := range map[string]error{
			"get": errOf(s.Get(ctx, created.ID)), "delete": s.Delete(ctx, created.ID, 0),
			"update": errOf(s.Update(ctx, created.ID, show.Patch{}, 0)), "find": errOf(s.FindByTitle(ctx, "Lighthouse Nine")),
			"lock": db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error { return s.Lock(ctx, tx, created.ID, true) }),
		} {
			if callboard.CodeOf(err) != callboard.CodeNotFound {
				t.Errorf("%s of a deleted show: %v", name, err)
			}
		}
		if diff := cmp.Diff([]string{"show_created", "show_updated", "show_deleted"}, eventNames(t, db)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func errOf[T any](_ T, err error) error { return err }

func TestListByTitle(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, s *show.Service, _ *sqldb.DB, _ counted) {
		for _, title := range []string{"zebra", "Äpfel", "apfel", "Birnen"} {
			if _, err := s.Create(acting(t), show.Input{Title: title}); err != nil {
				t.Fatal(err)
			}
		}
		var got []string
		for page := (callboard.Page{Limit: 1}); ; {
			list, err := s.List(t.Context(), page)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, list.Items[0].Title)
			if page.Cursor = list.NextCursor; page.Cursor == "" {
				break
			}
		}
		if diff := cmp.Diff([]string{"Äpfel", "apfel", "Birnen", "zebra"}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestRules(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, s *show.Service, db *sqldb.DB, _ counted) {
		for field, in := range map[string]show.Input{
			"title":         {Title: strings.Repeat("x", 256)},
			"description":   {Title: "x", Description: new(strings.Repeat("x", 10_001))},
			"thumbnail_url": {Title: "x", ThumbnailURL: new("file:///etc/passwd")},
		} {
			_, err := s.Create(acting(t), in)
			if callboard.CodeOf(err) != callboard.CodeInvalid || !strings.Contains(err.Error(), field) || strings.Contains(err.Error(), "passwd") {
				t.Errorf("%s: %v", field, err)
			}
		}
		if names := eventNames(t, db); names != nil {
			t.Errorf("refused changes emitted %v", names)
		}
	})
}

func TestFindByTitle(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, s *show.Service, db *sqldb.DB, _ counted) {
		for _, title := range []string{"Pâté", "Pate", "ガラス", "The Office", "THE OFFICE", "Twin", "Twin", "Lighthouse"} {
			if _, err := s.Create(acting(t), show.Input{Title: title}); err != nil {
				t.Fatal(err)
			}
		}
		for title, want := range map[string]string{
			"Pate": "Pate", "PATE": "Pate", "pâté": "Pâté", "Pa\u0302te\u0301": "Pâté", "Páte": "",
			"ガラス": "ガラス", "カラス": "", "The Office": "The Office", "THE OFFICE": "THE OFFICE", "LIGHTHOUSE": "Lighthouse",
		} {
			found, err := s.FindByTitle(t.Context(), title)
			if found.Title != want || (err == nil) != (want != "") || want == "" && callboard.CodeOf(err) != callboard.CodeNotFound {
				t.Errorf("%q found %q, %v; want %q", title, found.Title, err, want)
			}
		}
		all := []string{"Pate", "PATE", "Páte", "pâté", "The Office", "THE OFFICE", "LIGHTHOUSE", "Twin", "Twin", "カラス"}
		for i := range 600 { // more than one statement asks for
			all = append(all, fmt.Sprint("nowhere ", i))
		}
		matches, err := s.FindByTitles(t.Context(), db, all)
		if err != nil {
			t.Fatal(err)
		}
		for _, title := range all {
			one, err := s.FindByTitle(t.Context(), title)
			many, ok := matches[title]
			if !ok || many.Show.ID != one.ID || callboard.CodeOf(many.Err) != callboard.CodeOf(err) {
				t.Errorf("%q is %q, %v among many, and %q, %v alone", title, many.Show.Title, many.Err, one.Title, err)
			}
		}
		for _, title := range []string{"the office", "Twin", "TWIN"} {
			if _, err := s.FindByTitle(t.Context(), title); callboard.CodeOf(err) != callboard.CodeConflict {
				t.Errorf("%q, which several have: %v", title, err)
			}
		}
	})
}
