package notification_test

import (
	"database/sql"
	"errors"
	"slices"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/notification"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// Watches in a transaction of the application are there if and only if it commits; one on another database is refused.
func TestWatchesInTransactionsOfAnApplication(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		migrations := []sqldb.Migrations{outbox.Migrations(), notification.Migrations()}
		url, elsewhere := sqldbtest.MigratedURL(t, kind, migrations), sqldbtest.MigratedURL(t, kind, migrations)
		s := notification.New(notification.Config{DB: sqldbtest.OpenURL(t, url)})
		cut := callboard.Resource{Type: "cut", ID: "7"}
		write := func(url string, commit bool, change func(tx *sql.Tx) error) error {
			driver := "pgx"
			if db := sqldbtest.OpenURL(t, url); db.Dialect() == sqldb.SQLite {
				driver, url = "sqlite", "file:"+db.Path()+"?_pragma=busy_timeout(10000)&_txlock=immediate"
			}
			pool, err := sql.Open(driver, url)
			if err != nil {
				t.Fatal(err)
			}
			defer pool.Close()
			tx, err := pool.BeginTx(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = tx.Rollback() }()
			if err := change(tx); err != nil || !commit {
				return err
			}
			return tx.Commit()
		}
		watch := func(tx *sql.Tx) error { return s.WatchTx(t.Context(), tx, vic, cut) }
		unwatch := func(tx *sql.Tx) error { return s.UnwatchTx(t.Context(), tx, vic, cut) }
		for _, step := range []struct {
			change  func(*sql.Tx) error
			commit  bool
			watches bool
		}{{watch, false, false}, {watch, true, true}, {watch, true, true}, {unwatch, false, true}, {unwatch, true, false}, {unwatch, true, false}} {
			if err := write(url, step.commit, step.change); err != nil {
				t.Fatal(err)
			}
			watchers, err := s.Watchers(t.Context(), cut)
			if slices.Contains(watchers, vic) != step.watches || err != nil {
				t.Errorf("%+v: watchers %v, %v", step, watchers, err)
			}
		}
		for _, change := range []func(*sql.Tx) error{watch, unwatch} {
			if err := write(elsewhere, true, change); !errors.Is(err, sqldb.ErrOtherDatabase) {
				t.Errorf("on another database: %v", err)
			}
		}
	})
}
