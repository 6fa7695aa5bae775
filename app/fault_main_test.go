package app_test

import (
	"os"
	"testing"

	"callboard/app/apptest"
	"callboard/sqldb/sqldbtest"
)

func TestMain(m *testing.M) { os.Exit(apptest.Main(m)) }

// eachKind runs test once per kind of database, in parallel.
func eachKind(t *testing.T, test func(t *testing.T, kind string)) {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED: whole servers for each way of failing take minutes")
	}
	for _, kind := range []string{sqldbtest.SQLite, sqldbtest.Postgres} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			test(t, kind)
		})
	}
}
