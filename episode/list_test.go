package episode

import (
	"context"
	"database/sql"
	"strconv"
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
			if plan := planOf(t, db, query, w.Args()); !strings.HasPrefix(plan, want) || strings.Contains(plan, "TEMP B-TREE") {
				t.Errorf("%s after %v: %s; want %s", sort, after, plan, want)
			}
		}
	}
}

// planOf returns how SQLite goes about a query.
func planOf(t *testing.T, db *sqldb.DB, query string, args []any) string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, args...)
	steps, err := sqldb.Collect(rows, err, "explain", func(row sqldb.Scanner) (step string, err error) {
		var number int
		err = row.Scan(&number, &number, &number, &step)
		return step, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(steps, "\n")
}

// planned notes how SQLite goes about what is asked.
type planned struct {
	*sqldb.DB
	t     *testing.T
	plans []string
}

func (p *planned) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	p.plans = append(p.plans, planOf(p.t, p.DB, query, args))
	return p.DB.QueryContext(ctx, query, args...)
}

// What an import looks for is found in an index, one key as well as many.
func TestManyAreFoundInIndexes(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.SQLite, Migrations())
	s := &Service{}
	for n := range 5 {
		var ids []string
		var within, outside []Place
		var names []Name
		var dated []DatedName
		for i := range n + 1 {
			show, title := callboard.NewID(), strconv.Itoa(i)
			ids, within, outside = append(ids, show), append(within, Place{show, 1, i}), append(outside, Place{"", 1, i})
			names = append(names, Name{show, title})
			dated = append(dated, DatedName{Name{"", title}, "2001-02-03"})
		}
		for what, find := range map[string]func(sqldb.Querier) ([]Episode, error){
			"USING PRIMARY KEY": func(q sqldb.Querier) ([]Episode, error) { return s.FindByID(t.Context(), q, ids) },
			"(show_id=? AND <expr>=? AND episode_number=?)": func(q sqldb.Querier) ([]Episode, error) {
				return s.FindByPlace(t.Context(), q, within)
			},
			"(<expr>=? AND episode_number=?)": func(q sqldb.Querier) ([]Episode, error) { return s.FindByPlace(t.Context(), q, outside) },
			"(<expr>=? AND title_folded=?)":   func(q sqldb.Querier) ([]Episode, error) { return s.FindByName(t.Context(), q, names) },
			"(<expr>=? AND title_folded=? AND <expr>=?)": func(q sqldb.Querier) ([]Episode, error) {
				return s.FindByDatedName(t.Context(), q, dated)
			},
		} {
			p := &planned{DB: db, t: t}
			if _, err := find(p); err != nil {
				t.Fatal(err)
			}
			if len(p.plans) != 1 || !strings.Contains(p.plans[0], what) {
				t.Errorf("%d keys: %q, not by %s", n+1, p.plans, what)
			}
		}
	}
}
