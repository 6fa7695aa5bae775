package activity

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"callboard/sqldb"
)

// Of each span of positions the earliest and the latest time is kept, so that a list of last year begins there. The coarse
// spans lead to the fine ones. An entry that is dated back widens its span, and is found all the same.
const (
	fineSpan   = 1 << 8
	coarseSpan = 1 << 16
)

// timed narrows a span to the part that may hold entries of the filter's time. It is empty when there are none.
func (f Filter) timed(ctx context.Context, q sqldb.Querier, within span) (span, error) {
	if f.Since.IsZero() && f.Until.IsZero() {
		return within, nil
	}
	coarse, err := f.outermost(ctx, q, coarseSpan, within)
	if err != nil || coarse.first >= coarse.end {
		return coarse, err
	}
	low, err := f.outermost(ctx, q, fineSpan, span{coarse.first, min(coarse.first+coarseSpan, within.end)})
	if err != nil {
		return span{}, err
	}
	high, err := f.outermost(ctx, q, fineSpan, span{max(coarse.end-coarseSpan, within.first), min(coarse.end, within.end)})
	return span{low.first, min(high.end, within.end)}, err
}

// outermost returns from the first to the last of the spans of a size that start within a span and may hold entries of the
// filter's time. It is empty, and where within ends, when there are none.
func (f Filter) outermost(ctx context.Context, q sqldb.Querier, size int64, within span) (span, error) {
	var w sqldb.Where
	w.And("size = ?", size)
	w.And("first >= ?", within.first)
	w.And("first < ?", within.end)
	if !f.Since.IsZero() {
		w.And("latest >= ?", sqldb.Time{Time: f.Since})
	}
	if !f.Until.IsZero() {
		w.And("earliest < ?", sqldb.Time{Time: f.Until})
	}
	query := `SELECT first FROM activity_spans` + w.SQL() + ` ORDER BY first `
	found := span{within.end, within.first}
	err := q.QueryRowContext(ctx, query+`ASC LIMIT 1`, w.Args()...).Scan(&found.first)
	if errors.Is(err, sql.ErrNoRows) {
		return found, nil
	}
	if err == nil {
		err = q.QueryRowContext(ctx, query+`DESC LIMIT 1`, w.Args()...).Scan(&found.end)
	}
	if err != nil {
		return span{}, fmt.Errorf("read times of activity: %w", err)
	}
	found.end += size
	return found, nil
}

// addSpans writes the times of new entries.
func addSpans(ctx context.Context, tx *sqldb.Tx, entries []Entry) error {
	type times struct{ size, first, earliest, latest int64 } // in microseconds
	var all []times
	for _, size := range []int64{fineSpan, coarseSpan} {
		for _, e := range entries {
			first, at := e.Pos-e.Pos%size, e.CreatedAt.UnixMicro()
			if n := len(all) - 1; n < 0 || all[n].size != size || all[n].first != first {
				all = append(all, times{size, first, at, at})
			} else {
				all[n].earliest, all[n].latest = min(all[n].earliest, at), max(all[n].latest, at)
			}
		}
	}
	rows := make([][]any, len(all))
	for i, t := range all {
		rows[i] = []any{t.size, t.first, t.earliest, t.latest}
	}
	err := sqldb.BulkInsert(ctx, tx, "activity_spans", []string{"size", "first", "earliest", "latest"}, rows,
		`ON CONFLICT (size, first) DO UPDATE SET
			earliest = CASE WHEN excluded.earliest < activity_spans.earliest THEN excluded.earliest ELSE activity_spans.earliest END,
			latest = CASE WHEN excluded.latest > activity_spans.latest THEN excluded.latest ELSE activity_spans.latest END`)
	if err != nil {
		return fmt.Errorf("write times of activity: %w", err)
	}
	return nil
}
