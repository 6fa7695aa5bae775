package systemtest

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/notification"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// Two servers on one SQLite file would both lead: the second one refuses, and the first does not notice.
func TestSecondServerOnSQLite(t *testing.T) {
	t.Parallel()
	b := apptest.NewBinary(t, apptest.Options{}, noLimit)
	b.Start()
	code, stdout, stderr := b.Run("serve")
	const want = "another server is running on this database"
	if code != 1 || !strings.Contains(stderr, want) || strings.Contains(stdout, "Callboard is at") {
		t.Errorf("exit code %d, output %q, errors %q; want 1 and %q", code, stdout, stderr, want)
	}
	linked := b.Config
	linked.DatabaseURL = filepath.Join(t.TempDir(), "linked.db")
	if err := os.Symlink(strings.TrimPrefix(b.Config.DatabaseURL, "sqlite://"), linked.DatabaseURL); err != nil {
		t.Fatal(err)
	}
	for name, cfg := range map[string]app.Config{"the same path": b.Config, "a link to it": linked} {
		if _, err := app.New(t.Context(), cfg); callboard.CodeOf(err) != callboard.CodeConflict {
			t.Errorf("a second server in another process, by %s: %v, want a conflict", name, err)
		}
	}
	b.Want(http.StatusCreated, http.MethodPost, episodesPath, b.Users.Editor.Token, map[string]any{"title": "Still here"}, nil)
	if code := b.Stop(); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	b.Start() // the lock does not outlive the server
}

// Two servers on one PostgreSQL database are fine: one leads, and when it is killed the other takes over.
func TestLeaderKilled(t *testing.T) {
	t.Parallel()
	first := apptest.NewBinary(t, apptest.Options{Kind: "postgres"}, noLimit)
	second := first.Beside()
	first.Start()
	if !first.Await("leads the consumers") {
		t.Fatal("the first server does not lead")
	}
	second.Start()
	works := []*load{startLoad(t, &first.Site, 3), startLoad(t, &second.Site, 3)}
	for _, work := range works {
		work.awaitMore(20)
	}
	first.Kill()
	if !second.Await("leads the consumers") {
		t.Fatal("the second server does not take over")
	}
	works[1].awaitMore(20)
	var acked []write
	for _, work := range works {
		work.stop()
		acked = append(acked, work.acked...)
	}
	verify(t, &second.Site, second.OpenDB(), acked)
}

// What a command writes beside a running server is picked up by it, with all that follows.
func TestImportBesideServer(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		rows := size(300, 3000)
		b := apptest.NewBinary(t, apptest.Options{Kind: kind}, noLimit)
		b.Start()
		viewer, admin := b.Dial(b.Users.Viewer.Token), b.Dial(b.Users.Admin.Token)
		work := startLoad(t, &b.Site, 2)
		work.awaitMore(5)
		code, _, stderr := b.Run("import", "episodes", writeCSV(t, rows), "--as", b.Users.Editor.Email)
		work.stop()
		if code != 0 || !strings.Contains(stderr, fmt.Sprintf("%d created, 0 updated, 0 unchanged, 0 refused", rows)) {
			t.Fatalf("exit code %d, errors %q", code, stderr)
		}
		db := b.OpenDB()
		verify(t, &b.Site, db, work.acked)
		imported := sqldbtest.Column[string](t, db, `SELECT id FROM callboard_episodes WHERE title LIKE 'Imported %' ORDER BY id`)
		if len(imported) != rows {
			t.Fatalf("%d episodes imported, want %d", len(imported), rows)
		}
		hearAll(t, viewer, callboard.EpisodeCreated.Name, imported)
		hearAll(t, admin, notification.EventNotification, imported)
	})
}

func writeCSV(t *testing.T, rows int) string {
	t.Helper()
	var text strings.Builder
	text.WriteString("title,status\n")
	for n := range rows {
		fmt.Fprintf(&text, "Imported %d,draft\n", n)
	}
	path := filepath.Join(t.TempDir(), "episodes.csv")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
