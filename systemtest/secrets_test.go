package systemtest

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/realtime"
	"github.com/callboard/callboard/realtime/realtimetest"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// TestSecretsStayWhereTheyBelong shows a server secrets of every kind, also where none belongs, and then has it crash. Afterwards none is in
// its log at the level of debug, in the trace of the crash, in the database, its journal or a backup, or in what another command prints;
// and there is no core.
func TestSecretsStayWhereTheyBelong(t *testing.T) {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_CORE, &limit); err != nil {
		t.Fatal(err)
	}
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{Cur: limit.Max, Max: limit.Max}); err != nil { // the server has it from here
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Setrlimit(unix.RLIMIT_CORE, &limit) })
	secrets := map[string]string{
		"JWT_SECRET": "jwt-secret-that-nobody-may-read-anywhere", "password": "a pass phrase of Ada's own", "new password": "the next pass phrase of Ada's",
		"wrong password": "not quite the pass phrase", "password for a name": "typed into the field above", "password in the address": "in-the-query-of-the-address",
		"unknown token": "cb_" + strings.Repeat("Q7", 21) + "Q", "AWS_SECRET_ACCESS_KEY": "the-key-of-a-bucket-that-is-not-used",
		"OIDC_CLIENT_SECRET": "the-secret-of-a-client", "code of a provider": "a-code-in-the-address", "state of a sign-in": "a-state-in-the-address",
	}
	b := apptest.NewBinary(t, apptest.Options{Kind: sqldbtest.SQLite}, "JWT_SECRET="+secrets["JWT_SECRET"],
		"AWS_SECRET_ACCESS_KEY="+secrets["AWS_SECRET_ACCESS_KEY"], "OIDC_CLIENT_SECRET="+secrets["OIDC_CLIENT_SECRET"],
		"OIDC_SIGN_IN=on", "OIDC_ISSUER=http://127.0.0.1:1", "OIDC_AUDIENCE=board", "PUBLIC_URL=http://127.0.0.1", "LOG_LEVEL=debug", "LOG_FORMAT=text", "GOTRACEBACK=all")
	folder := t.TempDir()
	t.Chdir(folder) // where a core would be
	b.Start()
	admin := b.Users.Admin.Token
	secrets["token of the admin"] = admin
	var made struct{ ID, Token string }
	b.Want(http.StatusCreated, http.MethodPost, "/api/v1/users", admin,
		obj{"email": "mira@example.org", "name": "Mira", "role": "editor", "password": secrets["password"]}, &made)
	mira := made.ID
	login := func(email, password string) apptest.Response {
		return b.Do(http.MethodPost, "/api/v1/auth/login", "", obj{"email": email, "password": password})
	}
	signedIn := login("mira@example.org", secrets["password"])
	for _, cookie := range signedIn.Header.Values("Set-Cookie") {
		parsed, err := http.ParseSetCookie(cookie)
		if err != nil {
			t.Fatal(err)
		}
		secrets["cookie "+parsed.Name] = parsed.Value
	}
	if len(signedIn.Header.Values("Set-Cookie")) != 2 {
		t.Fatalf("signing in: %d %s", signedIn.Status, signedIn.Body)
	}
	cookies := http.Header{"Cookie": {"callboard_session=" + secrets["cookie callboard_session"]}}
	login("mira@example.org", secrets["wrong password"])
	login(secrets["password for a name"], secrets["wrong password"])
	b.Do(http.MethodGet, "/api/v1/episodes?q="+url.QueryEscape(secrets["password in the address"])+"&password="+url.QueryEscape(secrets["password in the address"]), admin, nil)
	b.Do(http.MethodGet, "/api/v1/episodes", secrets["unknown token"], nil)
	b.Do(http.MethodGet, "/api/v1/auth/oidc/start", "", nil)
	b.Do(http.MethodGet, "/api/v1/auth/oidc/callback?code="+secrets["code of a provider"]+"&state="+secrets["state of a sign-in"], "", nil)
	var invitation struct{ Token string }
	b.Want(http.StatusCreated, http.MethodPost, "/api/v1/users", admin, obj{"email": "yuki@example.org", "name": "Yuki", "role": "viewer"}, &made)
	b.Want(http.StatusCreated, http.MethodPost, "/api/v1/users/"+made.ID+"/invitation", admin, nil, &invitation)
	secrets["invitation"] = invitation.Token
	b.Want(http.StatusCreated, http.MethodPost, "/api/v1/auth/tokens", admin, obj{"name": "of the test"}, &made)
	secrets["token"] = made.Token
	b.Raw(http.MethodPost, "/api/v1/auth/tokens", admin, http.Header{"Content-Type": {"application/json"}, "Idempotency-Key": {"once"}},
		strings.NewReader(`{"name":"with a key"}`))
	var socket struct{ Token string }
	b.Want(http.StatusOK, http.MethodGet, "/api/v1/socket/token", made.Token, nil, &socket)
	secrets["token for sockets"] = socket.Token
	b.Dial(socket.Token)
	if _, err := realtimetest.Connect(t.Context(), b.URL()+realtime.PathWebSocket, realtimetest.Options{Token: secrets["unknown token"]}); err == nil {
		t.Error("an unknown token opens a socket")
	}
	r := b.Raw(http.MethodPut, "/api/v1/auth/password", "", cookies.Clone(), passwords(secrets["wrong password"], secrets["new password"]))
	if r.Status == http.StatusOK {
		t.Errorf("a wrong password changes it: %s", r.Body)
	}
	cookies.Set("Content-Type", "application/json")
	if r := b.Raw(http.MethodPut, "/api/v1/auth/password", "", cookies, passwords(secrets["password"], secrets["new password"])); r.Status != http.StatusNoContent {
		t.Errorf("change the password: %d %s", r.Status, r.Body)
	}
	secondFactor(t, b, admin, mira, secrets)
	b.Do(http.MethodPost, "/api/v1/users", admin, obj{"email": secrets["password for a name"], "name": "X", "role": secrets["wrong password"], "password": "short"})

	printed := map[string]string{}
	for _, args := range [][]string{{"doctor", "--json"}, {"user", "list"}, {"token", "list", "--email", "mira@example.org"}, {"backup", filepath.Join(folder, "backup.db")}} {
		_, out, errs := b.Run(args...)
		printed["callboard "+strings.Join(args, " ")] = out + errs
	}
	b.Signal(syscall.SIGABRT)
	b.Await("a line that it never writes") // returns when it has ended
	if !strings.Contains(b.Log.String(), "goroutine 1 ") {
		t.Error("the crash leaves no trace to look into")
	}

	printed["the log"] = b.Log.String()
	readAll(t, printed, folder, b.Config.DataDir, filepath.Dir(strings.TrimPrefix(b.Config.DatabaseURL, "sqlite:")))
	wantNone(t, secrets, printed)
	if text := printed[filepath.Join(folder, "backup.db")]; !strings.Contains(text, "mira@example.org") {
		t.Error("the backup does not have what it should: nothing was looked at")
	}
}

// secondFactor turns on that of Mira, and has her sign in with a code and a recovery code.
func secondFactor(t *testing.T, b *apptest.Binary, admin, mira string, secrets map[string]string) {
	t.Helper()
	var made struct{ Token string }
	b.Want(http.StatusCreated, http.MethodPost, "/api/v1/auth/tokens", admin, obj{"name": "Mira's", "user_id": mira}, &made)
	secret, code := b.BeginSecondFactor(made.Token, secrets["new password"])
	var recovery struct {
		Codes []string `json:"recovery_codes"`
	}
	b.Want(http.StatusOK, http.MethodPost, "/api/v1/auth/second-factor/confirm", made.Token, obj{"code": code}, &recovery)
	secrets["secret of a second factor"], secrets["recovery code"], secrets["used recovery code"] = secret, recovery.Codes[1], recovery.Codes[0]
	for _, status := range []int{http.StatusOK, http.StatusUnauthorized} {
		r := b.Do(http.MethodPost, "/api/v1/auth/login", "", obj{"email": "mira@example.org", "password": secrets["new password"], "code": recovery.Codes[0]})
		if r.Status != status {
			t.Errorf("signing in with a recovery code: %d %s, want %d", r.Status, r.Body, status)
		}
	}
}

func passwords(current, next string) *bytes.Reader {
	body, _ := json.Marshal(obj{"current_password": current, "new_password": next}) // texts always encode
	return bytes.NewReader(body)
}

// readAll reads the files of folders into texts. A core among them is an error.
func readAll(t *testing.T, texts map[string]string, folders ...string) {
	t.Helper()
	for _, root := range folders {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			if strings.HasPrefix(entry.Name(), "core") {
				t.Errorf("the crash leaves %s", entry.Name())
			}
			content, err := os.ReadFile(path)
			texts[path] = string(content)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// wantNone fails for each secret that is in one of the texts, as it is or as JSON or an address has it.
func wantNone(t *testing.T, secrets, texts map[string]string) {
	t.Helper()
	for what, secret := range secrets {
		encoded, err := json.Marshal(secret)
		if err != nil {
			t.Fatal(err)
		}
		for where, text := range texts {
			if strings.Contains(text, secret) || strings.Contains(text, string(encoded)) || strings.Contains(text, url.QueryEscape(secret)) {
				t.Errorf("%s is in %s", what, where)
			}
		}
	}
}
