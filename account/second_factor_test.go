package account_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pquerna/otp/totp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/account"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

const factorPath = "/api/v1/auth/second-factor"

// enrolled is a user with a second factor, in a session.
type enrolled struct {
	h       *house
	name    string
	session string
	secret  string
	codes   []string // for recovery
}

// enrol turns on the second factor of a user. Afterwards a step of time begins.
func (h *house) enrol(t *testing.T, name string) *enrolled {
	t.Helper()
	e := &enrolled{h: h, name: name, session: h.login(t, name)}
	e.secret = decode[account.Enrolment](t, e.want(t, 201, "POST", factorPath, `{"current_password":"`+password+`"}`)).Secret
	w := e.want(t, 200, "POST", factorPath+"/confirm", `{"code":"`+e.code(t, 0)+`"}`)
	e.codes = decode[account.RecoveryCodes](t, w).Codes
	h.clock.advance(h.clock.now().Truncate(30 * time.Second).Add(30 * time.Second).Sub(h.clock.now()))
	return e
}

// want calls in the session.
func (e *enrolled) want(t *testing.T, status int, method, target, body string) *httptest.ResponseRecorder {
	t.Helper()
	w := e.h.call(t, method, target, e.session, body)
	if w.Code != status {
		t.Fatalf("%s %s: %d, want %d: %s", method, target, w.Code, status, w.Body)
	}
	return w
}

// code returns the code of a step of time, from now on.
func (e *enrolled) code(t *testing.T, step int) string {
	t.Helper()
	code, err := totp.GenerateCode(e.secret, e.h.clock.now().Add(time.Duration(step)*30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// signIn sends the right password with a code, and returns the status and the kind of problem.
func (e *enrolled) signIn(t *testing.T, code string) (int, string) {
	t.Helper()
	return e.signInWith(t, password, code)
}

func (e *enrolled) signInWith(t *testing.T, password, code string) (int, string) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"email": e.name + "@example.org", "password": password, "code": code})
	if err != nil {
		t.Fatal(err)
	}
	w := e.h.call(t, "POST", "/api/v1/auth/login", "", string(body))
	var problem struct{ Type string }
	_ = json.Unmarshal(w.Body.Bytes(), &problem) // none in a success
	if len(w.Result().Cookies()) > 0 != (w.Code == 200) {
		t.Errorf("status %d with cookies %v", w.Code, w.Result().Cookies())
	}
	return w.Code, strings.TrimPrefix(problem.Type, "urn:callboard:problem:")
}

func (e *enrolled) wantSignIn(t *testing.T, what, code string, status int, kind string) {
	t.Helper()
	if got, gotKind := e.signIn(t, code); got != status || gotKind != kind {
		t.Errorf("%s: %d %q, want %d %q", what, got, gotKind, status, kind)
	}
}

const needsCode = "second_factor_required"

func TestSecondFactor(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		other := h.login(t, "viewer")
		e := h.enrol(t, "viewer")
		if w := h.call(t, "GET", "/api/v1/auth/me", other, ""); w.Code != 401 {
			t.Errorf("the other session: %d", w.Code)
		}
		h.events(t)
		if got, kind := e.signInWith(t, "wrong password", e.code(t, 0)); got != 401 || kind != "unauthenticated" {
			t.Errorf("a wrong password with a right code: %d %q", got, kind)
		}
		e.wantSignIn(t, "no code", "", 401, needsCode)
		e.wantSignIn(t, "the code that confirmed it", e.code(t, -1), 401, needsCode)
		e.wantSignIn(t, "two steps old", e.code(t, -2), 401, needsCode)
		e.wantSignIn(t, "two steps ahead", e.code(t, 2), 401, needsCode)
		e.wantSignIn(t, "no number", "abcdef", 401, needsCode)
		e.wantSignIn(t, "signs", "+12345", 401, needsCode)
		e.wantSignIn(t, "not ASCII", "\u0661\u0662\u0663", 401, needsCode)
		e.wantSignIn(t, "now", e.code(t, 0)[:3]+" "+e.code(t, 0)[3:], 200, "")
		e.wantSignIn(t, "once more", e.code(t, 0), 401, needsCode)
		e.wantSignIn(t, "a step ahead", e.code(t, 1), 200, "")
		e.wantSignIn(t, "behind the newest", e.code(t, 0), 401, needsCode)
		failed := func(n int) []string { return slices.Repeat([]string{"sign_in_failed"}, n) }
		want := slices.Concat(failed(7), []string{"signed_in"}, failed(1), []string{"signed_in"}, failed(1))
		got := h.events(t)
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("events: %s", diff)
		}
		h.login(t, "editor") // others are not asked
		_, token := h.token(t, "viewer", false)
		if w := h.call(t, "GET", "/api/v1/auth/me", token, ""); w.Code != 200 || !strings.Contains(w.Body.String(), `"second_factor":true`) {
			t.Errorf("a token: %d %s", w.Code, w.Body)
		}
	})
}

func TestRecoveryCodes(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		e := h.enrol(t, "viewer")
		if len(e.codes) != 10 || len(slices.Compact(slices.Sorted(slices.Values(e.codes)))) != 10 {
			t.Fatalf("codes %v", e.codes)
		}
		other := h.enrol(t, "editor")
		e.wantSignIn(t, "somebody else's", other.codes[0], 401, needsCode)
		e.wantSignIn(t, "a recovery code, as somebody types it", strings.ToLower(strings.ReplaceAll(e.codes[0], "-", " ")), 200, "")
		e.wantSignIn(t, "once more", e.codes[0], 401, needsCode)
		status := decode[account.SecondFactor](t, e.want(t, 200, "GET", factorPath, ""))
		if !status.Enabled || status.RecoveryCodes != 9 || status.Since == nil {
			t.Errorf("status %+v", status)
		}
		e.want(t, 422, "POST", factorPath+"/recovery-codes", `{}`)
		e.want(t, 422, "POST", factorPath+"/recovery-codes", `{"current_password":"`+password+`","code":"123456"}`)
		e.want(t, 403, "POST", factorPath+"/recovery-codes", `{"current_password":"wrong password"}`)
		e.want(t, 403, "POST", factorPath+"/recovery-codes", `{"code":"`+e.codes[0]+`"}`)
		h.events(t)
		fresh := decode[account.RecoveryCodes](t, e.want(t, 201, "POST", factorPath+"/recovery-codes", `{"code":"`+e.codes[1]+`"}`)).Codes
		if diff := cmp.Diff([]string{"user_updated"}, h.events(t)); diff != "" {
			t.Error(diff)
		}
		e.wantSignIn(t, "one of before", e.codes[2], 401, needsCode)
		e.wantSignIn(t, "a new one", fresh[0], 200, "")
		e.want(t, 200, "GET", factorPath, "") // the session that asked for them goes on
	})
}

// Until a code has confirmed it, a second factor is none.
func TestSecondFactorUnconfirmed(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		e := &enrolled{h: h, name: "viewer", session: h.login(t, "viewer")}
		_, service := h.token(t, "viewer", true)
		if w := h.call(t, "POST", factorPath, service, `{"current_password":"`+password+`"}`); w.Code != 403 {
			t.Errorf("an application begins: %d", w.Code)
		}
		h.events(t)
		e.want(t, 409, "POST", factorPath+"/confirm", `{"code":"123456"}`)
		e.want(t, 403, "POST", factorPath, `{"current_password":"wrong password"}`)
		h.events(t)
		e.secret = decode[account.Enrolment](t, e.want(t, 201, "POST", factorPath, `{"current_password":"`+password+`"}`)).Secret
		e.want(t, 422, "POST", factorPath+"/confirm", `{"code":"`+e.code(t, 5)+`"}`)
		e.want(t, 422, "POST", factorPath+"/confirm", `{"code":"2345-6789-ABCD-EFGH"}`)
		e.want(t, 409, "POST", factorPath+"/off", `{"current_password":"`+password+`"}`)
		if got := h.events(t); got != nil {
			t.Errorf("events %v", got)
		}
		e.wantSignIn(t, "not confirmed", "", 200, "")
		first := e.secret
		e.secret = decode[account.Enrolment](t, e.want(t, 201, "POST", factorPath, `{"current_password":"`+password+`"}`)).Secret
		if first == e.secret {
			t.Error("begun anew, it has the same secret")
		}
		h.clock.advance(61 * time.Minute)
		e.want(t, 409, "POST", factorPath+"/confirm", `{"code":"`+e.code(t, 0)+`"}`)
		if err := h.Sweep(system(t)); err != nil {
			t.Fatal(err)
		}
		if n := h.count(t, `SELECT COUNT(*) FROM callboard_second_factors`); n != 0 {
			t.Errorf("%d are left that were never confirmed", n)
		}
	})
}

// Who began a second factor with the password of before has its secret, and may have a token: with these nobody shuts out the owner, who has
// set another password against that.
func TestSecondFactorOfPasswordBefore(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		e := &enrolled{h: h, name: "viewer", session: h.login(t, "viewer")}
		_, token := h.token(t, "viewer", false)
		e.secret = decode[account.Enrolment](t, e.want(t, 201, "POST", factorPath, `{"current_password":"`+password+`"}`)).Secret
		e.want(t, 204, "PUT", "/api/v1/auth/password", `{"current_password":"`+password+`","new_password":"another pass phrase"}`)
		if w := h.call(t, "POST", factorPath+"/confirm", token, `{"code":"`+e.code(t, 0)+`"}`); w.Code != 409 {
			t.Errorf("confirmed: %d %s", w.Code, w.Body)
		}
	})
}

// A sign-in that waits while the second factor is turned on opens no session with the password alone: turning it on has ended those there were.
func TestSecondFactorOvertakesSignIn(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.Postgres, account.Migrations(), httpapi.Migrations(), outbox.Migrations())
	h := newHouse(t, db, account.Config{}, true)
	e := &enrolled{h: h, name: "viewer", session: h.login(t, "viewer")}
	e.want(t, 201, "POST", factorPath, `{"current_password":"`+password+`"}`)
	answered := make(chan string, 1)
	err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		var pid int
		err := tx.QueryRowContext(ctx, `SELECT pg_backend_pid() FROM callboard_users WHERE id = $1`+sqldb.ForUpdate(tx), h.users["viewer"].ID).Scan(&pid)
		if err != nil {
			return err
		}
		go func() {
			_, kind := e.signIn(t, "")
			answered <- kind
		}()
		waits := `SELECT COUNT(*) FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))`
		for h.count(t, waits, pid) == 0 {
			select {
			case kind := <-answered:
				return fmt.Errorf("it did not wait: %q", kind)
			default:
			}
		}
		_, err = tx.ExecContext(ctx, `UPDATE callboard_second_factors SET confirmed_at = created_at WHERE user_id = $1`, h.users["viewer"].ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if kind := <-answered; kind != needsCode {
		t.Errorf("signed in without a code: %q", kind)
	}
}

// A browser that the user has signed in from has a limit of its own. Who had the password before there was a second factor may have made many
// such: together they guess no more.
func TestSecondFactorLimitOfDevices(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		devices := make([]string, 5)
		for i := range devices {
			w := h.call(t, "POST", "/api/v1/auth/login", "", `{"email":"viewer@example.org","password":"`+password+`"}`)
			for _, c := range w.Result().Cookies() {
				if c.Name == account.DeviceCookieName {
					devices[i] = c.Value
				}
			}
		}
		e := h.enrol(t, "viewer")
		guess := func(device, code string) error {
			_, _, err := h.Login(t.Context(), account.Credentials{Email: "viewer@example.org", Password: password, Code: code, Device: device})
			return err
		}
		guesses := map[callboard.Code]int{}
		for _, device := range devices {
			for i := range 10 {
				guesses[callboard.CodeOf(guess(device, e.code(t, 100+i)))]++
			}
		}
		if diff := cmp.Diff(map[callboard.Code]int{callboard.CodeSecondFactor: 30, callboard.CodeRateLimited: 20}, guesses); diff != "" {
			t.Errorf("guesses (-want +got):\n%s", diff)
		}
		e.wantSignIn(t, "from elsewhere", e.code(t, 0), 200, "")
		h.clock.advance(16 * time.Minute)
		wantCode(t, "after the delay", guess(devices[0], e.code(t, 0)), "")
	})
}

// Guesses of codes have the limits of passwords; that the password is right, and known to be, forgives none.
func TestSecondFactorLimit(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		e := h.enrol(t, "viewer")
		for i := range 10 {
			e.wantSignIn(t, "a guess", e.code(t, 100+i), 401, needsCode)
			if i < 9 {
				e.wantSignIn(t, "the password alone", "", 401, needsCode)
			}
		}
		e.wantSignIn(t, "one too many", e.code(t, 0), 429, "rate_limited")
		e.wantSignIn(t, "a recovery code", e.codes[0], 429, "rate_limited")
		h.clock.advance(16 * time.Minute)
		e.wantSignIn(t, "after the window", e.code(t, 0), 200, "")
		for i := range 10 {
			e.want(t, 403, "POST", factorPath+"/off", `{"code":"`+e.code(t, 100+i)+`"}`)
		}
		e.want(t, 429, "POST", factorPath+"/off", `{"current_password":"`+password+`"}`)
	})
}

func TestSecondFactorOff(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		_, admin := h.token(t, "admin", false)
		reset := "/api/v1/users/" + h.users["viewer"].ID + "/second-factor"
		for what, off := range map[string]func(e *enrolled){
			"password":      func(e *enrolled) { e.want(t, 204, "POST", factorPath+"/off", `{"current_password":"`+password+`"}`) },
			"code":          func(e *enrolled) { e.want(t, 204, "POST", factorPath+"/off", `{"code":"`+e.code(t, 0)+`"}`) },
			"recovery code": func(e *enrolled) { e.want(t, 204, "POST", factorPath+"/off", `{"code":"`+e.codes[0]+`"}`) },
			"an admin": func(e *enrolled) {
				if w := h.call(t, "DELETE", reset, admin, ""); w.Code != 204 {
					t.Errorf("reset: %d %s", w.Code, w.Body)
				}
				e.want(t, 401, "GET", factorPath, "")
			},
		} {
			e := h.enrol(t, "viewer")
			e.want(t, 409, "POST", factorPath, `{"current_password":"`+password+`"}`)
			h.events(t)
			off(e)
			if diff := cmp.Diff([]string{"user_updated"}, h.events(t)); diff != "" {
				t.Errorf("%s: %s", what, diff)
			}
			e.wantSignIn(t, what, "", 200, "")
			if n := h.count(t, `SELECT (SELECT COUNT(*) FROM callboard_second_factors) + (SELECT COUNT(*) FROM callboard_recovery_codes)`); n != 0 {
				t.Errorf("%s: %d rows are left", what, n)
			}
		}
		h.events(t)
		for target, status := range map[string]int{
			reset: 204, strings.Replace(reset, h.users["viewer"].ID, h.users["admin"].ID, 1): 409,
			"/api/v1/users/0197a000-0000-7000-8000-000000000000/second-factor": 404,
		} {
			if w := h.call(t, "DELETE", target, admin, ""); w.Code != status {
				t.Errorf("%s: %d, want %d", target, w.Code, status)
			}
		}
		if got := h.events(t); got != nil {
			t.Errorf("events of what changes nothing: %v", got)
		}
		_, editor := h.token(t, "editor", false)
		if w := h.call(t, "DELETE", reset, editor, ""); w.Code != 403 {
			t.Errorf("an editor: %d", w.Code)
		}
	})
}

// With another JWT secret no code can be checked: sign-in says so, recovery codes still do, and the secret is not one of another user's.
func TestSecondFactorOfAnotherSecret(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		e, other := h.enrol(t, "viewer"), h.enrol(t, "editor")
		swap := `UPDATE callboard_second_factors SET secret = $1 WHERE user_id = $2`
		var sealed string
		if err := h.db.QueryRowContext(t.Context(), `SELECT secret FROM callboard_second_factors WHERE user_id = $1`, h.users["editor"].ID).Scan(&sealed); err != nil {
			t.Fatal(err)
		}
		err := h.db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, swap, sealed, h.users["viewer"].ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		e.wantSignIn(t, "the secret of another user", other.code(t, 0), 403, "forbidden")
		e.wantSignIn(t, "no code", "", 401, needsCode)
		e.wantSignIn(t, "a recovery code", e.codes[0], 200, "")
	})
}

func TestSecondFactorIsNowhere(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		var log bytes.Buffer
		h := newHouse(t, db, account.Config{Logger: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))}, true)
		e := h.enrol(t, "viewer")
		code := e.code(t, 0)
		e.wantSignIn(t, "a code", code, 200, "")
		e.wantSignIn(t, "a code", code, 401, needsCode)
		e.wantSignIn(t, "a recovery code", e.codes[0], 200, "")
		for _, secret := range append([]string{e.secret, e.codes[0], e.codes[1], strings.ReplaceAll(e.codes[1], "-", "")}, code) {
			if strings.Contains(log.String(), secret) {
				t.Errorf("%s is in the log", secret)
			}
			for _, query := range []string{
				`SELECT COUNT(*) FROM callboard_outbox WHERE payload LIKE $1`,
				`SELECT COUNT(*) FROM callboard_second_factors WHERE secret LIKE $1`,
				`SELECT COUNT(*) FROM callboard_recovery_codes WHERE code_hash LIKE $1`,
			} {
				if n := h.count(t, query, "%"+secret+"%"); n != 0 && len(secret) > 6 {
					t.Errorf("%s finds %s", query, secret)
				}
			}
		}
		if log.Len() == 0 {
			t.Error("nothing was logged")
		}
		w := h.call(t, http.MethodGet, "/api/v1/users/"+h.users["viewer"].ID, h.adminToken(t), "")
		if !strings.Contains(w.Body.String(), `"second_factor":true`) || strings.Contains(w.Body.String(), e.secret) {
			t.Errorf("what admins see: %s", w.Body)
		}
	}, account.Migrations(), httpapi.Migrations(), outbox.Migrations())
}

func (h *house) adminToken(t *testing.T) string {
	t.Helper()
	_, token := h.token(t, "admin", false)
	return token
}
