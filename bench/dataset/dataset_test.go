package dataset

import (
	"context"
	"database/sql"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"callboard"
	"callboard/account"
	"callboard/activity"
	"callboard/app"
	"callboard/sqldb"
)

var (
	fillEntries = flag.Int("entries", 100_000, "entries that BenchmarkFill writes")
	fillInboxes = flag.Int("notifications", 10_000, "notifications that BenchmarkFill writes")
	fillWith    = flag.String("words", "", "options of the full text, in place of those of the migration")
	fillDir     = flag.String("dir", "", "folder in which BenchmarkFill leaves the database")
)

func migrated(t testing.TB, dir string) string {
	t.Helper()
	path := filepath.Join(dir, "callboard.db")
	db, err := sqldb.Open(t.Context(), sqldb.Config{URL: path})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := sqldb.Migrate(t.Context(), db, app.Migrations()...); err != nil {
		t.Fatal(err)
	}
	return path
}

func filled(t testing.TB, o Options) (*sql.DB, Filled) {
	t.Helper()
	path := migrated(t, t.TempDir())
	f, err := SQLite(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db, f
}

// Pages that are written by hand are those that SQLite would have written: it finds nothing to complain of, and what it
// sorts and counts itself is the same.
func TestSQLiteFindsTheFileSound(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 7, 50, 500, 9_999, 60_000} {
		db, _ := filled(t, Options{Entries: n, Notifications: n / 10, Users: 50})
		var verdict string
		if err := db.QueryRow(`PRAGMA integrity_check`).Scan(&verdict); err != nil || verdict != "ok" {
			t.Fatalf("%d entries: %s, %v", n, verdict, err)
		}
		for query, want := range map[string]int{
			`SELECT count(*) FROM activity NOT INDEXED`:                   n,
			`SELECT max(pos) FROM activity`:                               n,
			`SELECT sum(entries) FROM activity_daily`:                     n,
			`SELECT last_pos FROM relay_state`:                            n,
			`SELECT count(*) FROM notifications`:                          n / 10,
			`SELECT sum(entries) FROM activity_user_days WHERE days = 1`:  n,
			`SELECT sum(entries) FROM activity_user_days WHERE days = 32`: n,
			`SELECT count(*) FROM (SELECT day, action, entries FROM activity_daily
				EXCEPT SELECT created_at / 86400000000, action, count(*) FROM activity GROUP BY 1, 2)`: 0,
		} {
			var got int
			if err := db.QueryRow(query).Scan(&got); err != nil || got != want {
				t.Errorf("%d entries: %s: %d, want %d, %v", n, query, got, want, err)
			}
		}
	}
}

// Entries, searches and counts are those that the product makes of the same events itself.
func TestTheProductWritesTheSame(t *testing.T) {
	t.Parallel()
	const n = 3000
	o := Options{Entries: n, Users: 40}
	path := migrated(t, t.TempDir())
	f, err := SQLite(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	made, itself := openLog(t, path), openLog(t, migrated(t, t.TempDir()))
	for _, e := range events(t, path) {
		err := itself.db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			return itself.Handler().Handle(ctx, tx, []callboard.Event{e})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	rare := f.Resources[len(f.Resources)/2].Rare
	queries := append(CommonWords(), rare, rare[:7], "graded cut", "draft", "quiet a", "nowhere", "published", "o", "low sound")
	for _, q := range append(queries, "ada "+rare, "x") {
		if want, got := itself.found(t, q), made.found(t, q); !slices.Equal(want, got) {
			t.Errorf("search for %q finds %d entries, want %d", q, len(got), len(want))
		}
	}
	want, got := itself.export(t), made.export(t)
	for i := range max(len(want), len(got)) {
		if want[i] != got[i] {
			t.Fatalf("entry:\n%s\nwant:\n%s", got[i], want[i])
		}
	}
	for _, table := range []string{"activity_kinds", "activity_spans", "activity_daily", "activity_user_days"} {
		columns := itself.text(t, `SELECT group_concat(name, ' || '' '' || ') FROM pragma_table_info('`+table+`')`)
		query := `SELECT group_concat(line) FROM (SELECT ` + columns + ` AS line FROM ` + table + ` ORDER BY 1)`
		if itself.text(t, query) != made.text(t, query) {
			t.Errorf("%s differs", table)
		}
	}
}

// log is the log of the product, on a database.
type log struct {
	*activity.Service
	db *sqldb.DB
}

func openLog(t *testing.T, path string) log {
	t.Helper()
	db, err := sqldb.Open(t.Context(), sqldb.Config{URL: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	users, err := account.New(account.Config{DB: db, JWTSecret: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	return log{activity.New(activity.Config{DB: db, Users: users}), db}
}

// events returns those behind the entries, which are all still in the outbox.
func events(t *testing.T, path string) []callboard.Event {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT event_id, name, actor_id, actor_name, resource_type, resource_id, resource_name, payload, ip,
		user_agent, created_at, pos FROM outbox ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []callboard.Event
	for rows.Next() {
		var (
			e       callboard.Event
			created int64
			data    string
		)
		err := rows.Scan(&e.ID, &e.Name, &e.Actor.ID, &e.Actor.Name, &e.Resource.Type, &e.Resource.ID, &e.Resource.Name, &data,
			&e.IP, &e.UserAgent, &created, &e.Pos)
		if err != nil {
			t.Fatal(err)
		}
		e.Data, e.CreatedAt = json.RawMessage(data), time.UnixMicro(created).UTC()
		all = append(all, e)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func (l log) found(t *testing.T, query string) []int64 {
	t.Helper()
	var found []int64
	for page := (callboard.Page{Limit: 200}); ; {
		list, err := l.Search(t.Context(), query, page)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list.Items {
			found = append(found, e.Pos)
		}
		if page.Cursor = list.NextCursor; page.Cursor == "" {
			return found
		}
	}
}

func (l log) export(t *testing.T) []string {
	t.Helper()
	var b strings.Builder
	ctx := callboard.WithActor(t.Context(), callboard.Actor{Role: callboard.RoleAdmin})
	if err := l.Export(ctx, &b, activity.NDJSON, activity.Filter{}); err != nil {
		t.Fatal(err)
	}
	return strings.Split(b.String(), "\n")
}

func (l log) text(t *testing.T, query string) (text string) {
	t.Helper()
	if err := l.db.QueryRowContext(t.Context(), query).Scan(&text); err != nil {
		t.Fatal(err)
	}
	return text
}

// BenchmarkFill fills one database per turn: go test -bench Fill -benchtime 1x -args -entries 10000000
func BenchmarkFill(b *testing.B) {
	for b.Loop() {
		dir := *fillDir
		if dir == "" {
			dir = b.TempDir()
		}
		path := migrated(b, dir)
		replaceWords(b, path)
		began := time.Now()
		if _, err := SQLite(b.Context(), path, Options{Entries: *fillEntries, Notifications: *fillInboxes}); err != nil {
			b.Fatal(err)
		}
		b.Logf("%d entries took %s", *fillEntries, time.Since(began))
		if info, err := os.Stat(path); err == nil {
			b.ReportMetric(float64(info.Size())/(1<<20), "MB")
		}
	}
}

func replaceWords(b *testing.B, path string) {
	if *fillWith == "" {
		return
	}
	err := alone(b.Context(), path, func(db *sql.Conn) error {
		return execute(context.Background(), db, `DROP TABLE activity_words`, `CREATE VIRTUAL TABLE activity_words USING fts5 (`+*fillWith+`)`)
	})
	if err != nil {
		b.Fatal(err)
	}
}
