package job

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// turns has the owners of waiting jobs of a kind take turns. It is kept in memory: each node gives turns for itself, and after a
// restart the owner who waits longest begins.
type turns struct {
	mu    sync.Mutex
	count int64
	last  map[string]map[string]int64 // by kind and owner, for those who still wait: their last turn
}

// firstInLine is the job of an owner that is due next.
type firstInLine struct {
	ownerID string
	queueID *int64 // nil when none is due
}

// turn returns rows of the queue for the next attempts of a kind, at most limit: the first one of each owner who waits, beginning
// with the owner whose last turn is longest ago. It returns none while there is a single owner, for whom the queue's own order holds.
func (s *Service) turn(ctx context.Context, kind string, limit int) ([]int64, error) {
	lines, err := selectFirstInLine(ctx, s.db, kind)
	if err != nil {
		return nil, err
	}
	lines = slices.DeleteFunc(lines, func(l firstInLine) bool { return l.queueID == nil })
	return s.turns.give(kind, lines, limit), nil
}

func (t *turns) give(kind string, lines []firstInLine, limit int) []int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	last := t.last[kind]
	slices.SortFunc(lines, func(a, b firstInLine) int {
		return cmp.Or(cmp.Compare(last[a.ownerID], last[b.ownerID]), cmp.Compare(*a.queueID, *b.queueID))
	})
	waiting := make(map[string]int64, len(lines)) // who no longer waits is forgotten
	var rows []int64
	for i, l := range lines {
		waiting[l.ownerID] = last[l.ownerID]
		if i < limit {
			t.count++
			waiting[l.ownerID] = t.count
			rows = append(rows, *l.queueID)
		}
	}
	t.last[kind] = waiting
	if len(lines) < 2 {
		return nil
	}
	return rows
}

// selectFirstInLine steps from owner to owner in the index: its cost is that of the owners who wait, and not of what they wait for.
func selectFirstInLine(ctx context.Context, q sqldb.Querier, kind string) ([]firstInLine, error) {
	rows, err := q.QueryContext(ctx, `WITH RECURSIVE owners (id) AS (
			SELECT (SELECT owner_id FROM callboard_jobs WHERE status = 'pending' AND kind = $1 ORDER BY owner_id LIMIT 1)
			UNION ALL
			SELECT (SELECT owner_id FROM callboard_jobs WHERE status = 'pending' AND kind = $1 AND owner_id > owners.id ORDER BY owner_id LIMIT 1)
			FROM owners WHERE id IS NOT NULL)
		SELECT id, (SELECT r.id FROM callboard_jobs j JOIN callboard_river_job r ON r.id = j.queue_id
			WHERE j.status = 'pending' AND j.kind = $1 AND j.owner_id = owners.id AND r.state = 'available'
				AND (j.next_run_at IS NULL OR j.next_run_at <= $2)
			ORDER BY j.priority, j.queued_at, j.id LIMIT 1)
		FROM owners WHERE id IS NOT NULL`, kind, sqldb.Time{Time: callboard.Now()})
	return sqldb.Collect(rows, err, "look whose turn it is", func(row sqldb.Scanner) (l firstInLine, err error) {
		err = row.Scan(&l.ownerID, &l.queueID)
		return l, err
	})
}
