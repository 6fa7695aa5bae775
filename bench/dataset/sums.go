package dataset

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// The sizes of the product's spans of positions, and of those of days for which it counts users.
const (
	fineSpan   = 1 << 8
	coarseSpan = 1 << 16
	monthDays  = 32
)

// sums is what the product keeps of the log besides the entries.
type sums struct {
	kinds   map[[2]string]bool // resource type and action
	actions map[dayAction]int64
	users   map[int64][]int64      // entries of each user by day
	months  map[int64][]int64      // and by the first day of a month
	spans   map[[2]int64]*[2]int64 // the earliest and latest time by size and first position
}

type dayAction struct {
	day    int64
	action string
}

// writeSums writes the tables that are made of the log. They are WITHOUT ROWID: indexes of their primary keys, with the
// other columns behind.
func writeSums(p *pages, tables []relation, e *entries) error {
	s := sums{map[[2]string]bool{}, map[dayAction]int64{}, map[int64][]int64{}, map[int64][]int64{}, map[[2]int64]*[2]int64{}}
	for pos := 1; pos <= e.count; pos++ {
		made := e.at(pos)
		s.add(e, &made)
	}
	for _, t := range tables {
		if err := s.write(p, t, e.users); err != nil {
			return err
		}
	}
	return nil
}

func (s sums) add(e *entries, made *entry) {
	day, action := dayOf(made.created), e.variantOf(made).action
	s.kinds[[2]string{e.resources[made.about].Type, action}] = true
	s.actions[dayAction{day, action}]++
	count(s.users, day, made.user, len(e.users))
	count(s.months, day-day%monthDays, made.user, len(e.users))
	for _, size := range [...]int64{fineSpan, coarseSpan} {
		key := [2]int64{size, made.pos - made.pos%size}
		if s.spans[key] == nil {
			s.spans[key] = &[2]int64{made.created, made.created}
		}
		s.spans[key][1] = made.created // times ascend
	}
}

func count(counts map[int64][]int64, first int64, user, users int) {
	if counts[first] == nil {
		counts[first] = make([]int64, users)
	}
	counts[first][user]++
}

func (s sums) write(p *pages, t relation, users []User) error {
	switch t.name {
	case "activity_kinds":
		return writeRows(p, t, s.kindRows(), "resource_type", "action")
	case "activity_spans":
		return writeRows(p, t, s.spanRows(), "size", "first", "earliest", "latest")
	case "activity_daily":
		return writeRows(p, t, s.actionRows(), "day", "action", "entries")
	case "activity_user_days":
		rows := append(userRows(1, s.users, users), userRows(monthDays, s.months, users)...)
		return writeRows(p, t, rows, "days", "first", "user_id", "entries")
	}
	return fmt.Errorf("dataset: the table %s is not known here", t.name)
}

func (s sums) kindRows() (rows [][]any) {
	for k := range s.kinds {
		rows = append(rows, []any{k[0], k[1]})
	}
	return sortedRows(rows)
}

func (s sums) spanRows() (rows [][]any) {
	for k, times := range s.spans {
		rows = append(rows, []any{k[0], k[1], times[0], times[1]})
	}
	return sortedRows(rows)
}

func (s sums) actionRows() (rows [][]any) {
	for k, n := range s.actions {
		rows = append(rows, []any{k.day, k.action, n})
	}
	return sortedRows(rows)
}

func userRows(days int64, counts map[int64][]int64, users []User) (rows [][]any) {
	for _, first := range slices.Sorted(maps.Keys(counts)) {
		for user, n := range counts[first] { // their IDs ascend
			if n > 0 {
				rows = append(rows, []any{days, first, users[user].ID, n})
			}
		}
	}
	return rows
}

// sortedRows sorts by the first two columns.
func sortedRows(rows [][]any) [][]any {
	slices.SortFunc(rows, func(a, b []any) int {
		if c := compare(a[0], b[0]); c != 0 {
			return c
		}
		return compare(a[1], b[1])
	})
	return rows
}

func compare(a, b any) int {
	if text, ok := a.(string); ok {
		return cmp.Compare(text, b.(string))
	}
	return cmp.Compare(a.(int64), b.(int64))
}

// writeRows writes rows of numbers and texts that are in order.
func writeRows(p *pages, t relation, rows [][]any, columns ...string) error {
	if !slices.Equal(t.columns, columns) {
		return fmt.Errorf("the table %s has other columns than are known here: %s", t.name, t.columns)
	}
	tree := newTree(p, t.root, false, len(rows))
	var r record
	for _, row := range rows {
		r.reset()
		for _, value := range row {
			if text, ok := value.(string); ok {
				r.text(text)
			} else {
				r.integer(value.(int64))
			}
		}
		if err := tree.addKey(r.encoded()); err != nil {
			return err
		}
	}
	return tree.finish()
}

func dayOf(micros int64) int64 { return micros / (24 * 60 * 60 * 1_000_000) }
