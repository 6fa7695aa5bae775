package riverqueue

import (
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// A node that holds its lock and says nothing, as one that was stopped, is taken for dead: else nobody went on with its jobs.
func TestSilentNodeIsDead(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.Postgres)
	n := newNode(db, slog.New(slog.DiscardHandler))
	conn, err := n.lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	lives := func(silence time.Duration) bool {
		t.Helper()
		keys, err := heardWithin(t.Context(), db, silence)
		if err != nil {
			t.Fatal(err)
		}
		return slices.Contains(keys, int64(n.key))
	}
	if !lives(silence) {
		t.Error("one that has just spoken is taken for dead")
	}
	if lives(0) {
		t.Error("one that is silent for too long is taken to live")
	}
	if all, err := LiveNodes(t.Context(), db); err != nil || !slices.Contains(all, int64(n.key)) {
		t.Errorf("before tables are taken away it must be asked to end: %v, %v", all, err)
	}
	if _, err := conn.SQL().ExecContext(t.Context(), "SELECT 1"); err != nil || !lives(silence) {
		t.Errorf("one that speaks again, %v", err)
	}
}
