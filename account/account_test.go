package account_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/account"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

const password = "correct horse battery"

func secret() []byte { return bytes.Repeat([]byte("k"), 32) }

// house is a service with its routes on one database, and a clock that tests move.
type house struct {
	*account.Service
	db    *sqldb.DB
	http  http.Handler
	clock *clock
	users map[string]account.User // by name: admin, editor, viewer
}

type clock struct {
	mu     sync.Mutex
	offset time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return callboard.Now().Add(c.offset)
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset += d
}

// forEach runs a test on every database, with one user of each role.
func forEach(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) { test(t, newHouse(t, db, account.Config{}, true)) },
		account.Migrations(), httpapi.Migrations(), outbox.Migrations())
}

func newHouse(t *testing.T, db *sqldb.DB, cfg account.Config, users bool) *house {
	t.Helper()
	h := &house{db: db, clock: &clock{}, users: map[string]account.User{}}
	cfg.DB, cfg.Now, cfg.JWTSecret = db, h.clock.now, secret()
	cfg.Hashing = &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	s, err := account.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	h.Service = s
	a := httpapi.New(httpapi.Config{DB: db, Authenticate: s.Authenticate, TrustProxy: cfg.TrustProxy})
	s.Routes(a)
	h.http = a.Handler()
	if users {
		for _, role := range callboard.Roles() {
			h.add(t, string(role), role)
		}
	}
	return h
}

func (h *house) add(t *testing.T, name string, role callboard.Role) account.User {
	t.Helper()
	u, err := h.CreateUser(system(t), account.NewUser{Email: name + "@example.org", Name: name, Role: role, Password: password})
	if err != nil {
		t.Fatal(err)
	}
	h.users[name] = u
	return u
}

func system(t *testing.T) context.Context {
	return callboard.WithActor(t.Context(), callboard.System("test"))
}

func (h *house) as(t *testing.T, name string) context.Context {
	return callboard.WithActor(t.Context(), h.users[name].Actor())
}

// token makes an API token of a user.
func (h *house) token(t *testing.T, name string, service bool) (account.Token, string) {
	t.Helper()
	token, secret, err := h.CreateToken(system(t), account.NewToken{UserID: h.users[name].ID, Name: "test", Service: service})
	if err != nil {
		t.Fatal(err)
	}
	return token, secret
}

func (h *house) call(t *testing.T, method, target, credential, body string) *httptest.ResponseRecorder {
	t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r := httptest.NewRequestWithContext(t.Context(), method, target, reader)
	r.Header.Set("Content-Type", "application/json")
	switch {
	case strings.HasPrefix(credential, "cs_"):
		r.AddCookie(&http.Cookie{Name: account.CookieName, Value: credential})
	case credential != "":
		r.Header.Set("Authorization", "Bearer "+credential)
	}
	w := httptest.NewRecorder()
	h.http.ServeHTTP(w, r)
	return w
}

// login signs in over HTTP and returns the session's secret.
func (h *house) login(t *testing.T, name string) string {
	t.Helper()
	w := h.call(t, "POST", "/api/v1/auth/login", "", `{"email":"`+name+`@example.org","password":"`+password+`"}`)
	if w.Code != http.StatusOK {
		t.Fatalf("login: %d %s", w.Code, w.Body)
	}
	return w.Result().Cookies()[0].Value
}

// events returns the names of all events since the last call.
func (h *house) events(t *testing.T) []string {
	t.Helper()
	var names []string
	err := h.db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		rows, err := tx.QueryContext(ctx, `DELETE FROM callboard_outbox RETURNING id, name`)
		if err != nil {
			return err
		}
		defer rows.Close()
		names = nil
		for rows.Next() {
			var id int64
			var name string
			if err := rows.Scan(&id, &name); err != nil {
				return err
			}
			names = append(names, name)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func (h *house) count(t *testing.T, query string, args ...any) (n int) {
	t.Helper()
	if err := h.db.QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func wantCode(t *testing.T, what string, err error, want callboard.Code) {
	t.Helper()
	if got := callboard.CodeOf(err); got != want {
		t.Errorf("%s: code %q, want %q (%v)", what, got, want, err)
	}
}

func decode[T any](t *testing.T, w *httptest.ResponseRecorder) T {
	t.Helper()
	var body struct{ Data T }
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	return body.Data
}

// A name stands in sentences, such as that of an invitation: one that turns around what follows is refused. Who has one from before can be
// disabled, and renamed.
func TestNamesTurnNothingAround(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		id := h.users["viewer"].ID
		for name, want := range map[string]callboard.Code{
			"\u202eada": callboard.CodeInvalid, "ada\u2066": callboard.CodeInvalid, "a\u202bda": callboard.CodeInvalid,
			"\u05e2\u05d3\u05d4 (Ada)\u200e": "", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645": "",
		} {
			_, err := h.UpdateProfile(h.as(t, "viewer"), &name, nil)
			wantCode(t, name, err, want)
			_, err = h.CreateUser(h.as(t, "admin"), account.NewUser{Email: callboard.NewID() + "@example.org", Name: name, Role: callboard.RoleViewer})
			wantCode(t, name, err, want)
		}
		err := h.db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE callboard_users SET name = $1 WHERE id = $2`, "\u202eada", id)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = h.DisableUser(h.as(t, "admin"), id)
		wantCode(t, "disable who has such a name", err, "")
		_, err = h.UpdateUser(h.as(t, "admin"), id, account.UserPatch{Name: new("Ada")})
		wantCode(t, "rename who has such a name", err, "")
	})
}
