package episode

import (
	"strings"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// A list by number over all shows is read in its order from the index, also from a cursor on, with as much work for a million episodes as for
// a hundred.
func TestListByNumberIsReadFromIndex(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.SQLite, Migrations())
	for _, sort := range []Sort{ByNumber, ByNumberDown} {
		for _, after := range [][]any{nil, {int64(2), int64(7), callboard.NewID()}} {
			order, err := sort.ordering()
			if err != nil {
				t.Fatal(err)
			}
			w, err := Filter{}.where()
			if err != nil {
				t.Fatal(err)
			}
			want := "SCAN callboard_episodes USING INDEX callboard_episodes_numbers"
			if after != nil {
				order.beyond(&w, after)
				want = "SEARCH callboard_episodes USING INDEX callboard_episodes_numbers"
			}
			query := listSQL(&w, order, 50)
			rows, err := db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, w.Args()...)
			steps, err := sqldb.Collect(rows, err, "explain", func(row sqldb.Scanner) (step string, err error) {
				var number int
				err = row.Scan(&number, &number, &number, &step)
				return step, err
			})
			if plan := strings.Join(steps, "\n"); err != nil || !strings.HasPrefix(plan, want) || strings.Contains(plan, "TEMP B-TREE") {
				t.Errorf("%s after %v: %s, %v; want %s", sort, after, plan, err, want)
			}
		}
	}
}
