package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

type bulkAnswer struct {
	Done, Refused int
	Results       []struct {
		ID      string
		Status  int
		Episode *struct {
			Title, Status string
			Version       int64
		}
		Problem *struct {
			Type   string
			Errors []struct{ Field string }
		}
	}
}

// Of many operations each has its own result: those that are refused leave no trace, and the others are there, with their events.
func TestBulkChanges(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		const path = "/api/v1/episodes/bulk"
		editor := s.Users.Editor.Token
		show := created(s, "/api/v1/shows", obj{"title": "Lighthouse Nine"})
		var ids []string
		for i := range 45 { // more than one transaction
			ids = append(ids, created(s, "/api/v1/episodes", obj{"title": fmt.Sprintf("Part %d", i+1), "show_id": show}))
		}
		var operations []obj
		want := map[int]int{}
		for i, id := range ids {
			o := obj{"op": "update", "id": id, "version": 1, "changes": obj{"status": "approved", "air_date": "2026-03-14"}}
			switch i {
			case 3:
				o["version"], want[i] = 7, http.StatusPreconditionFailed
			case 12:
				o["changes"], want[i] = obj{"episode_number": 1}, http.StatusConflict // is taken
			case 21:
				o["changes"], want[i] = obj{"title": "   "}, http.StatusUnprocessableEntity
			case 30:
				o["id"], want[i] = callboard.NewID(), http.StatusNotFound
			case 40:
				o = obj{"op": "delete", "id": id}
			case 41:
				o, want[i] = obj{"op": "restore", "id": id}, http.StatusConflict // is not deleted
			}
			operations = append(operations, o)
		}
		before := sqldbtest.Column[int64](t, s.DB, `SELECT count(*) FROM callboard_outbox`)[0]
		var got bulkAnswer
		s.Want(200, http.MethodPost, path, editor, obj{"operations": operations}, &got)
		if got.Done != 40 || got.Refused != 5 || len(got.Results) != 45 {
			t.Fatalf("%d done, %d refused, %d results", got.Done, got.Refused, len(got.Results))
		}
		for i, r := range got.Results {
			status, refused := want[i]
			switch {
			case r.ID != operations[i]["id"]:
				t.Errorf("result %d is of another episode", i)
			case refused && (r.Status != status || r.Episode != nil || r.Problem == nil):
				t.Errorf("result %d is %+v, want status %d", i, r, status)
			case !refused && (r.Status != 200 || r.Problem != nil || r.Episode == nil || r.Episode.Version != 2):
				t.Errorf("result %d is %+v, want it done", i, r)
			}
		}
		if diff := cmp.Diff([]struct{ Field string }{{"title"}}, got.Results[21].Problem.Errors); diff != "" {
			t.Errorf("the fields of what breaks a rule (-want +got):\n%s", diff)
		}
		if after := sqldbtest.Column[int64](t, s.DB, `SELECT count(*) FROM callboard_outbox`)[0]; after-before != 40 {
			t.Errorf("%d events for 40 changes", after-before)
		}
		var totals struct {
			Total    int
			Statuses map[string]int
		}
		s.Want(200, http.MethodGet, "/api/v1/episodes/totals", editor, nil, &totals)
		if totals.Total != 44 || totals.Statuses["approved"] != 39 || totals.Statuses["draft"] != 5 {
			t.Errorf("the totals are %+v", totals)
		}

		// Back again, as undo does: what somebody else has changed meanwhile stays.
		s.Want(200, http.MethodPatch, "/api/v1/episodes/"+ids[0], s.Users.Admin.Token, obj{"title": "The Pilot"}, nil)
		s.Want(200, http.MethodPost, path, editor, obj{"operations": []obj{
			{"op": "update", "id": ids[0], "version": 2, "changes": obj{"status": "draft"}},
			{"op": "update", "id": ids[1], "version": 2, "changes": obj{"status": "draft", "air_date": nil}},
			{"op": "restore", "id": ids[40], "version": 2},
		}}, &got)
		if got.Done != 2 || got.Results[0].Status != 412 || got.Results[1].Episode.Status != "draft" || got.Results[2].Episode.Version != 3 {
			t.Errorf("undone: %+v", got)
		}
		for field, operations := range map[string][]obj{
			"operations":            {},
			"operations[1].id":      {{"op": "delete", "id": ids[0]}, {"op": "restore", "id": ids[0]}},
			"operations[0].changes": {{"op": "update", "id": ids[0]}},
			"operations[0].op":      {{"op": "publish", "id": ids[0]}},
			"operations[0].version": {{"op": "delete", "id": ids[0], "version": 0}},
		} {
			if r := s.Do(http.MethodPost, path, editor, obj{"operations": operations}); r.Status != 422 || !strings.Contains(string(r.Body), `"`+field+`"`) {
				t.Errorf("%s: answer %d %s", field, r.Status, r.Body)
			}
		}
		many := make([]obj, 201)
		for i := range many {
			many[i] = obj{"op": "delete", "id": callboard.NewID()}
		}
		s.Want(422, http.MethodPost, path, editor, obj{"operations": many}, nil)
		s.Want(200, http.MethodPost, path, editor, obj{"operations": many[:200]}, &got)
		if got.Refused != 200 {
			t.Errorf("%d of 200 refused", got.Refused)
		}
		s.Want(403, http.MethodPost, path, s.Users.Viewer.Token, obj{"operations": many[:1]}, nil)
	})
}
