package app_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/account"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// halves is a body whose second half is sent after something has happened.
type halves struct {
	first, second io.Reader
	between       func()
}

func (h *halves) Read(p []byte) (int, error) {
	n, err := h.first.Read(p)
	if err != io.EOF {
		return n, err
	}
	if h.between != nil {
		h.between()
		h.between = nil
	}
	return h.second.Read(p)
}

// Who loses a right while the body is on its way has not got it when the write begins.
func TestRightsAreAskedForAgain(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, testRightsAskedAgain)
}

func testRightsAskedAgain(t *testing.T, s *apptest.Server) {
	ctx := callboard.WithActor(t.Context(), callboard.System("Test"))
	var episode struct {
		ID string `json:"id"`
	}
	s.Want(201, http.MethodPost, "/api/v1/episodes", s.Users.Admin.Token, obj{"title": "Pilot"}, &episode)
	const form = "multipart/form-data; boundary=b"
	part := "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n" + strings.Repeat("x", 1000)
	requests := map[string]struct{ method, path, media, first, second, key string }{
		"create":       {"POST", "/api/v1/episodes", "application/json", `{"title":`, `"late"}`, ""},
		"create, key":  {"POST", "/api/v1/episodes", "application/json", `{"title":`, `"late"}`, "k"},
		"change":       {"PATCH", "/api/v1/episodes/" + episode.ID, "application/json", `{"title":`, `"late"}`, ""},
		"upload":       {"POST", apptest.FilesPath, form, part, "\r\n--b--\r\n", ""},
		"upload, key":  {"POST", "/api/v1/episodes/" + episode.ID + "/files", form, part, "\r\n--b--\r\n", "k"},
		"bulk logging": {"POST", "/api/v1/activity/bulk", "application/json", `{"entries":[`, `{"action":"a","resource_type":"cut","resource_id":"c"}]}`, ""},
	}
	losses := map[string]struct {
		lose   func(user, token string) error
		status int
	}{
		"demoted": {func(user, _ string) error {
			_, err := s.App.Accounts.UpdateUser(ctx, user, account.UserPatch{Role: new(callboard.RoleViewer)})
			return err
		}, 403},
		"disabled": {func(user, _ string) error {
			_, err := s.App.Accounts.DisableUser(ctx, user)
			return err
		}, 401},
		"revoked": {func(_, token string) error {
			_, err := s.App.Accounts.RevokeToken(ctx, token)
			return err
		}, 401},
	}
	for what, request := range requests {
		for how, loss := range losses {
			if what == "bulk logging" && how == "demoted" {
				continue // viewers may
			}
			t.Run(what+", "+how, func(t *testing.T) {
				t.Parallel()
				user, err := s.App.Accounts.CreateUser(ctx, account.NewUser{
					Email: callboard.NewID() + "@example.org", Name: "Leaver", Role: callboard.RoleEditor,
				})
				if err != nil {
					t.Fatal(err)
				}
				token, secret, err := s.App.Accounts.CreateToken(ctx, account.NewToken{UserID: user.ID, Name: "one"})
				if err != nil {
					t.Fatal(err)
				}
				body := &halves{strings.NewReader(request.first), strings.NewReader(request.second), func() {
					if err := loss.lose(user.ID, token.ID); err != nil {
						t.Error(err)
					}
				}}
				header := http.Header{"Content-Type": {request.media}, "Authorization": {"Bearer " + secret}}
				if request.key != "" {
					header.Set("Idempotency-Key", request.key)
				}
				if status, answer := sendWhenAsked(t, request.method, s.URL()+request.path, header, body); status != loss.status {
					t.Errorf("answer %d %.200s, want %d", status, answer, loss.status)
				}
				if n := sqldbtest.Column[int](t, s.DB, `SELECT count(*) FROM callboard_outbox WHERE actor_id = '`+user.ID+`'`)[0]; n != 0 {
					t.Errorf("%d changes were made", n)
				}
			})
		}
	}
}

// sendWhenAsked sends the body once the server has let the request in and begins to read.
func sendWhenAsked(t *testing.T, method, url string, header http.Header, body io.Reader) (int, []byte) {
	t.Helper()
	transport := &http.Transport{ExpectContinueTimeout: time.Minute, DisableKeepAlives: true}
	defer transport.CloseIdleConnections()
	r, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header
	r.Header.Set("Expect", "100-continue")
	answer, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, text
}

// The same for who signs out, since a session is another credential than a token.
func TestSignedOutAmidTheBody(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	const password = "a long enough password"
	ctx := callboard.WithActor(t.Context(), callboard.System("Test"))
	if _, err := s.App.Accounts.CreateUser(ctx, account.NewUser{
		Email: "leaver@example.org", Name: "Leaver", Role: callboard.RoleEditor, Password: password,
	}); err != nil {
		t.Fatal(err)
	}
	login := s.Do(http.MethodPost, "/api/v1/auth/login", "", obj{"email": "leaver@example.org", "password": password})
	cookie, _, _ := strings.Cut(login.Header.Get("Set-Cookie"), ";")
	if login.Status != 200 || cookie == "" {
		t.Fatalf("sign in: answer %d %s", login.Status, login.Body)
	}
	body := &halves{strings.NewReader(`{"title":`), strings.NewReader(`"late"}`), func() {
		r := s.Raw(http.MethodPost, "/api/v1/auth/logout", "", http.Header{"Cookie": {cookie}}, nil)
		if r.Status >= 300 {
			t.Errorf("sign out: answer %d %s", r.Status, r.Body)
		}
	}}
	header := http.Header{"Content-Type": {"application/json"}, "Cookie": {cookie}}
	if status, answer := sendWhenAsked(t, http.MethodPost, s.URL()+"/api/v1/episodes", header, body); status != 401 {
		t.Errorf("answer %d %.200s, want 401", status, answer)
	}
}

// A key that comes with another content of the same length is no repeat, and a repeat has a boundary of its own.
func TestKeyOfAnUpload(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		send := func(key, boundary, name, content string) (status int, f apptest.File, replayed bool) {
			body := "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\n\r\n" +
				content + "\r\n--" + boundary + "--\r\n"
			r := s.Raw(http.MethodPost, apptest.FilesPath, s.Users.Editor.Token, http.Header{
				"Content-Type": {"multipart/form-data; boundary=" + boundary}, "Idempotency-Key": {key},
			}, strings.NewReader(body))
			var answer struct {
				Data apptest.File `json:"data"`
			}
			if r.Status < 300 {
				if err := json.Unmarshal(r.Body, &answer); err != nil {
					t.Fatal(err)
				}
			}
			return r.Status, answer.Data, r.Header.Get("Idempotency-Replayed") == "true"
		}
		status, first, _ := send("k", "one", "a.txt", "aaaa--one")
		if status != 201 {
			t.Fatalf("upload: answer %d", status)
		}
		for name, tt := range map[string]struct {
			boundary, name, content string
			status                  int
		}{
			"the same":       {"one", "a.txt", "aaaa--one", 201},
			"a new boundary": {"another", "a.txt", "aaaa--one", 201},
			"other content":  {"one", "a.txt", "bbbb--one", 422},
			"other name":     {"one", "b.txt", "aaaa--one", 422},
			"boundary words": {"two", "a.txt", "aaaa--two", 422},
		} {
			status, f, replayed := send("k", tt.boundary, tt.name, tt.content)
			if status != tt.status || replayed != (tt.status == 201) || status == 201 && f.ID != first.ID {
				t.Errorf("%s: answer %d, replayed %v, file %q, first %q", name, status, replayed, f.ID, first.ID)
			}
		}
		if n := sqldbtest.Column[int](t, s.DB, `SELECT count(*) FROM callboard_files`)[0]; n != 1 {
			t.Errorf("%d files, want 1", n)
		}
	})
}
