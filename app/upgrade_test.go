package app_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// The releases that the tables of a database may be from have a folder each below upgrades: for each kind of database its contents,
// the files that belong to them, and the tokens of its users. They stay as they were made.
const (
	upgrades     = "testdata/upgrade"
	upgradeFiles = "files"
	upgradeUsers = "users.json"
	upgradeSums  = "migrations.json"
)

// upgradeDatabase names the file with the contents of a kind of database: that of SQLite, or statements.
func upgradeDatabase(kind string) string {
	if kind == sqldbtest.SQLite {
		return "callboard.db.gz"
	}
	return "callboard.sql.gz"
}

// TestUpgrade brings the database of each release up to date, and goes on with what it holds.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	releases, err := os.ReadDir(upgrades)
	if err != nil || len(releases) == 0 {
		t.Fatalf("there are %d releases, %v", len(releases), err)
	}
	for _, release := range releases {
		t.Run(release.Name(), func(t *testing.T) {
			t.Parallel()
			wantSameMigrations(t, release.Name())
			sqldbtest.EachKind(t, func(t *testing.T, kind string) {
				s := startUpgraded(t, kind, filepath.Join(upgrades, release.Name(), kind))
				last := wantOldLife(t, s)
				goOn(t, s, last)
				wantProven(t, s)
			})
		})
	}
}

// wantSameMigrations fails when a migration has been edited since a release: databases that have it would never get the rest; and where the
// product does not know what its newest one was, for going back.
func wantSameMigrations(t *testing.T, release string) {
	t.Helper()
	released := map[string]string{}
	b, err := os.ReadFile(filepath.Join(upgrades, release, upgradeSums))
	if err == nil {
		err = json.Unmarshal(b, &released)
	}
	if err != nil || len(released) == 0 {
		t.Fatalf("%d migrations were released, %v", len(released), err)
	}
	now := migrationSums(t)
	var newest int64
	for name, sum := range released {
		newest = max(newest, migrationNumber(t, name))
		if now[name] != sum {
			t.Errorf("%s was edited or renamed since its release: what changes belongs into a migration of its own", name)
		}
	}
	if known, err := app.MigrationOf(release); err != nil || known != newest {
		t.Errorf("releases in database.go has %d for %s, whose newest migration is %d: %v", known, release, newest, err)
	}
}

func migrationNumber(t *testing.T, name string) (number int64) {
	t.Helper()
	if _, err := fmt.Sscanf(path.Base(name), "%d_", &number); err != nil {
		t.Fatalf("%s has no number", name)
	}
	return number
}

// Going back from a migration loses nothing: it says what it keeps, and why it does not keep the rest.
func TestMigrationsKeep(t *testing.T) {
	t.Parallel()
	first, err := app.MigrationOf("0.1.0")
	if err != nil {
		t.Fatal(err)
	}
	drop := regexp.MustCompile(`(?im)^.*\bDROP (?:TABLE|COLUMN)\b.*$`)
	says := regexp.MustCompile(`(?m)^(?:DROP TABLE|ALTER TABLE \w+ DROP COLUMN) \w+; -- (?:kept|not kept: \S.*)$`)
	for name, content := range migrationFiles(t) {
		_, down, _ := strings.Cut(string(content), "-- +goose Down\n")
		for _, line := range drop.FindAllString(down, -1) {
			if migrationNumber(t, name) > first && !says.MatchString(line) {
				t.Errorf("%s does not end with \"; -- kept\" or \"; -- not kept: why\": %s", name, line)
			}
		}
	}
}

// migrationFiles returns the migrations by their paths. Those of River are its own business.
func migrationFiles(t *testing.T) map[string][]byte {
	t.Helper()
	contents := map[string][]byte{}
	for _, set := range app.Migrations() {
		for kind, files := range map[string]fs.FS{sqldbtest.SQLite: set.SQLite, sqldbtest.Postgres: set.Postgres} {
			names, err := fs.Glob(files, "*.sql")
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range names {
				content, err := fs.ReadFile(files, name)
				if err != nil {
					t.Fatal(err)
				}
				if set.Name != "river" {
					contents[path.Join(set.Name, kind, name)] = content
				}
			}
		}
	}
	return contents
}

// migrationSums returns the SHA-256 of each migration file.
func migrationSums(t *testing.T) map[string]string {
	t.Helper()
	sums := map[string]string{}
	for file, content := range migrationFiles(t) {
		sums[file] = fmt.Sprintf("%x", sha256.Sum256(content))
	}
	return sums
}

// shrinks finds what takes something away from the release before, which goes on beside a newer one that has migrated.
var shrinks = regexp.MustCompile(`(?i)DROP\s+(TABLE|COLUMN)|\bRENAME\b|SET\s+NOT\s+NULL|ADD\s+COLUMN[^;,]*NOT\s+NULL(?:[^;,]*DEFAULT)?`)

// TestMigrationsExpand fails when a migration that came after the last release takes away what that reads, or asks for what it does not
// write.
func TestMigrationsExpand(t *testing.T) {
	t.Parallel()
	releases, err := os.ReadDir(upgrades)
	if err != nil || len(releases) == 0 {
		t.Fatalf("there are %d releases, %v", len(releases), err)
	}
	released := map[string]string{}
	b, err := os.ReadFile(filepath.Join(upgrades, releases[len(releases)-1].Name(), upgradeSums))
	if err == nil {
		err = json.Unmarshal(b, &released)
	}
	if err != nil {
		t.Fatal(err)
	}
	for file, content := range migrationFiles(t) {
		if released[file] != "" {
			continue
		}
		up, _, _ := strings.Cut(string(content), "-- +goose Down")
		for _, found := range shrinks.FindAllString(up, -1) {
			if !strings.Contains(strings.ToUpper(found), "DEFAULT") {
				t.Errorf("%s has %q, which the release before does not survive: leave it to the next release", file, found)
			}
		}
	}
}

// longAgo is how many days a fixture may be old.
const longAgo = 100 * 365

// startUpgraded starts a server on a copy of what is in folder.
func startUpgraded(t *testing.T, kind, folder string) *apptest.Server {
	t.Helper()
	var users apptest.Users
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if err := json.Unmarshal(read(upgradeUsers), &users); err != nil {
		t.Fatal(err)
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(read(upgradeDatabase(kind))))
	if err != nil {
		t.Fatal(err)
	}
	database, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	url := sqldbtest.URL(t, kind)
	if kind == sqldbtest.SQLite {
		err = os.WriteFile(strings.TrimPrefix(url, "sqlite://"), database, 0o600)
	} else {
		sqldbtest.Restore(t, url, string(database))
	}
	if err != nil {
		t.Fatal(err)
	}
	return apptest.Start(t, apptest.Options{Kind: kind, Users: &users, Config: func(c *app.Config) {
		c.DatabaseURL = url
		c.JobRetentionDays, c.NotificationRetentionDays, c.FileRetentionDays = longAgo, longAgo, longAgo
		if err := os.CopyFS(filepath.Join(c.DataDir, upgradeFiles), os.DirFS(filepath.Join(folder, upgradeFiles))); err != nil {
			t.Fatal(err)
		}
	}})
}

// What a fixture holds, as TestMakeUpgrade has made it.
const (
	upgradeTitle   = "The lighthouse keeper"
	upgradeDeleted = "The unaired pilot"
	upgradeNote    = "the old words"
)

// oldLife is what the lists tell of a fixture.
type oldLife struct {
	episode string
	last    int64 // position
}

// wantOldLife reads what the older version has written.
func wantOldLife(t *testing.T, s *apptest.Server) oldLife {
	t.Helper()
	viewer := s.Users.Viewer.Token
	var episodes []struct {
		ID, Title, Status string
		Version           int
	}
	s.Want(200, http.MethodGet, "/api/v1/episodes", viewer, nil, &episodes)
	if len(episodes) != 1 || episodes[0].Title != upgradeTitle || episodes[0].Status != "published" || episodes[0].Version != 2 {
		t.Fatalf("the episodes are %+v", episodes)
	}
	old := oldLife{episode: episodes[0].ID}
	var entries []claim
	s.Want(200, http.MethodGet, "/api/v1/activity/resource/episode/"+old.episode, viewer, nil, &entries)
	var actions []string
	for _, e := range entries {
		actions = append(actions, e.Action)
	}
	if !slices.Equal(actions, []string{"approved_cut", "published_episode", "created_episode"}) {
		t.Errorf("the log has %q", actions)
	}
	var found []claim
	s.Want(200, http.MethodGet, "/api/v1/activity/search?q=lighth", viewer, nil, &found)
	if len(found) != 3 {
		t.Errorf("the search finds %+v", found)
	}
	if unread(s) != 1 {
		t.Errorf("the viewer has %d unread notifications, of which there was one", unread(s))
	}
	for _, j := range s.Jobs() {
		if j.Status != "completed" {
			t.Errorf("a job is %s", j.Status)
		}
	}
	var files []apptest.File
	s.Want(200, http.MethodGet, apptest.FilesPath, s.Users.Editor.Token, nil, &files)
	i := slices.IndexFunc(files, func(f apptest.File) bool { return f.Name == "notes.txt" })
	if i < 0 {
		t.Fatalf("the files are %+v", files)
	}
	if r := s.Do(http.MethodGet, files[i].URL, s.Users.Editor.Token, nil); string(r.Body) != upgradeNote {
		t.Errorf("the file has %d %q", r.Status, r.Body)
	}
	var newest struct {
		Last int64 `json:"last_pos"`
	}
	if err := s.Do(http.MethodGet, "/api/v1/events?latest=true", s.Users.Admin.Token, nil).JSON(&newest); err != nil {
		t.Fatal(err)
	}
	old.last = newest.Last
	return old
}

func unread(s *apptest.Server) int {
	var count struct {
		Unread int `json:"unread_count"`
	}
	s.Want(200, http.MethodGet, "/api/v1/notifications/unread-count", s.Users.Viewer.Token, nil, &count)
	return count.Unread
}

// goOn changes what is there, and looks at what follows: positions go on where they ended, and watches hold.
func goOn(t *testing.T, s *apptest.Server, old oldLife) {
	t.Helper()
	editor := s.Users.Editor.Token
	s.Want(200, http.MethodPatch, "/api/v1/episodes/"+old.episode, editor, obj{"description": "A storm."}, nil)
	s.Settle()
	var events struct {
		Data []struct {
			Pos   int64
			Event string
		}
	}
	feed := "/api/v1/events?after=" + jsonText(old.last)
	if err := s.Do(http.MethodGet, feed, s.Users.Admin.Token, nil).JSON(&events); err != nil {
		t.Fatal(err)
	}
	if len(events.Data) != 1 || events.Data[0].Pos != old.last+1 || events.Data[0].Event != "episode_updated" {
		t.Errorf("after %d came %+v", old.last, events.Data)
	}
	if n := unread(s); n != 2 {
		t.Errorf("the watching viewer has %d unread notifications", n)
	}
	s.AwaitJobStatus(s.QueueJob(editor, "bulk-export", obj{"what": "episodes"}).ID, "completed")
}

// wantProven stops the server. The log has gone into the tree from its first entry on, which is older than the tree, and is signed: from then on
// nobody changes it unseen.
func wantProven(t *testing.T, s *apptest.Server) {
	t.Helper()
	s.Settle()
	s.Stop()
	if wrong := faults(t, s.Config, app.VerifyOptions{}); len(wrong) > 0 {
		t.Errorf("after the upgrade: %q", wrong)
	}
	db := sqldbtest.OpenURL(t, s.Config.DatabaseURL)
	var entries, leaves, first int64
	err := db.QueryRowContext(t.Context(), `SELECT count(*), (SELECT count(*) FROM callboard_activity_tree), min(pos) FROM callboard_activity`).Scan(&entries, &leaves, &first)
	if err != nil || entries != leaves {
		t.Errorf("%d of %d entries are in the tree, %v", leaves, entries, err)
	}
	execute(t, db, `UPDATE callboard_activity SET user_name = 'Mallory' WHERE pos = (SELECT min(pos) FROM callboard_activity)`)
	if wrong := faults(t, s.Config, app.VerifyOptions{}); !containsFault(wrong, fmt.Sprintf("log position %d", first), "not the one that was added") {
		t.Errorf("an old entry was changed: %q", wrong)
	}
}

func jsonText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// TestMakeUpgrade makes the fixture of a release, once, when MAKE_UPGRADE names it (make upgrade-fixture).
func TestMakeUpgrade(t *testing.T) {
	t.Parallel()
	release := os.Getenv("MAKE_UPGRADE")
	if release == "" {
		t.Skip("a release is made rarely: see make upgrade-fixture")
	}
	if err := os.MkdirAll(filepath.Join(upgrades, release), 0o700); err != nil {
		t.Fatal(err)
	}
	sums, err := json.MarshalIndent(migrationSums(t), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(upgrades, release, upgradeSums), append(sums, '\n'))
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		s := apptest.Start(t, apptest.Options{Kind: kind})
		live(s)
		s.Stop()
		folder := filepath.Join(upgrades, release, kind)
		if err := os.CopyFS(filepath.Join(folder, upgradeFiles), os.DirFS(filepath.Join(s.Config.DataDir, upgradeFiles))); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(folder, upgradeUsers), []byte(jsonText(s.Users)))
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		if _, err := w.Write(dump(t, kind, s.Config.DatabaseURL)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(folder, upgradeDatabase(kind)), packed.Bytes())
	})
}

func write(t *testing.T, file string, content []byte) {
	t.Helper()
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// dump returns the contents of the database of a server that has stopped.
func dump(t *testing.T, kind, url string) []byte {
	t.Helper()
	if kind == sqldbtest.SQLite {
		db := sqldbtest.OpenURL(t, url)
		file := filepath.Join(t.TempDir(), "copy.db")
		if err := db.Backup(t.Context(), file, nil); err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	var stderr bytes.Buffer
	url, _, _ = strings.Cut(url, "?") // its options are not those of pg_dump
	command := exec.CommandContext(t.Context(), "pg_dump", "--inserts", "--no-owner", "--no-privileges", url)
	command.Stderr = &stderr
	content, err := command.Output()
	if err != nil {
		t.Fatalf("pg_dump: %v: %s", err, stderr.String())
	}
	return regexp.MustCompile(`(?m)^\\.*\n`).ReplaceAll(content, nil) // what is for psql alone
}

// live does what TestUpgrade looks for.
func live(s *apptest.Server) {
	editor := s.Users.Editor.Token
	var show, kept, deleted struct{ ID string }
	s.Want(201, http.MethodPost, "/api/v1/shows", editor, obj{"title": "Harbour"}, &show)
	s.Want(201, http.MethodPost, "/api/v1/episodes", editor, obj{"title": upgradeTitle, "show_id": show.ID}, &kept)
	s.Want(201, http.MethodPost, "/api/v1/episodes", editor, obj{"title": upgradeDeleted}, &deleted)
	s.Want(204, http.MethodPut, "/api/v1/episodes/"+kept.ID+"/watch", s.Users.Viewer.Token, nil, nil)
	s.Want(200, http.MethodPatch, "/api/v1/episodes/"+kept.ID, editor, obj{"status": "published"}, nil)
	s.Want(204, http.MethodDelete, "/api/v1/episodes/"+deleted.ID, editor, nil, nil)
	s.Want(201, http.MethodPost, "/api/v1/activity", s.Users.Service, obj{
		"user_id": "auth0|vera", "action": "approved_cut", "resource_type": "episode", "resource_id": kept.ID,
		"metadata": obj{"note": "lighthouse"},
	}, nil)
	s.Want(201, http.MethodPost, "/api/v1/notifications", s.Users.Service, obj{"user_id": "42", "type": "cut", "message": "A cut is there."}, nil)
	s.UploadFile(apptest.FilesPath, editor, "notes.txt", strings.NewReader(upgradeNote))
	s.AwaitJobStatus(s.QueueJob(editor, "bulk-export", obj{"what": "episodes"}).ID, "completed")
	s.Settle()
}
