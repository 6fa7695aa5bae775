//go:build linux

package faults

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// What is made to be lost, to have happened twice, to come out of order and not to be heard of is found, and nothing else.
func TestAudit(t *testing.T) {
	t.Parallel()
	c := newCluster(t, onSQLite, setting{}, 1)
	work := startLoad(c, "audited")
	work.awaitMore(40)
	writes := work.stop()
	c.settle()
	if n := c.audit("audited", writes); n.lost+n.doubled+n.reordered+n.missing+len(n.wrong) > 0 || n.acknowledged != len(writes) {
		t.Fatalf("found %+v of %d writes where nothing was broken", n, len(writes))
	}
	first := func(kind string) string {
		return writes[slices.IndexFunc(writes, func(w *write) bool { return w.kind == kind })].tag
	}
	c.withDB(func(db *sqldb.DB) {
		for _, statement := range []string{
			`DELETE FROM callboard_activity WHERE resource_id = '` + first(logs) + `'`,
			`DELETE FROM callboard_notifications WHERE resource_id = '` + first(notifies) + `'`,
			`UPDATE callboard_episodes SET description = '' WHERE description = '` + first(updates) + `'`,
			`UPDATE callboard_notifications SET count = 2 WHERE type = 'episode_created' AND resource_id =
				(SELECT id FROM callboard_episodes WHERE title = '` + first(creates) + `')`,
		} {
			if err := db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
				_, err := tx.ExecContext(ctx, statement)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
	})
	l := c.clients[0]
	l.set(func() { delete(l.seen, l.began+1) })
	l.take(callboard.Message{Pos: l.began + 1})
	l.take(callboard.Message{Pos: l.began + 1})
	l.set(func() { delete(l.seen, l.began+2) })
	n := c.audit("audited", writes)
	if n.lost != 3 || n.doubled != 1 || n.reordered != 1 || n.repeated != 1 || n.missing != 1 {
		t.Errorf("found %+v", n)
	}
	if !slices.ContainsFunc(n.wrong, func(text string) bool { return strings.HasPrefix(text, "verify: BAD") }) {
		t.Errorf("verify found nothing: %q", n.wrong)
	}
}
