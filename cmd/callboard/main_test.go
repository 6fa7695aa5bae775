package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// shell runs commands on one data folder.
type shell struct {
	t    *testing.T
	args []string
}

// newShell returns one whose database has no tables; on SQLite there is none at all.
func newShell(t *testing.T, kind string) shell {
	t.Helper()
	return shell{t, []string{"--data-dir", t.TempDir(), "--database-url", sqldbtest.URL(t, kind), "--log-level", "error"}}
}

// newMigratedShell returns one that is ready for commands beside a server.
func newMigratedShell(t *testing.T, kind string) shell {
	t.Helper()
	url := sqldbtest.MigratedURL(t, kind, app.Migrations())
	return shell{t, []string{"--data-dir", t.TempDir(), "--database-url", url, "--log-level", "error"}}
}

func forEachDatabase(t *testing.T, test func(t *testing.T, sh shell)) {
	t.Helper()
	for _, kind := range []string{sqldbtest.SQLite, sqldbtest.Postgres} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			test(t, newMigratedShell(t, kind))
		})
	}
}

// run runs a command with a line of standard input, and returns what it wrote and its exit code.
func (sh shell) run(input string, command ...string) (out, errs string, code int) {
	sh.t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(sh.t.Context(), append(command, sh.args...), streams{in: strings.NewReader(input), out: &stdout, err: &stderr})
	return stdout.String(), stderr.String(), code
}

// ok runs a command that must succeed, and returns its standard output.
func (sh shell) ok(input string, command ...string) string {
	sh.t.Helper()
	out, errs, code := sh.run(input, command...)
	if code != 0 {
		sh.t.Fatalf("%v: exit code %d\n%s%s", command, code, out, errs)
	}
	return out
}

// fails runs a command that must fail with the code, and with the text on standard error.
func (sh shell) fails(code int, text, input string, command ...string) {
	sh.t.Helper()
	out, errs, got := sh.run(input, command...)
	if got != code || !strings.Contains(errs, text) || out != "" && code == 1 {
		sh.t.Errorf("%v: exit code %d, want %d with %q\nout: %s\nerr: %s", command, got, code, text, out, errs)
	}
}

const password = "correct horse battery"

func TestUsersAndTokens(t *testing.T) {
	t.Parallel()
	forEachDatabase(t, func(t *testing.T, sh shell) {
		id := sh.ok(password+"\r\n", "user", "add", "--email", "ada@example.org", "--name", "Ada", "--role", "admin", "--password-stdin")
		if !regexp.MustCompile(`^[0-9a-f-]{36}\n$`).MatchString(id) {
			t.Errorf("user add prints %q, want the ID alone", id)
		}
		sh.fails(1, "already", password, "user", "add", "--email", "Ada@Example.org", "--name", "A", "--role", "viewer", "--password-stdin")
		sh.fails(1, "password", "short", "user", "add", "--email", "b@example.org", "--name", "B", "--role", "viewer", "--password-stdin")
		sh.fails(1, "--password-stdin", "", "user", "add", "--email", "b@example.org", "--name", "B", "--role", "viewer")
		sh.fails(2, "role", "", "user", "add", "--email", "b@example.org", "--name", "B", "--role", "root")

		token := sh.ok("", "token", "create", "--email", "ada@example.org", "--name", "ci", "--service", "--expires", "90d")
		if !regexp.MustCompile(`^cb_[A-Za-z0-9_-]+\n$`).MatchString(token) {
			t.Errorf("token create prints %q, want the token alone", token)
		}
		list := sh.ok("", "token", "list", "--email", "ada@example.org")
		if !strings.Contains(list, "ci") || strings.Contains(list, strings.TrimSpace(token)) {
			t.Errorf("token list:\n%s", list)
		}
		sh.ok("", "token", "revoke", "ci")
		if list := sh.ok("", "token", "list", "--email", "ada@example.org"); strings.Contains(list, "ci") {
			t.Errorf("after revoking, token list:\n%s", list)
		}
		sh.fails(1, "no such", "", "token", "revoke", "ci")
		sh.fails(1, "no such user", "", "token", "create", "--email", "nobody@example.org", "--name", "x")
		sh.fails(2, "90d", "", "token", "create", "--email", "ada@example.org", "--name", "x", "--expires", "soon")

		sh.ok(password+"2", "user", "passwd", "--email", "ada@example.org", "--password-stdin")
		sh.ok(password, "user", "add", "--email", "ben@example.org", "--name", "Ben", "--role", "viewer", "--password-stdin")
		sh.ok("", "user", "unlink", "--email", "ben@example.org")
		sh.ok("", "user", "reset-second-factor", "--email", "ben@example.org")
		sh.ok("", "user", "disable", "--email", "ben@example.org")
		users := sh.ok("", "user", "list")
		if !regexp.MustCompile(`ada@example.org +Ada +admin +active +password`).MatchString(users) ||
			!regexp.MustCompile(`ben@example.org +Ben +viewer +disabled +password`).MatchString(users) {
			t.Errorf("user list:\n%s", users)
		}
		sh.fails(1, "admin", "", "user", "disable", "--email", "ada@example.org") // the last one
		sh.ok("", "user", "enable", "--email", "ben@example.org")
		if users := sh.ok("", "user", "list"); !regexp.MustCompile(`ben@example.org +Ben +viewer +active +password`).MatchString(users) {
			t.Errorf("after enabling, user list:\n%s", users)
		}
	})
}

const episodeList = `story,episode,aired,rating
The Lamp Room,Part One,1963-11-23,"8,1"
Low Water,,1963-11-30,"7,9"
,,1963-12-07,
Fog Signal,Part Two,soon,
`

func TestImport(t *testing.T) {
	t.Parallel()
	forEachDatabase(t, func(t *testing.T, sh shell) {
		dir := t.TempDir()
		file, refused := filepath.Join(dir, "episodes.csv"), filepath.Join(dir, "refused.csv")
		if err := os.WriteFile(file, []byte(episodeList), 0o600); err != nil {
			t.Fatal(err)
		}
		command := []string{"import", "episodes", file, "--show", "Lighthouse Nine", "--map", "title=episode|story,air_date=aired"}
		rows := "line 4: refused: title is missing (column 2 (\"episode\"))\nline 5: refused: air_date \"soon\""
		for _, flag := range []string{"--plan", "--dry-run"} {
			out, _, code := sh.run("", append(command, flag)...)
			for _, want := range []string{
				rows, `column 4 "rating": ignored`, "4 rows read: would be 2 created, 0 updated, 0 unchanged, 2 refused", `show: "Lighthouse Nine", which is new`,
			} {
				if code != 1 || !strings.Contains(out, want) {
					t.Errorf("%s: exit code %d, want %q in:\n%s", flag, code, want, out)
				}
			}
		}
		for _, sum := range []string{"4 rows read: 2 created, 0 updated, 0 unchanged, 2 refused", "4 rows read: 0 created, 0 updated, 2 unchanged, 2 refused"} {
			out, errs, code := sh.run("", append(command, "--refused", refused, "--save-map")...)
			if code != 1 || !strings.HasPrefix(out, rows) || !strings.Contains(errs, sum) || !strings.Contains(errs, `column 4 "rating": ignored`) {
				t.Errorf("exit code %d, want %q\nout: %s\nerr: %s", code, sum, out, errs)
			}
		}
		// What was refused is mended, and comes in by the mapping that was saved.
		content, err := os.ReadFile(refused)
		if err != nil || !strings.Contains(string(content), "story,episode,aired,rating,refused because") {
			t.Fatalf("%s, %v", content, err)
		}
		mended := strings.NewReplacer(",,1963-12-07", "Landfall,,1963-12-07", "soon", "1963-12-14").Replace(string(content))
		out, errs, code := sh.run(mended, "import", "episodes", "-", "--show", "lighthouse nine")
		if code != 0 || out != "" || !strings.Contains(errs, "2 created") || !strings.Contains(errs, "saved for the show") {
			t.Errorf("mended: exit code %d\nout: %s\nerr: %s", code, out, errs)
		}
		if _, errs, code := sh.run("foo,bar\nA,1\n", "import", "episodes", "-", "--show", "Nobody's"); code != 2 {
			t.Errorf("a file without a title: exit code %d\n%s", code, errs)
		}
		asJSON := []string{"import", "episodes", file, "--show", "Lighthouse Nine", "--map", "title=episode|story", "--mode", "update", "--json", "--plan"}
		if out, _, code := sh.run("", asJSON...); code != 1 || !strings.Contains(out, `"unchanged": 2`) {
			t.Errorf("as JSON: exit code %d, %s", code, out)
		}
		nothing := []string{"import", "episodes", "-", "--mode", "update", "--json", "--plan"}
		if out, _, _ := sh.run("{\"title\":\"\",\"season\":1}\n", nothing...); strings.Contains(out, "null") || !strings.Contains(out, `"samples": []`) {
			t.Errorf("as JSON, of lists without entries: %s", out)
		}
		for role, email := range map[string]string{"viewer": "viewer@example.org", "editor": "disabled@example.org"} {
			sh.ok(password, "user", "add", "--email", email, "--name", "N", "--role", role, "--password-stdin")
			if role == "editor" {
				sh.ok("", "user", "disable", "--email", email)
			}
			sh.fails(2, email+" is disabled, or no editor", "", "import", "episodes", file, "--map", "title=story", "--as", email)
		}
		sh.fails(2, "no such file", "", "import", "episodes", file+".not")
		sh.fails(2, "is a folder", "", "import", "episodes", dir)
		sh.fails(2, "--refused is the file that is read", "", "import", "episodes", file, "--map", "title=story", "--refused", file)
		if kept, err := os.ReadFile(file); err != nil || string(kept) != episodeList {
			t.Errorf("the file became %q, %v", kept, err)
		}
		if _, err := os.Stat("/dev/full"); err == nil {
			full := []string{"import", "episodes", file, "--map", "title=story,air_date=aired", "--refused", "/dev/full"}
			if _, errs, code := sh.run("", full...); code != 1 || !strings.Contains(errs, "no space left") {
				t.Errorf("refused rows on a full disk: exit code %d\n%s", code, errs)
			}
		}
		sh.fails(2, "story", "", "import", "episodes", file, "--map", "title=name")
		sh.fails(2, "the fields are", "", "import", "episodes", file, "--map", "titel=story")
	})
}

func TestMigrateAndDoctor(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		sh := newShell(t, kind)
		sh.ok("", "migrate", "up")
		takenBack := regexp.MustCompile(`episode +14 +00014_episodes.sql +-`)
		for !takenBack.MatchString(sh.ok("", "migrate", "status")) {
			sh.ok("", "migrate", "down", "--yes")
		}
		sh.ok("", "migrate", "up")
		sh.ok("", "migrate", "up")
		if status := sh.ok("", "migrate", "status"); strings.Contains(status, " -\n") || !strings.Contains(status, "outbox") {
			t.Errorf("after up: %s", status)
		}
		out, _, _ := sh.run("", "doctor")
		if found := regexp.MustCompile(`(?m)^(BAD |WARN) \S+`).FindAllString(out, -1); !slices.Equal(slices.DeleteFunc(found, func(line string) bool {
			return line == "BAD  durability:" // which is off for tests on PostgreSQL
		}), []string{"WARN server:"}) {
			t.Errorf("doctor: %s", out)
		}
		applied := regexp.MustCompile(` 20\d\d-`)
		for applied.MatchString(sh.ok("", "migrate", "status")) {
			sh.ok("", "migrate", "down", "--yes")
		}
		sh.fails(1, "no migration is applied", "", "migrate", "down", "--yes")
		sh.ok("", "migrate", "up")
	})
}

func TestBackup(t *testing.T) {
	t.Parallel()
	sh := newMigratedShell(t, sqldbtest.SQLite)
	sh.ok(password, "user", "add", "--email", "ada@example.org", "--name", "Ada", "--role", "admin", "--password-stdin")
	file := filepath.Join(t.TempDir(), "copy.db")
	out, errs, code := sh.run("", "backup", file)
	if code != 0 || out != "" || !regexp.MustCompile(`database: /.*\.db\nwrote .*copy\.db: \d+ bytes, 0 episodes, events up to position 1;`).MatchString(errs) {
		t.Errorf("exit code %d\nout: %s\nerr: %s", code, out, errs)
	}
	sh.fails(1, "exists", "", "backup", file)
	db, err := sqldb.Open(t.Context(), sqldb.Config{URL: file})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var email string
	if err := db.QueryRowContext(t.Context(), `SELECT email FROM callboard_users`).Scan(&email); err != nil || email != "ada@example.org" {
		t.Errorf("the copy has %q, %v", email, err)
	}
	newShell(t, sqldbtest.Postgres).fails(1, "pg_dump", "", "backup", file+"2")
}

func TestUsage(t *testing.T) {
	t.Parallel()
	sh := newShell(t, sqldbtest.SQLite)
	sh.fails(2, "unknown flag", "", "serve", "--frobnicate")
	sh.fails(2, "unknown flag", "") // settings belong to a command
	sh.fails(2, "callboard: --socket-port: must be a whole number\n", "", "serve", "--socket-port", "http")
	sh.fails(2, "callboard: --http-addr: needs a value\n", "", "serve", "--http-addr", "--demo")
	sh.fails(1, "JWT_SECRET", "", "user", "list", "--jwt-secret", "short")
	sh.fails(1, "REDIS_URL: must be like", "", "serve", "--redis-url", "http://127.0.0.1:6379")
	sh.fails(1, "REDIS_URL: goes together with", "", "serve", "--redis-url", "redis://127.0.0.1:6379")
	sh.fails(1, "SOCKET_URL", "", "serve", "--socket-url", "sockets.example.org")
	issuer := []string{"serve", "--oidc-issuer", "https://id.example.org", "--oidc-audience", "board"}
	signIn := append(slices.Clone(issuer), "--oidc-sign-in", "--public-url", "https://board.example.org")
	for text, args := range map[string][]string{
		"OIDC_SIGN_IN: goes together":        append(slices.Clone(issuer), "--oidc-sign-in"),
		"OIDC_ROLE_CLAIM: goes together":     append(slices.Clone(issuer), "--oidc-role-claim", "groups", "--oidc-roles", "a=admin"),
		"OIDC_ROLES: goes together":          append(slices.Clone(signIn), "--oidc-role-claim", "groups"),
		"OIDC_ROLES: must be":                append(slices.Clone(signIn), "--oidc-role-claim", "groups", "--oidc-roles", "crew=boss"),
		"OIDC_SCOPES: must have openid":      append(slices.Clone(signIn), "--oidc-scopes", "email"),
		"OIDC_EMAIL_DOMAINS: goes together":  append(slices.Clone(signIn), "--oidc-email-domains", "example.org"),
		"PASSWORD_SIGN_IN: may be off only":  append(slices.Clone(issuer), "--no-password-sign-in"),
		"PUBLIC_URL: must be like":           append(slices.Clone(issuer), "--public-url", "https://board.example.org?x=y"),
		"PUBLIC_URL: must end in":            append(slices.Clone(signIn), "--path-prefix", "/callboard"),
		"PUBLIC_URL: must be like https://b": append(slices.Clone(issuer), "--public-url", "javascript:alert(1)"),
	} {
		sh.fails(1, text, "", args...)
	}
	sh.fails(1, "SOCKET_CORS_ORIGIN", "", "serve", "--socket-cors-origin", "*")
	for _, command := range [][]string{nil, {"--help"}, {"serve", "--help"}, {"help"}, {"help", "serve"}, {"version"}} {
		var out, errs bytes.Buffer
		if code := run(t.Context(), command, streams{out: &out, err: &errs}); code != 0 || out.Len() == 0 || errs.Len() != 0 {
			t.Errorf("%v: exit code %d, %d bytes out, %s", command, code, out.Len(), errs.String())
		}
	}
	var out bytes.Buffer
	if code := run(t.Context(), []string{"openapi"}, streams{out: &out, err: io.Discard}); code != 0 || !strings.HasPrefix(out.String(), "{") {
		t.Errorf("openapi: exit code %d, %.100s", code, out.String())
	}
}

// What is interrupted says so, and not how the program was told.
func TestInterruptedCommand(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var errs bytes.Buffer
	args := append([]string{"user", "list"}, newMigratedShell(t, sqldbtest.SQLite).args...)
	if code := run(ctx, args, streams{out: io.Discard, err: &errs}); code != 1 || errs.String() != "callboard: interrupted before it was done\n" {
		t.Errorf("exit code %d, %q", code, errs.String())
	}
}

// A setting of the environment is named as it is there.
func TestWrongEnvironment(t *testing.T) {
	t.Setenv("DATABASE_MAX_CONNS", "many")
	newShell(t, sqldbtest.SQLite).fails(2, "callboard: DATABASE_MAX_CONNS: must be a whole number\n", "", "serve")
}

// What a file holds does nothing to the terminal on which an error is shown.
func TestErrorsArePrintable(t *testing.T) {
	t.Parallel()
	sh := newMigratedShell(t, sqldbtest.SQLite)
	sh.fails(2, `out of: #1 "[31mname"; #2 "x"`, "\x1b[31mname,x\n1,2\n", "import", "episodes", "-", "--show", "S")
}

// TestServeGreets starts the server and follows what it prints: the set-up link, and in the demo the sign-in.
func TestServeGreets(t *testing.T) {
	t.Parallel()
	for flag, text := range map[string]string{"--log-format=json": "/setup?token=", "--demo": "ada@demo.callboard.test"} {
		t.Run(strings.Trim(flag, "-"), func(t *testing.T) {
			t.Parallel()
			printed, stop := newShell(t, sqldbtest.SQLite).serve(text, flag)
			url := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(printed)
			answer, err := http.Get(url + "/readyz") //nolint:noctx // a test
			if err != nil || answer.StatusCode != http.StatusOK {
				t.Fatalf("%v, %v", answer, err)
			}
			_ = answer.Body.Close()
			stop()
		})
	}
}

// serve starts the server, and returns what it has printed up to a line with text, and a function that stops it.
func (sh shell) serve(text string, flags ...string) (printed string, stop func()) {
	sh.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out, in := io.Pipe()
	done := make(chan int, 1)
	go func() {
		args := append([]string{"serve", "--http-addr", "127.0.0.1:0"}, flags...)
		done <- run(ctx, append(args, sh.args...), streams{out: in, err: io.Discard})
		_ = in.Close()
	}()
	stop = sync.OnceFunc(func() {
		cancel()
		go func() { _, _ = io.Copy(io.Discard, out) }() // so that the server can print on
		select {
		case code := <-done:
			if code != 0 {
				sh.t.Errorf("exit code %d", code)
			}
		case <-time.After(time.Minute):
			sh.t.Error("the server does not stop")
		}
	})
	sh.t.Cleanup(stop)
	return readUntil(sh.t, out, text), stop
}

// readUntil reads until text has been printed.
func readUntil(t *testing.T, r io.Reader, text string) string {
	t.Helper()
	var all strings.Builder
	buf := make([]byte, 4096)
	for !strings.Contains(all.String(), text) {
		n, err := r.Read(buf)
		all.Write(buf[:n])
		if err != nil {
			t.Fatalf("printed %q, and then %v", all.String(), err)
		}
	}
	return all.String()
}

// The exit code of callboard health is what Docker goes by.
func TestHealth(t *testing.T) {
	t.Parallel()
	sh := newMigratedShell(t, sqldbtest.SQLite)
	printed, stop := sh.serve("/setup?token=")
	address := regexp.MustCompile(`127\.0\.0\.1:\d+`).FindString(printed)
	apptest.Eventually(t, "the server is ready", func() error {
		if out, errs, code := sh.run("", "health", "--http-addr", address); code != 0 || !strings.HasPrefix(out, "ready") {
			return fmt.Errorf("exit code %d: %s%s", code, out, errs)
		}
		return nil
	})
	_, port, _ := strings.Cut(address, ":")
	sh.ok("", "health", "--http-addr", ":"+port)
	sh.fails(1, "HTTP_ADDR: must look like", "", "health", "--http-addr", port)
	stop()
	sh.fails(1, "no server answers at "+address, "", "health", "--http-addr", address)

	answer := `{"status":"unavailable","parts":{"database":{"status":"unavailable","detail":"it is away"},"disk":{"status":"ready"}}}`
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, answer)
	}))
	defer other.Close()
	address = strings.TrimPrefix(other.URL, "http://")
	sh.fails(1, "is unavailable\n  database is unavailable: it is away\n", "", "health", "--http-addr", address)
	answer = "<html>"
	sh.fails(1, "is not Callboard", "", "health", "--http-addr", address)
}
