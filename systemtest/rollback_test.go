package systemtest

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// An installation of the previous release is brought up to date, used, taken back, used, and brought up to date again, with the commands of
// docs/operations.md. All that was written before and after each step is there at the end, and at each step what that version knows of it.
func TestRollback(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		r := installPrevious(t, kind)

		r.serve(r.older, "before")
		r.older.Want(200, http.MethodPut, preferences, r.older.Users.Editor.Token, obj{"mute_all": false, "types": obj{"cut": obj{"in_app": false, "live": true}}}, nil)
		before := r.read(r.older, storyBefore)
		r.stop(r.older)
		if kind == sqldbtest.SQLite {
			r.documented(r.older, 0, "callboard backup before.db", "backup", filepath.Join(t.TempDir(), "before.db"))
		}

		r.serve(r.newer, "after")
		r.newerAlone()
		wantHeld(t, "the upgrade", true, before, r.read(r.newer, storyBefore))
		kept := prover{r.newer, t}.checkpoint()
		after, all := r.read(r.newer, storyBefore), r.read(r.newer, storyAfter)
		r.documented(r.newer, 1, "callboard migrate down --to "+previous, "migrate", "down", "--to", previous, "--yes") // a server runs
		r.stop(r.newer)
		r.documented(r.newer, 0, "callboard verify", "verify")
		if code, _, said := r.older.Run("serve"); code == 0 || !strings.Contains(said, "newer version") {
			t.Errorf("the older version on newer tables: %d %s", code, said)
		}

		said := r.documented(r.newer, 0, "callboard migrate down --to "+previous, "migrate", "down", "--to", previous, "--yes")
		for _, want := range []string{"sets aside the table", "saved_views with 1 rows", "activity_tree with", "last_sign_in_at of"} {
			if !strings.Contains(said, want) {
				t.Errorf("it does not tell of %q: %s", want, said)
			}
		}
		r.serve(r.older, "back")
		r.older.Want(401, http.MethodGet, episodesPath, r.limited, nil, nil) // it would be without a limit
		wantHeld(t, "going back", false, after, r.read(r.older, storyBefore))
		back := r.read(r.older, storyBefore)
		r.stop(r.older)

		r.serve(r.newer, "again")
		wantHeld(t, "the second upgrade", true, back, r.read(r.newer, storyBefore))
		wantHeld(t, "going back and the second upgrade", true, all, r.read(r.newer, storyAfter))
		r.stop(r.newer)
		r.documented(r.newer, 0, "callboard verify", "verify", "--checkpoint", kept)
	})
}

// installPrevious has the previous release make an installation of its own, with users.
func installPrevious(t *testing.T, kind string) *rehearsal {
	t.Helper()
	newer := apptest.NewBinary(t, apptest.Options{}, noLimit).Beside("DATABASE_URL="+sqldbtest.URL(t, kind), "DATA_DIR="+t.TempDir())
	b := newer.Of(previousBinary(t))
	b.Start()
	_, token, _ := strings.Cut(b.Log.String(), "/setup?token=")
	token = strings.Fields(token)[0]
	b.Want(http.StatusCreated, http.MethodPost, "/api/v1/auth/setup", "", obj{"token": token, "email": "ada@example.org", "name": "Ada Quill", "password": password}, nil)
	tokenOf := func(email string, flags ...string) string {
		t.Helper()
		code, out, errs := b.Run(append([]string{"token", "create", "--email", email, "--name", "rehearsal"}, flags...)...)
		if code != 0 {
			t.Fatalf("token create: %d %s", code, errs)
		}
		return strings.TrimSpace(out)
	}
	users := apptest.Users{Admin: apptest.User{Token: tokenOf("ada@example.org")}, Service: tokenOf("ada@example.org", "--service")}
	for role, user := range map[string]*apptest.User{"editor": &users.Editor, "viewer": &users.Viewer} {
		email := role + "@example.org"
		b.Want(http.StatusCreated, http.MethodPost, "/api/v1/users", users.Admin.Token, obj{"email": email, "name": "The " + role, "role": role, "password": password}, user)
		user.Token = tokenOf(email)
	}
	b.Users = users
	if code := b.Stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	return &rehearsal{t: t, older: b, newer: newer}
}

const (
	password    = "correct horse battery"
	preferences = "/api/v1/notifications/preferences"
)

// rehearsal is one installation, and the two versions that serve it in turns.
type rehearsal struct {
	t            *testing.T
	older, newer *apptest.Binary
	mapping      string // address of what the newer one has saved of a show
	limited      string // a token that is limited in a way that the older one does not know
}

// documented runs a command that docs/operations.md shows, and returns what it said.
func (r *rehearsal) documented(b *apptest.Binary, want int, shown string, args ...string) string {
	r.t.Helper()
	page, err := os.ReadFile("../docs/operations.md")
	if err != nil || !strings.Contains(string(page), shown) {
		r.t.Errorf("docs/operations.md does not say %s: %v", shown, err)
	}
	code, out, errs := b.Run(args...)
	if code != want {
		r.t.Fatalf("callboard %v: exit code %d\n%s%s", args, code, out, errs)
	}
	return out + errs
}

func (r *rehearsal) stop(b *apptest.Binary) {
	r.t.Helper()
	if code := b.Stop(); code != 0 {
		r.t.Errorf("exit code %d", code)
	}
}

// serve starts a version and uses all that both know.
func (r *rehearsal) serve(b *apptest.Binary, chapter string) {
	r.t.Helper()
	b.Users = r.older.Users
	b.Start()
	editor, admin, viewer := b.Users.Editor.Token, b.Users.Admin.Token, b.Users.Viewer.Token
	var show, episode, user struct{ ID string }
	b.Want(201, http.MethodPost, "/api/v1/shows", editor, obj{"title": "Show " + chapter}, &show)
	b.Want(201, http.MethodPost, "/api/v1/episodes", editor, obj{"title": "Episode " + chapter, "show_id": show.ID, "air_date": "2026-03-01"}, &episode)
	b.Want(204, http.MethodPut, "/api/v1/episodes/"+episode.ID+"/watch", viewer, nil, nil)
	for range 3 { // of which the viewer has one entry
		b.Want(200, http.MethodPatch, "/api/v1/episodes/"+episode.ID, editor, obj{"description": "Seen " + chapter + " the storm"}, nil)
		b.Want(200, http.MethodPatch, "/api/v1/episodes/"+episode.ID, admin, obj{"description": "Seen " + chapter + " the calm"}, nil)
	}
	b.Want(200, http.MethodPatch, "/api/v1/episodes/"+episode.ID, editor, obj{"status": "published"}, nil)
	b.Want(201, http.MethodPost, "/api/v1/activity", b.Users.Service, obj{"user_id": "auth0|vera", "action": "approved_cut", "resource_type": "episode", "resource_id": episode.ID}, nil)
	b.Want(201, http.MethodPost, "/api/v1/notifications", b.Users.Service, obj{"user_id": b.Users.Viewer.ID, "type": "cut", "message": "A cut is there " + chapter}, nil)
	b.UploadFile(apptest.FilesPath, editor, chapter+".txt", strings.NewReader("content of "+chapter))
	b.UploadFile("/api/v1/episodes/"+episode.ID+"/files", editor, "of episode "+chapter+".txt", strings.NewReader("content of an episode's "+chapter))
	b.AwaitJobStatus(b.QueueJob(editor, "bulk-export", obj{"what": "episodes"}).ID, "completed")
	email := chapter + "@example.org"
	b.Want(201, http.MethodPost, "/api/v1/users", admin, obj{"email": email, "name": "Made " + chapter, "role": "editor", "password": password}, &user)
	b.Want(200, http.MethodPost, "/api/v1/auth/login", "", obj{"email": email, "password": password}, nil)
	b.Want(201, http.MethodPost, "/api/v1/auth/tokens", admin, obj{"name": "token of " + chapter}, nil)
	b.Settle()
}

// newerAlone uses what the previous release does not have.
func (r *rehearsal) newerAlone() {
	r.t.Helper()
	editor := r.newer.Users.Editor.Token
	var shows []struct{ ID string }
	r.newer.Want(200, http.MethodGet, "/api/v1/shows", editor, nil, &shows)
	r.newer.Want(201, http.MethodPost, "/api/v1/saved-views", editor, obj{"name": "Mine", "address": "/episodes?status=draft"}, nil)
	r.newer.Want(200, http.MethodPatch, "/api/v1/auth/me/settings", editor, obj{"settings": obj{"theme": "dark"}}, nil)
	var limited struct{ Token string }
	r.newer.Want(201, http.MethodPost, "/api/v1/auth/tokens", r.newer.Users.Viewer.Token, obj{"name": "limited", "scopes": []string{"episodes:read"}}, &limited)
	r.limited = limited.Token
	r.newer.Want(200, http.MethodGet, episodesPath, r.limited, nil, nil)
	r.mapping = "/api/v1/shows/" + shows[0].ID + "/import-mapping"
	r.newer.Want(200, http.MethodPut, r.mapping, editor, obj{"mapping": obj{"title": []string{"Episode"}}}, nil)
	r.newer.Settle()
}

// story is what is read of an installation: answers by their addresses, and in them things by their keys.
type story map[string]map[string]any

// storyBefore is what both versions can read, and storyAfter what the newer one can.
const (
	storyBefore = iota
	storyAfter
)

// read reads all that people and applications can.
func (r *rehearsal) read(b *apptest.Binary, which int) story {
	r.t.Helper()
	s := story{}
	admin, editor, viewer := b.Users.Admin.Token, b.Users.Editor.Token, b.Users.Viewer.Token
	r.list(s, b, "/api/v1/events?limit=200", admin, "pos")
	r.list(s, b, "/api/v1/shows?limit=200", admin, "id")
	r.list(s, b, "/api/v1/episodes?limit=200", admin, "id")
	r.list(s, b, "/api/v1/activity/feed?limit=200", admin, "pos")
	for name, token := range map[string]string{"admin": admin, "editor": editor, "viewer": viewer} {
		r.list(s, b, "/api/v1/notifications?limit=200&for="+name, token, "id")
	}
	r.list(s, b, "/api/v1/files?limit=200", editor, "id")
	r.list(s, b, "/api/v1/jobs?limit=200", admin, "id")
	r.list(s, b, "/api/v1/users?limit=200", admin, "id")
	r.list(s, b, "/api/v1/auth/tokens", admin, "id")
	r.one(s, b, preferences, editor)
	for id, file := range s["/api/v1/files?limit=200"] {
		address, _ := file.(obj)["url"].(string)
		s["contents"] = with(s["contents"], id, string(b.Do(http.MethodGet, address, editor, nil).Body))
	}
	if which == storyBefore {
		return s
	}
	r.list(s, b, "/api/v1/saved-views", editor, "id")
	r.list(s, b, "/api/v1/watches", viewer, "resource_id")
	r.one(s, b, "/api/v1/auth/me/settings", editor)
	r.one(s, b, r.mapping, editor)
	return s
}

func with(m map[string]any, key string, value any) map[string]any {
	if m == nil {
		m = map[string]any{}
	}
	m[key] = value
	return m
}

// list reads a list whose things are told apart by a key.
func (r *rehearsal) list(s story, b *apptest.Binary, path, token, key string) {
	r.t.Helper()
	var things []obj
	b.Want(http.StatusOK, http.MethodGet, strings.Split(path, "&for=")[0], token, nil, &things)
	if len(things) == 0 || len(things) >= 200 {
		r.t.Errorf("%s has %d things", path, len(things))
	}
	for _, thing := range things {
		s[path] = with(s[path], fmt.Sprint(thing[key]), thing)
	}
}

// one reads one thing.
func (r *rehearsal) one(s story, b *apptest.Binary, path, token string) {
	r.t.Helper()
	var thing obj
	b.Want(http.StatusOK, http.MethodGet, path, token, nil, &thing)
	s[path] = with(s[path], "", thing)
}

// moving are the fields that tell of the moment.
var moving = []string{"last_used_at"}

// wantHeld fails unless all of before is there: all that is told of it, or, with an older version, what both tell.
func wantHeld(t *testing.T, what string, all bool, before, now story) {
	t.Helper()
	things := 0
	for path, known := range before {
		for key, thing := range known {
			found, there := now[path][key]
			if !there {
				t.Errorf("%s has lost %s of %s: %v", what, key, path, thing)
				continue
			}
			things++
			was, isObject := thing.(obj)
			is, _ := found.(obj)
			if !isObject {
				was, is = obj{"": thing}, obj{"": found}
			}
			for field, value := range was {
				other, told := is[field]
				if (told || all) && !slices.Contains(moving, field) && !gocmp.Equal(value, other) {
					t.Errorf("%s has changed %s of %s %s: %s", what, field, path, key, gocmp.Diff(value, other))
				}
			}
		}
	}
	t.Logf("%s: %d things of %d kinds are there", what, things, len(before))
}
