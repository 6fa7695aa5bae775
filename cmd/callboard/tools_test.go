package main

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gofrs/flock"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/internal/needtest"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// tools are commands that act on data, and never make any.
func tools(t *testing.T) map[string][]string {
	t.Helper()
	sheet := filepath.Join(t.TempDir(), "sheet.csv")
	if err := os.WriteFile(sheet, []byte("title\nFog\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return map[string][]string{
		"backup": {"backup", filepath.Join(t.TempDir(), "copy.db")}, "doctor": {"doctor"}, "status": {"migrate", "status"},
		"down": {"migrate", "down", "--yes"}, "users": {"user", "list"}, "import": {"import", "episodes", sheet},
		"add":    {"user", "add", "--email", "a@example.org", "--name", "A", "--role", "viewer", "--password-stdin"},
		"token":  {"token", "create", "--email", "a@example.org", "--name", "x"},
		"revoke": {"token", "revoke", "x"}, "disable": {"user", "disable", "--email", "a@example.org"},
	}
}

// failed returns the exit code of a tool that could do nothing: an import then says that nothing came in.
func failed(name string) int {
	switch name {
	case "import":
		return 2
	case "doctor":
		return exitCritical
	}
	return 1
}

func TestToolsMakeNoDatabase(t *testing.T) {
	t.Parallel()
	for name, command := range tools(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(t.TempDir(), "data")
			out, errs, code := shell{t, []string{"--data-dir", folder, "--log-level", "error"}}.run(password, command...)
			if text := out + errs; code != failed(name) || !strings.Contains(text, "there is no database at "+folder) || !strings.Contains(text, "callboard serve") {
				t.Errorf("exit code %d: %s", code, text)
			}
			if _, err := os.Stat(folder); err == nil {
				t.Error("a folder was made")
			}
		})
	}
}

// A database without tables is another one than was meant, and gets none.
func TestToolsDoNotMigrate(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		sh := newShell(t, kind)
		sqldbtest.OpenURL(t, sh.args[3])
		for name, command := range tools(t) {
			if name == "status" || kind == sqldbtest.Postgres && name == "backup" {
				continue
			}
			out, errs, code := sh.run(password, command...)
			if text := out + errs; code != failed(name) || !strings.Contains(text, "no tables of Callboard") && !strings.Contains(text, "no migration is applied") {
				t.Errorf("%s: exit code %d: %s", name, code, text)
			}
		}
		if status := sh.ok("", "migrate", "status"); strings.Contains(status, "202") {
			t.Errorf("something was applied:\n%s", status)
		}
		if entries, err := os.ReadDir(sh.args[1]); err != nil || len(entries) > 0 {
			t.Errorf("in DATA_DIR there is %v, %v", entries, err)
		}
	})
}

// A SQLite file of another program is left as it is, by tools and by what may make a database.
func TestForeignDatabase(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "notes.db")
	pool, err := sql.Open("sqlite", path)
	if err == nil {
		_, err = pool.ExecContext(t.Context(), "CREATE TABLE notes (text TEXT)")
	}
	if err = errors.Join(err, pool.Close()); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sh := shell{t, []string{"--data-dir", t.TempDir(), "--database-url", path, "--log-level", "error"}}
	commands := tools(t)
	commands["up"] = []string{"migrate", "up"} // opens it as the server does
	for name, command := range commands {
		out, errs, code := sh.run(password, command...)
		if text := out + errs; code != failed(name) || !strings.Contains(text, path+" is another program's") {
			t.Errorf("%s: exit code %d: %s", name, code, text)
		}
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file was changed, or %v", err)
	}
	if entries, err := os.ReadDir(filepath.Dir(path)); err != nil || len(entries) != 1 {
		t.Errorf("beside it there is %v, %v", entries, err)
	}
}

// Tables of another version are not worked on.
func TestToolsOfAnotherVersion(t *testing.T) {
	t.Parallel()
	forEachDatabase(t, func(t *testing.T, sh shell) {
		sh.ok("", "migrate", "down", "--yes")
		sh.fails(1, "callboard migrate up", "", "user", "list")
		sh.ok("", "migrate", "up")
		sh.ok("", "user", "list")
		db := sqldbtest.OpenURL(t, sh.args[3])
		err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, "INSERT INTO callboard_schema_show (version_id, is_applied) VALUES (99, TRUE)")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, command := range [][]string{{"user", "list"}, {"migrate", "up"}, {"serve"}} {
			sh.fails(1, "newer version", "", command...)
		}
		if status := sh.ok("", "migrate", "status"); !regexp.MustCompile(`show +99 +\(of a newer version\)`).MatchString(status) {
			t.Errorf("status:\n%s", status)
		}
	})
}

func TestToolsNameTheDatabase(t *testing.T) {
	t.Parallel()
	forEachDatabase(t, func(t *testing.T, sh shell) {
		_, path, _ := strings.Cut(strings.TrimPrefix(sh.args[3], "sqlite://"), "@")
		if path == "" {
			path = strings.TrimPrefix(sh.args[3], "sqlite://")
		}
		path, _, _ = strings.Cut(path, "?")
		for _, command := range [][]string{{"user", "list"}, {"migrate", "status"}} {
			if _, errs, code := sh.run("", command...); code != 0 || !strings.HasPrefix(errs, "database: ") || !strings.Contains(errs, path) {
				t.Errorf("%v: exit code %d, errors %q; want the name of %s", command, code, errs, path)
			}
		}
	})
}

// An older server is not given other tables while it runs on a SQLite file.
func TestMigrateUpBesideAServer(t *testing.T) {
	t.Parallel()
	sh := newMigratedShell(t, sqldbtest.SQLite)
	sh.ok("", "migrate", "down", "--yes")
	server := flock.New(strings.TrimPrefix(sh.args[3], "sqlite://") + ".lock")
	if held, err := server.TryLock(); err != nil || !held {
		t.Fatal(held, err)
	}
	sh.fails(1, "another server is running", "", "migrate", "up")
	sh.fails(1, "callboard migrate up", "", "user", "list") // nothing was applied
	if err := server.Unlock(); err != nil {
		t.Fatal(err)
	}
	sh.ok("", "migrate", "up")
	if held, err := server.TryLock(); err != nil || !held {
		t.Fatal(held, err)
	}
	sh.ok("", "migrate", "up") // there is nothing to do
	if err := server.Unlock(); err != nil {
		t.Fatal(err)
	}
}

// The files of migrations are written once, and not over others.
func TestMigrateFiles(t *testing.T) {
	t.Parallel()
	sh, dir := newShell(t, sqldbtest.SQLite), filepath.Join(t.TempDir(), "db")
	for range 2 {
		sh.ok("", "migrate", "files", dir)
	}
	text, err := os.ReadFile(filepath.Join(dir, "00010_callboard_outbox.sql"))
	if err != nil || !strings.Contains(string(text), "CREATE TABLE callboard_outbox (") {
		t.Errorf("%v: %s", err, text)
	}
	sh.fails(1, "says something else", "", "migrate", "files", dir, "--table-prefix", "acme_")
	sh.fails(1, "TABLE_PREFIX", "", "migrate", "files", dir, "--table-prefix", "acme-")
	sh = shell{t, []string{"--database-url", "postgres://db/app", "--table-prefix", "acme."}} // no server is asked
	sh.ok("", "migrate", "files", filepath.Join(dir, "other"), "--format", "golang-migrate")
	if text, err = os.ReadFile(filepath.Join(dir, "other", "000010_callboard_outbox.up.sql")); err != nil || !strings.Contains(string(text), "CREATE TABLE acme.outbox (") {
		t.Errorf("%v: %s", err, text)
	}
}

func TestMigrateDownAsks(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		sh := newShell(t, kind)
		_, stop := sh.serve("/setup?token=")
		apptest.Eventually(t, "the server is seen", func() error {
			if out, _, _ := sh.run("", "doctor"); !strings.Contains(out, "is running on this database") {
				return errors.New(out)
			}
			return nil
		})
		sh.fails(1, "running on", "", "migrate", "down", "--yes")
		stop()
		applied := func() (numbers []string) {
			for _, m := range regexp.MustCompile(`(?m)^\w+ +(\d+) +\S+ +20`).FindAllStringSubmatch(sh.ok("", "migrate", "status"), -1) {
				numbers = append(numbers, fmt.Sprintf("%5s", m[1]))
			}
			slices.Sort(numbers)
			return numbers
		}
		all := applied()
		sh.fails(1, "--yes", "", "migrate", "down")
		sh.fails(2, "there are 0.1.0", "", "migrate", "down", "--to", "0.0.9", "--yes")
		_, errs, code := sh.run("yes\n", "migrate", "down", "--to", "22") // standard input is no terminal
		for _, want := range []string{"--yes", "00023_import_mappings.sql of importer", "sets aside the table", "import_mappings with 0 rows", "deletes the table", "the column first_pos of"} {
			if code != 1 || !strings.Contains(errs, want) {
				t.Errorf("exit code %d, without %q: %s", code, want, errs)
			}
		}
		if now := applied(); !slices.Equal(now, all) {
			t.Errorf("it was taken back without a yes: of %q there are %q", all, now)
		}
		sh.ok("", "migrate", "down", "--yes") // the newest alone
		if now := applied(); !slices.Equal(now, all[:len(all)-1]) {
			t.Errorf("of %q there are %q", all, now)
		}
		for range 2 { // once more changes nothing, and is no failure: what runs it may have been killed
			sh.ok("", "migrate", "down", "--to", "22", "--yes")
		}
		if status := sh.ok("", "migrate", "status"); !regexp.MustCompile(`importer +23 +\S+ +-`).MatchString(status) || !regexp.MustCompile(`job +22 +\S+ +20`).MatchString(status) {
			t.Errorf("after --to:\n%s", status)
		}
	})
}

// An empty database in the place of one that was lost would greet the next visitor with a link to become its admin.
func TestLostDatabase(t *testing.T) {
	t.Parallel()
	sh := shell{t, []string{"--data-dir", t.TempDir(), "--log-level", "error"}}
	path := filepath.Join(sh.args[1], "callboard.db")
	_, stop := sh.serve("/setup?token=")
	stop()
	_, stop = sh.serve("/setup?token=") // nothing was lost
	stop()
	for name, lose := range map[string]func() error{
		"gone":  func() error { return os.Remove(path) },
		"empty": func() error { return os.WriteFile(path, nil, 0o600) },
	} {
		if err := lose(); err != nil {
			t.Fatal(err)
		}
		for _, command := range [][]string{{"serve", "--http-addr", "127.0.0.1:0"}, {"migrate", "up"}} {
			_, errs, code := sh.run("", command...)
			if code != 1 || !strings.Contains(errs, "jwt_secret shows that there was") || !strings.Contains(errs, "--new-database") {
				t.Errorf("%s, %v: exit code %d: %s", name, command, code, errs)
			}
		}
		if _, err := os.Stat(path); name == "gone" && !errors.Is(err, os.ErrNotExist) {
			t.Errorf("a database was made: %v", err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, stop = sh.serve("/setup?token=", "--new-database")
	stop()
}

// Where the -wal is lost, what SQLite falls back to may have tables, and nobody in them.
func TestLostUsers(t *testing.T) {
	t.Parallel()
	sh := shell{t, []string{"--data-dir", t.TempDir(), "--log-level", "error"}}
	path := filepath.Join(sh.args[1], "callboard.db")
	_, stop := sh.serve("/setup?token=")
	stop()
	without, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sh.ok(password, "user", "add", "--email", "ada@example.org", "--name", "Ada", "--role", "admin", "--password-stdin")
	_, stop = sh.serve("Callboard is at")
	apptest.Eventually(t, "the users are noted", func() error { _, err := os.Stat(filepath.Join(sh.args[1], "has_users")); return err })
	stop()
	if err := os.WriteFile(path, without, 0o600); err != nil {
		t.Fatal(err)
	}
	sh.fails(1, "has no users", "", "serve", "--http-addr", "127.0.0.1:0")
	for range 2 { // the second start shows that it is as new
		_, stop = sh.serve("/setup?token=", "--new-database")
		stop()
	}
	_, stop = sh.serve("/setup?token=")
	stop()
}

func TestPortInUse(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // a test
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	addr := listener.Addr().String()
	_, port, _ := net.SplitHostPort(addr)
	sh := newMigratedShell(t, sqldbtest.SQLite)
	for want, flags := range map[string][]string{
		"HTTP_ADDR: another program listens on " + addr:   {"--http-addr", addr},
		"SOCKET_PORT: another program listens on " + addr: {"--http-addr", "127.0.0.1:0", "--socket-port", port},
		"HTTP_ADDR: must look like":                       {"--http-addr", "8080"},
		"HTTP_ADDR: 192.0.2.1:1234 is no address":         {"--http-addr", "192.0.2.1:1234"},
	} {
		_, errs, code := sh.run("", append([]string{"serve"}, flags...)...)
		if code != 1 || !strings.Contains(errs, want) || strings.Contains(errs, "bind:") {
			t.Errorf("exit code %d, errors %q; want %q", code, errs, want)
		}
	}
}

func TestDoctorTellsWhatToDo(t *testing.T) {
	t.Parallel()
	sh := newMigratedShell(t, sqldbtest.SQLite)
	if err := os.WriteFile(filepath.Join(sh.args[1], "files"), nil, 0o600); err != nil { // no folder can be there
		t.Fatal(err)
	}
	out, errs, code := sh.run("", "doctor")
	if code != exitCritical || !regexp.MustCompile(`(?m)^BAD  files: .*\n     why: .+\n     fix: .+$`).MatchString(out) || !strings.Contains(errs, "trouble") {
		t.Errorf("exit code %d\n%s%s", code, out, errs)
	}
	out, _, code = sh.run("", "doctor", "--json")
	var report struct {
		OK       bool
		Findings []app.Finding
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil || code != exitCritical || report.OK || len(report.Findings) < 5 {
		t.Fatalf("exit code %d, %v\n%s", code, err, out)
	}
	for _, f := range report.Findings {
		want := map[string]app.Severity{"files": app.SeverityCritical, "server": app.SeverityWarning}[f.Part]
		if f.Severity != cmp.Or(want, app.SeverityOK) || want != "" && (f.Why == "" || f.Fix == "") {
			t.Errorf("finding %+v", f)
		}
	}
}

func TestHelpListsOwnFlagsFirst(t *testing.T) {
	t.Parallel()
	for command, own := range map[string]string{"migrate down": "--yes", "doctor": "--json", "serve": "--demo", "token create": "--expires"} {
		var out bytes.Buffer
		code := run(t.Context(), append(strings.Fields(command), "--help"), streams{out: &out, err: &out})
		text := out.String()
		first, settings := strings.Index(text, own), strings.Index(text, "Settings of the server")
		if code != 0 || first < 0 || settings < first || strings.Index(text, "--data-dir") < settings || !strings.Contains(text, "$DATA_DIR") {
			t.Errorf("%s --help:\n%s", command, text)
		}
	}
}

// The table of settings in the documentation is made from the code. UPDATE_DOCS=1 writes it.
func TestSettingsTable(t *testing.T) {
	t.Parallel()
	parser, err := app.NewParser(&app.Config{})
	if err != nil {
		t.Fatal(err)
	}
	table := "| variable | flag | default | meaning |\n| --- | --- | --- | --- |\n"
	for _, f := range parser.Model.Flags {
		if f.Name == "help" {
			continue
		}
		fallback := ""
		if f.Default != "" {
			fallback = "`" + f.Default + "`"
		} else if f.IsBool() {
			fallback = "`false`"
		}
		table += fmt.Sprintf("| `%s` | `--%s` | %s | %s |\n", f.Envs[0], f.Name, fallback, strings.ReplaceAll(f.Help, "|", "\\|"))
	}
	checkDocs(t, "settings.md", "settings", table)
}

// So is that of what doctor looks at.
func TestDoctorTable(t *testing.T) {
	t.Parallel()
	table := "| what is wrong | severity | what to do | check |\n| --- | --- | --- | --- |\n"
	for _, c := range app.DoctorChecks() {
		table += fmt.Sprintf("| %s. %s%s | %s | %s%s | `%s` |\n",
			c.What, strings.ToUpper(c.Why[:1]), c.Why[1:], c.Severity, strings.ToUpper(c.Fix[:1]), c.Fix[1:], c.Name)
	}
	checkDocs(t, "deployment.md", "doctor", table)
}

// And that of Callboard's own events.
func TestEventsTable(t *testing.T) {
	t.Parallel()
	registry, err := callboard.NewRegistry()
	if err != nil {
		t.Fatal(err)
	}
	code := func(words []string) string {
		if len(words) == 0 {
			return ""
		}
		return "`" + strings.Join(words, "`, `") + "`"
	}
	table := "| event | what happened | in the log | heard on | notifies |\n| --- | --- | --- | --- | --- |\n"
	for _, e := range registry.Types() {
		var action []string
		if e.Action != "" {
			action = []string{e.Action}
		}
		summary := e.Summary
		for _, kind := range []struct {
			is   bool
			text string
		}{{e.Private, "private"}, {e.Ephemeral, "ephemeral"}, {e.Watch, "who does it watches from then on"}} {
			if kind.is {
				summary += " (" + kind.text + ")"
			}
		}
		table += fmt.Sprintf("| `%s` | %s | %s | %s | %s |\n", e.Name, strings.ReplaceAll(summary, "|", "\\|"), code(action), code(e.Channels), code(e.Notify))
	}
	checkDocs(t, "events.md", "events", table)
}

// checkDocs compares what stands between two marks of a page with what the code says, or writes it there.
func checkDocs(t *testing.T, name, mark, table string) {
	t.Helper()
	page, begin, end := "../../docs/"+name, "<!-- "+mark+" -->\n", "<!-- /"+mark+" -->\n"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), begin)
	old, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatal("the page has no place for the table")
	}
	if old == table {
		return
	}
	if os.Getenv("UPDATE_DOCS") == "" {
		t.Fatalf("the table in %s is out of date; run make docs", page)
	}
	if err := os.WriteFile(page, []byte(before+begin+table+end+after), 0o644); err != nil { //nolint:gosec // documentation is for all
		t.Fatal(err)
	}
}

// The demo and the commands beside it are about the same folder, and what it prints can be reached.
func TestDemoTellsWhereItIs(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "it's the demo")
	sh := shell{t, []string{"--data-dir", folder, "--log-level", "error"}}
	printed, _ := sh.serve("Stop it with Ctrl-C", "--demo", "--http-addr", "0.0.0.0:0")
	if !strings.Contains(printed, "http://localhost:") || strings.Contains(printed, "0.0.0.0") || strings.Contains(printed, "[::]") {
		t.Errorf("the address is not for people:\n%s", printed)
	}
	quoted := "'" + strings.ReplaceAll(folder, "'", `'\''`) + "'"
	if !strings.Contains(printed, " user list --data-dir "+quoted+"\n") {
		t.Errorf("no command with the folder %s:\n%s", quoted, printed)
	}
	if users := sh.ok("", "user", "list"); !strings.Contains(users, "ada@demo.callboard.test") {
		t.Errorf("users:\n%s", users)
	}
}

// What the first page of the README shows can be pasted as it stands, once signed in by what the demo prints.
func TestReadmeCanBePasted(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		needtest.Missing(t, "curl", err)
	}
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(text), "```sh\n")
	block, _, _ = strings.Cut(block, "```")
	printed, _ := newShell(t, sqldbtest.SQLite).serve("Stop it with Ctrl-C", "--demo")
	_, login, _ := strings.Cut(printed, "Try it:\n")
	login, _, _ = strings.Cut(login, "auth/login\n")
	url := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(printed)
	here := strings.NewReplacer("http://127.0.0.1:8080", url, "/tmp/callboard.cookies", filepath.Join(t.TempDir(), "cookies"))
	script := here.Replace("set -e\n" + login + "auth/login\n" + block)
	apptest.Eventually(t, "the log has it", func() error {
		out, err := exec.CommandContext(t.Context(), "sh", "-c", script).CombinedOutput()
		for _, want := range []string{`"title":"Dead Reckoning"`, `"status":"published"`, `"viewers":[{`, `"message":"`, `"action":"published_episode"`} {
			if err == nil && !strings.Contains(string(out), want) {
				err = fmt.Errorf("the answers lack %s: %s", want, out)
			}
		}
		return err
	})
}
