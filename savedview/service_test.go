package savedview_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/savedview"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

func as(t *testing.T, id string, role callboard.Role) context.Context {
	t.Helper()
	return callboard.WithActor(t.Context(), callboard.Actor{ID: id, Name: id, Role: role})
}

func forEach(t *testing.T, test func(t *testing.T, s *savedview.Service, db *sqldb.DB)) {
	t.Helper()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		test(t, savedview.New(savedview.Config{DB: db}), db)
	}, outbox.Migrations(), savedview.Migrations())
}

func names(t *testing.T, s *savedview.Service, ctx context.Context) (all []string) {
	t.Helper()
	views, err := s.List(ctx)
	if err != nil {
		t.Fatal(err)
	}
	last := map[bool]int{}
	for _, v := range views {
		if v.Position != last[v.Team] {
			t.Errorf("%s is at %d, want %d", v.Name, v.Position, last[v.Team])
		}
		last[v.Team]++
		all = append(all, v.Name)
	}
	return all
}

func want(t *testing.T, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A view that was kept when other addresses were allowed is renamed and moved as any.
func TestOlderAddress(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, s *savedview.Service, db *sqldb.DB) {
		vera := as(t, "vera", callboard.RoleViewer)
		v, err := s.Create(vera, savedview.Input{Name: "x", Address: "/episodes"})
		if err != nil {
			t.Fatal(err)
		}
		err = db.Write(vera, func(ctx context.Context, tx *sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE callboard_saved_views SET address = '/people'`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if v, err = s.Update(vera, v.ID, savedview.Patch{Name: callboard.Some("People")}); err != nil || v.Name != "People" || v.Address != "/people" {
			t.Errorf("%+v, %v", v, err)
		}
	})
}

// Views have an order that their owner chooses, and each change of it one event, for those alone who have the view.
func TestOrderAndEvents(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, s *savedview.Service, db *sqldb.DB) {
		ada, vera := as(t, "ada", callboard.RoleEditor), as(t, "vera", callboard.RoleViewer)
		var ids []string
		for _, name := range []string{"a", "b", "c", "d"} {
			v, err := s.Create(vera, savedview.Input{Name: name, Address: "/episodes?q=" + name})
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, v.ID)
		}
		team, err := s.Create(ada, savedview.Input{Name: "ours", Address: "/inbox", Team: true})
		if err != nil {
			t.Fatal(err)
		}
		want(t, names(t, s, vera), "ours", "a", "b", "c", "d")
		want(t, names(t, s, ada), "ours")
		move := func(i, to int) {
			t.Helper()
			if _, err := s.Update(vera, ids[i], savedview.Patch{Position: callboard.Some(to)}); err != nil {
				t.Fatal(err)
			}
		}
		move(3, 0)
		want(t, names(t, s, vera), "ours", "d", "a", "b", "c")
		move(0, 99)
		want(t, names(t, s, vera), "ours", "d", "b", "c", "a")
		move(0, 3) // where it is: no event
		if err := s.Delete(vera, ids[1]); err != nil {
			t.Fatal(err)
		}
		v, err := s.Create(vera, savedview.Input{Name: "e", Address: "/episodes"})
		if err != nil || v.Position != 3 {
			t.Errorf("the new one is at %d, %v", v.Position, err)
		}
		want(t, names(t, s, vera), "ours", "d", "c", "a", "e")
		if got, err := s.Update(ada, team.ID, savedview.Patch{Name: callboard.Some("Ours"), Address: callboard.Some("/jobs")}); err != nil || got.Address != "/jobs" {
			t.Errorf("%+v, %v", got, err)
		}
		own := `["user:vera"] `
		want(t, sqldbtest.Column[string](t, db, `SELECT channels || ' ' || name FROM callboard_outbox ORDER BY id`),
			own+"saved_view_created", own+"saved_view_created", own+"saved_view_created", own+"saved_view_created",
			`["broadcast"] saved_view_created`, own+"saved_view_updated", own+"saved_view_updated", own+"saved_view_deleted",
			own+"saved_view_created", `["broadcast"] saved_view_updated`)
	})
}

// Own views are nobody else's, and those of the team are changed by editors and admins.
func TestWhoMay(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, s *savedview.Service, db *sqldb.DB) {
		ada, vera := as(t, "ada", callboard.RoleAdmin), as(t, "vera", callboard.RoleViewer)
		application := callboard.WithActor(t.Context(), callboard.Actor{ID: "ada", Role: callboard.RoleAdmin, Service: true, Credential: "1"})
		own, err := s.Create(vera, savedview.Input{Name: "own", Address: "/episodes"})
		if err != nil {
			t.Fatal(err)
		}
		team, err := s.Create(application, savedview.Input{Name: "ours", Address: "/episodes", Team: true})
		if err != nil || team.CreatedBy != "app-1" {
			t.Fatal(team, err)
		}
		rename := savedview.Patch{Name: callboard.Some("mine")}
		for name, tt := range map[string]struct {
			err  error
			code callboard.Code
		}{
			"read another's":                {errOf(s.Get(ada, own.ID)), callboard.CodeNotFound},
			"change another's":              {errOf(s.Update(ada, own.ID, rename)), callboard.CodeNotFound},
			"delete another's":              {s.Delete(ada, own.ID), callboard.CodeNotFound},
			"create the team's as a viewer": {errOf(s.Create(vera, savedview.Input{Name: "x", Address: "/episodes", Team: true})), callboard.CodeForbidden},
			"change the team's as a viewer": {errOf(s.Update(vera, team.ID, rename)), callboard.CodeForbidden},
			"delete the team's as a viewer": {s.Delete(vera, team.ID), callboard.CodeForbidden},
			"own of an application":         {errOf(s.Create(application, savedview.Input{Name: "x", Address: "/episodes"})), callboard.CodeForbidden},
			"nobody":                        {errOf(s.Create(t.Context(), savedview.Input{Name: "x", Address: "/episodes"})), callboard.CodeForbidden},
			"what is not there":             {s.Delete(ada, callboard.NewID()), callboard.CodeNotFound},
		} {
			if callboard.CodeOf(tt.err) != tt.code {
				t.Errorf("%s: %v", name, tt.err)
			}
		}
		want(t, names(t, s, application), "ours")
		if n := sqldbtest.Column[int64](t, db, `SELECT count(*) FROM callboard_outbox`)[0]; n != 2 {
			t.Errorf("%d events", n)
		}
	})
}

func errOf[T any](_ T, err error) error { return err }

func TestRules(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, s *savedview.Service, _ *sqldb.DB) {
		vera := as(t, "vera", callboard.RoleViewer)
		for _, address := range []string{"/episodes?view=board&status=draft&status=pending&q=a%20b", "/activity?since=2026-03-14T09:26:53Z", "/inbox", "/jobs"} {
			if _, err := s.Create(vera, savedview.Input{Name: "x", Address: address}); err != nil {
				t.Errorf("%s: %v", address, err)
			}
		}
		for _, address := range []string{
			"", "episodes", "?q=1", "https://example.org/", "//example.org/", "/\\example.org", "\\\\example.org", "javascript:alert(1)", "/../x", "/a/../b", "/a//b", "/a/",
			"/", "/sign-in", "/setup?token=x", "/docs", "/admin/jobs", "/metrics", "/me", "/episodes/é", "/episodes/new?", "/Episodes", "/%65pisodes", "/episodes/", "/episodes?q=%zz ",
			"/episodes#x", "/a b", "/\n", "/\x00", "/%zz", "/%2e%2e/x", "/api/v1/episodes", "/api", "/\xff", "/" + strings.Repeat("x", 2000),
		} {
			_, err := s.Create(vera, savedview.Input{Name: "x", Address: address})
			if callboard.CodeOf(err) != callboard.CodeInvalid || !strings.Contains(err.Error(), "address") {
				t.Errorf("%q: %v", address, err)
			}
		}
		for _, name := range []string{"", "  ", "\u200b", "a\nb", strings.Repeat("x", 101)} {
			_, err := s.Create(vera, savedview.Input{Name: name, Address: "/episodes"})
			if callboard.CodeOf(err) != callboard.CodeInvalid || !strings.Contains(err.Error(), "name") {
				t.Errorf("%q: %v", name, err)
			}
		}
		for i := 4; i < savedview.MaxPerOwner; i++ {
			if _, err := s.Create(vera, savedview.Input{Name: fmt.Sprint(i), Address: "/episodes"}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Create(vera, savedview.Input{Name: "one more", Address: "/episodes"}); callboard.CodeOf(err) != callboard.CodeConflict {
			t.Errorf("one more than there may be: %v", err)
		}
	})
}
