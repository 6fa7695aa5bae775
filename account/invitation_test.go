package account_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/account"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

const invitationPath = "/api/v1/auth/invitation"

// invite makes an account without a password, and the link of it.
func (h *house) invite(t *testing.T, session string) account.NewInvitation {
	t.Helper()
	w := h.call(t, "POST", "/api/v1/users", session, `{"email":"mira@example.org","name":"Mira","role":"editor"}`)
	if w.Code != http.StatusCreated {
		t.Fatalf("create: %d %s", w.Code, w.Body)
	}
	return h.inviteAgain(t, session, decode[account.User](t, w).ID)
}

func (h *house) inviteAgain(t *testing.T, session, id string) account.NewInvitation {
	t.Helper()
	w := h.call(t, "POST", "/api/v1/users/"+id+"/invitation", session, "")
	if w.Code != http.StatusCreated {
		t.Fatalf("invite: %d %s", w.Code, w.Body)
	}
	return decode[account.NewInvitation](t, w)
}

func (h *house) accept(t *testing.T, token, password string) *httptest.ResponseRecorder {
	t.Helper()
	return h.call(t, "POST", invitationPath+"/accept", "", `{"token":"`+token+`","password":"`+password+`"}`)
}

func TestInvitation(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db, account.Config{}, true)
		admin := h.login(t, "admin")
		h.events(t)
		i := h.invite(t, admin)
		if w := h.call(t, "POST", "/api/v1/auth/login", "", `{"email":"mira@example.org","password":""}`); w.Code != 401 {
			t.Errorf("who has not accepted signs in: %d", w.Code)
		}
		shown := h.call(t, "POST", invitationPath, "", `{"token":"`+i.Secret+`"}`)
		if got := decode[account.Invitation](t, shown); shown.Code != 200 || got != i.Invitation || got.InvitedBy != h.users["admin"].Name || got.Email != "mira@example.org" {
			t.Errorf("shown: %d %+v", shown.Code, got)
		}
		if list := decode[[]account.Invitation](t, h.call(t, "GET", "/api/v1/invitations", admin, "")); len(list) != 1 || list[0] != i.Invitation {
			t.Errorf("open: %+v", list)
		}
		if w := h.accept(t, i.Secret, "short"); w.Code != 422 {
			t.Errorf("a short password: %d", w.Code)
		}

		var mu sync.Mutex
		var all sync.WaitGroup
		codes := map[int]int{}
		for range 5 { // of many at once one is let in
			all.Go(func() {
				w := h.accept(t, i.Secret, password)
				mu.Lock()
				defer mu.Unlock()
				codes[w.Code]++
				if w.Code == http.StatusOK && len(w.Header().Values("Set-Cookie")) != 2 {
					t.Errorf("cookies: %v", w.Header().Values("Set-Cookie"))
				}
			})
		}
		all.Wait()
		if diff := cmp.Diff(map[int]int{200: 1, 403: 4}, codes); diff != "" {
			t.Errorf("answers (-want +got):\n%s", diff)
		}
		if w := h.call(t, "POST", "/api/v1/auth/login", "", `{"email":"mira@example.org","password":"`+password+`"}`); w.Code != 200 {
			t.Errorf("afterwards: %d %s", w.Code, w.Body)
		}
		if list := decode[[]account.Invitation](t, h.call(t, "GET", "/api/v1/invitations", admin, "")); len(list) != 0 {
			t.Errorf("open: %+v", list)
		}
		if diff := cmp.Diff([]string{"user_created", "user_updated", "user_updated", "signed_in", "signed_in"}, slicesWithout(h.events(t), "sign_in_failed")); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		if w := h.call(t, "POST", "/api/v1/users/"+i.UserID+"/invitation", admin, ""); w.Code != 409 {
			t.Errorf("who has a password is invited: %d %s", w.Code, w.Body)
		}
	}, account.Migrations(), httpapi.Migrations(), outbox.Migrations())
}

func slicesWithout(list []string, unwanted string) (rest []string) {
	for _, item := range list {
		if item != unwanted {
			rest = append(rest, item)
		}
	}
	return rest
}

// A link stops to hold when it is old, replaced, taken back, or when its account has a password by another way or is disabled.
func TestInvitationHoldsNoLonger(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(t *testing.T, h *house, admin string, i account.NewInvitation){
		"it is old": func(_ *testing.T, h *house, _ string, _ account.NewInvitation) {
			h.clock.advance(7*24*time.Hour + time.Second)
		},
		"there is a new one": func(t *testing.T, h *house, admin string, i account.NewInvitation) { h.inviteAgain(t, admin, i.UserID) },
		"it is taken back": func(t *testing.T, h *house, admin string, i account.NewInvitation) {
			for _, want := range []int{204, 404} {
				if w := h.call(t, "DELETE", "/api/v1/users/"+i.UserID+"/invitation", admin, ""); w.Code != want {
					t.Errorf("take back: %d", w.Code)
				}
			}
		},
		"an admin sets a password": func(t *testing.T, h *house, admin string, i account.NewInvitation) {
			h.call(t, "PATCH", "/api/v1/users/"+i.UserID, admin, `{"password":"`+password+`"}`)
		},
		"it is swept": func(t *testing.T, h *house, _ string, _ account.NewInvitation) {
			h.clock.advance(7*24*time.Hour + time.Second)
			if err := h.Sweep(t.Context()); err != nil || h.count(t, `SELECT COUNT(*) FROM callboard_invitations`) != 0 {
				t.Errorf("it is left: %v", err)
			}
		},
		"the user is disabled": func(t *testing.T, h *house, admin string, i account.NewInvitation) {
			h.call(t, "DELETE", "/api/v1/users/"+i.UserID, admin, "")
		},
		"the user was disabled for a while": func(t *testing.T, h *house, admin string, i account.NewInvitation) {
			h.call(t, "DELETE", "/api/v1/users/"+i.UserID, admin, "")
			if w := h.call(t, "PATCH", "/api/v1/users/"+i.UserID, admin, `{"disabled":false}`); w.Code != 200 {
				t.Errorf("enable: %d %s", w.Code, w.Body)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := sqldbtest.Open(t, sqldbtest.SQLite, account.Migrations(), outbox.Migrations(), httpapi.Migrations())
			h := newHouse(t, db, account.Config{}, true)
			admin := h.login(t, "admin")
			i := h.invite(t, admin)
			end(t, h, admin, i)
			if w := h.call(t, "POST", invitationPath, "", `{"token":"`+i.Secret+`"}`); w.Code != 403 {
				t.Errorf("shown: %d %s", w.Code, w.Body)
			}
			if w := h.accept(t, i.Secret, "another pass phrase"); w.Code != 403 || strings.Contains(w.Body.String(), i.Secret) {
				t.Errorf("accepted: %d %s", w.Code, w.Body)
			}
		})
	}
}

func TestInvitationWithoutPasswords(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.SQLite, account.Migrations(), outbox.Migrations(), httpapi.Migrations())
	h := newHouse(t, db, account.Config{DisablePasswords: true}, true)
	user, err := h.CreateUser(h.as(t, "admin"), account.NewUser{Email: "mira@example.org", Name: "Mira", Role: callboard.RoleEditor})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = h.Invite(h.as(t, "admin"), user.ID)
	wantCode(t, "an invitation to choose a password that is of no use", err, callboard.CodeConflict)
}
