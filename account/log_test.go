package account_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/account"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// Sign-ins, good and bad, and changes of accounts are logged with who and from where, and are events; nothing that was typed in is.
func TestAccountsAreLogged(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		var out bytes.Buffer
		h := newHouse(t, db, account.Config{Logger: slog.New(slog.NewJSONHandler(&out, nil))}, true)
		_, admin := h.token(t, "admin", false)
		viewer, typed := h.users["viewer"].ID, "<script>mallory@example.org"
		out.Reset()
		h.events(t)
		h.login(t, "viewer")
		h.call(t, "POST", "/api/v1/auth/login", "", `{"email":"viewer@example.org","password":"`+typed+`"}`)
		h.call(t, "POST", "/api/v1/auth/login", "", `{"email":"`+typed+`","password":"wrong password"}`)
		h.call(t, "POST", "/api/v1/auth/tokens", admin, `{"name":"for the viewer","user_id":"`+viewer+`"}`)
		h.call(t, "DELETE", "/api/v1/users/"+viewer, admin, "")
		h.call(t, "POST", "/api/v1/auth/login", "", `{"email":"viewer@example.org","password":"`+password+`"}`)
		adminID := h.users["admin"].ID
		type line struct {
			Level, Event, IP string
			User             string `json:"user_id"`
			Actor            string `json:"actor_id"`
			Request          string `json:"request_id"`
		}
		want := []line{
			{"INFO", "signed_in", "192.0.2.1", viewer, viewer, ""},
			{"WARN", "sign_in_failed", "192.0.2.1", viewer, callboard.SystemID, ""},
			{"WARN", "sign_in_failed", "192.0.2.1", "", callboard.SystemID, ""},
			{"INFO", "token_created", "192.0.2.1", viewer, adminID, ""},
			{"INFO", "user_disabled", "192.0.2.1", viewer, adminID, ""},
			{"WARN", "sign_in_failed", "192.0.2.1", viewer, callboard.SystemID, ""},
		}
		var got []line
		var events []string
		for text := range strings.Lines(out.String()) {
			var l line
			if err := json.Unmarshal([]byte(text), &l); err != nil || l.Request == "" {
				t.Errorf("%v: %s", err, text)
			}
			l.Request = ""
			got, events = append(got, l), append(events, l.Event)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("log (-want +got):\n%s", diff)
		}
		if strings.Contains(out.String(), "mallory") || h.count(t, `SELECT COUNT(*) FROM callboard_outbox WHERE payload LIKE '%mallory%' OR resource_name LIKE '%mallory%'`) > 0 {
			t.Error("what a stranger typed in is kept")
		}
		if diff := cmp.Diff(events, h.events(t)); diff != "" {
			t.Errorf("events (-logged +appended):\n%s", diff)
		}
	}, account.Migrations(), httpapi.Migrations(), outbox.Migrations())
}

// Attempts that are refused are in the log of the server too, however often they are repeated a few times only.
func TestRefusedSignInIsLogged(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	db := sqldbtest.Open(t, sqldbtest.SQLite, account.Migrations(), outbox.Migrations(), httpapi.Migrations())
	h := newHouse(t, db, account.Config{Logger: slog.New(slog.NewJSONHandler(&out, nil))}, true)
	for range 11 {
		h.call(t, http.MethodPost, "/api/v1/auth/login", "", `{"email":"viewer@example.org","password":"wrong password"}`)
	}
	if !strings.Contains(out.String(), `"event":"sign_in_refused","user_id":"`+h.users["viewer"].ID+`","ip":"192.0.2.1"`) {
		t.Errorf("the log: %s", out.String())
	}
	for range 100 {
		h.call(t, http.MethodPost, "/api/v1/auth/login", "", `{"email":"viewer@example.org","password":"wrong password"}`)
	}
	if n := strings.Count(out.String(), "sign_in_refused"); n > 30 {
		t.Errorf("%d lines for 101 attempts that were refused", n)
	}
}
