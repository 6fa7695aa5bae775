package episode

import (
	"cmp"
	"context"
	"slices"

	"github.com/callboard/callboard/sqldb"
)

// maxShowTotals is how many shows Totals tells of.
const maxShowTotals = 1_000

// Totals is how many episodes pass a filter.
type Totals struct {
	Total    int            `json:"total" doc:"How many there are."`
	Statuses map[Status]int `json:"statuses" doc:"By status. All six are there."`
	Shows    []ShowTotals   `json:"shows,omitempty" doc:"By show, those with most episodes first, 1,000 at most. Only where by=show asks for it."`
}

// ShowTotals is how many of them belong to a show.
type ShowTotals struct {
	ShowID   *string        `json:"show_id" doc:"The show; null for those outside of shows."`
	Total    int            `json:"total" doc:"How many belong to it."`
	Statuses map[Status]int `json:"statuses" doc:"By status. All six are there."`
}

// Totals counts the episodes that pass f by status and, where perShow asks for it, by show. An index has all that it reads unless f
// has a text.
func (s *Service) Totals(ctx context.Context, f Filter, perShow bool) (Totals, error) {
	all := Totals{Statuses: noneByStatus()}
	w, err := f.where()
	if err != nil {
		return all, err
	}
	from := "callboard_episodes"
	if s.db.Dialect() == sqldb.SQLite && !f.Deleted { // else it would find them by status or day, and read each
		from += " INDEXED BY callboard_episodes_totals"
	}
	//nolint:rowserrcheck // Each does
	rows, err := s.db.QueryContext(ctx, `SELECT show_id, status, count(*) FROM `+from+w.SQL()+
		` GROUP BY show_id, status ORDER BY show_id, status`, w.Args()...)
	var shows []ShowTotals
	err = sqldb.Each(rows, err, "count episodes", func(row sqldb.Scanner) error {
		var (
			show   *string
			status Status
			n      int
		)
		if err := row.Scan(&show, &status, &n); err != nil {
			return err
		}
		if last := len(shows) - 1; last < 0 || orZero(shows[last].ShowID) != orZero(show) {
			shows = append(shows, ShowTotals{ShowID: show, Statuses: noneByStatus()})
		}
		of := &shows[len(shows)-1]
		of.Total, of.Statuses[status] = of.Total+n, n
		all.Total, all.Statuses[status] = all.Total+n, all.Statuses[status]+n
		return nil
	})
	if err != nil || !perShow {
		return all, err
	}
	slices.SortStableFunc(shows, func(a, b ShowTotals) int { return cmp.Compare(b.Total, a.Total) })
	all.Shows = shows[:min(len(shows), maxShowTotals)]
	return all, nil
}

func noneByStatus() map[Status]int {
	counts := make(map[Status]int, len(Statuses()))
	for _, status := range Statuses() {
		counts[status] = 0
	}
	return counts
}
