package systemtest

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// A server that is killed while it brings a notification to thousands goes on when it starts again: each user gets it, and
// none twice. Somebody who is disabled gets none.
func TestKilledWhileNotifyingThousands(t *testing.T) {
	needLong(t)
	t.Parallel()
	users := size(1500, 5000)
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		b := apptest.NewBinary(t, apptest.Options{Kind: kind}, noLimit)
		db := b.OpenDB()
		addViewers(t, db, users)
		b.Start()
		note := map[string]any{
			"user_id": callboard.AudienceAll, "type": "note", "message": "Call time is 7",
			"resource_type": "show", "resource_id": "1", // what comes twice would count twice
		}
		b.Want(http.StatusCreated, http.MethodPost, "/api/v1/notifications", b.Users.Admin.Token, note, nil)
		for before := range 3 {
			awaitNotified(t, db, before)
			b.Kill()
			b.Start()
		}
		b.Settle()
		want := users - 1 + 2 // without the disabled one and the sender, with the other two
		entries, events := notified(t, db), sqldbtest.Column[int](t, db, `SELECT SUM(count) FROM callboard_notifications`)[0]
		if entries != want || events != want {
			t.Errorf("%d entries of %d events, want %d of each", entries, events, want)
		}
	})
}

// addViewers adds users that cannot sign in. The last one is disabled.
func addViewers(t *testing.T, db *sqldb.DB, n int) {
	t.Helper()
	rows := make([][]any, n)
	for i := range rows {
		rows[i] = []any{callboard.NewID(), fmt.Sprintf("v%d@example.com", i), "V", "viewer", "UTC", nil, 0, 0}
	}
	rows[n-1][5] = 1
	columns := []string{"id", "email", "name", "role", "time_zone", "disabled_at", "created_at", "updated_at"}
	err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		return sqldb.BulkInsert(ctx, tx, "callboard_users", columns, rows, "")
	})
	if err != nil {
		t.Fatal(err)
	}
}

func notified(t *testing.T, db *sqldb.DB) int {
	t.Helper()
	return sqldbtest.Column[int](t, db, `SELECT COUNT(*) FROM callboard_notifications`)[0]
}

// awaitNotified waits until more users have their entry than the given number of chunks hold at most.
func awaitNotified(t *testing.T, db *sqldb.DB, chunks int) {
	t.Helper()
	apptest.Eventually(t, "some are notified", func() error {
		if n := notified(t, db); n <= chunks*250 {
			return fmt.Errorf("%d", n)
		}
		return nil
	})
}
