package importer

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// season creates n episodes E1 to En of season 1, and returns their IDs, of which that of E1 is at 1.
func (f fixture) season(n int) []string {
	f.t.Helper()
	var b strings.Builder
	b.WriteString("show,season,number,title\n")
	for i := range n {
		fmt.Fprintf(&b, "S,1,%d,E%d\n", i+1, i+1)
	}
	f.take(b.String(), Options{})
	ids := make([]string, n+1)
	for _, e := range f.list(f.t.(*testing.T)) {
		number, err := strconv.Atoi(e.Title[1:])
		if err != nil {
			f.t.Fatal(err)
		}
		ids[number] = e.ID
	}
	return ids
}

// renumbered is a table that gives each episode the number that to says; 0 is a new one.
func renumbered(ids []string, order []int, to func(n int) int) string {
	var b strings.Builder
	b.WriteString("id,show,season,number,title\n")
	for _, n := range order {
		fmt.Fprintf(&b, "%s,S,1,%d,E%d\n", ids[n], to(n), n)
	}
	return b.String()
}

func upTo(from, n int) []int {
	var list []int
	for i := from; i <= n; i++ {
		list = append(list, i)
	}
	return list
}

// Episodes that rows name by their IDs may be numbered anew in any way and in any order, each with one event, at once or with crashes.
func TestEpisodesAreNumberedAnew(t *testing.T) {
	t.Parallel()
	const n = 300 // in several batches
	shift := func(k int) int {
		switch {
		case k == 0:
			return 2
		case k > 1:
			return k + 1
		}
		return k
	}
	shuffled := rand.New(rand.NewPCG(3, 4)).Perm(n)
	anyOrder := slices.Clone(upTo(1, n))
	rand.New(rand.NewPCG(5, 6)).Shuffle(n, func(i, j int) { anyOrder[i], anyOrder[j] = anyOrder[j], anyOrder[i] })
	downward := upTo(0, n)
	slices.Reverse(downward)
	for name, tt := range map[string]struct {
		order []int
		to    func(k int) int
	}{
		"one inserted, at the end of the file":   {append(upTo(1, n), 0), shift},
		"one inserted, at the head of the file":  {upTo(0, n), shift},
		"one inserted, from the last one upward": {downward, shift},
		"two swapped that are far apart": {upTo(1, n), func(k int) int {
			return map[bool]int{true: n + 1 - k, false: k}[k == 1 || k == n]
		}},
		"turned round":      {upTo(1, n), func(k int) int { return n + 1 - k }},
		"the last is first": {upTo(1, n), func(k int) int { return k%n + 1 }},
		"shuffled":          {anyOrder, func(k int) int { return shuffled[k-1] + 1 }},
		"one is taken out": {upTo(1, n), func(k int) int {
			switch {
			case k == 5:
				return n + 50
			case k > 5:
				return k - 1
			}
			return k
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			forEach(t, func(t *testing.T, f fixture) {
				ids := f.season(n)
				table := renumbered(ids, tt.order, tt.to)
				report, rows := f.take(table, Options{})
				if report.Refused+report.Skipped > 0 || report.Rows != len(tt.order) {
					t.Errorf("%+v: %q", report.Counts, rows)
				}
				var want []string
				for _, k := range tt.order {
					want = append(want, fmt.Sprintf("S 1/%d E%d", tt.to(k), k))
				}
				slices.Sort(want)
				if diff := cmp.Diff(want, f.all()); diff != "" {
					t.Errorf("episodes (-want +got):\n%s", diff)
				}
				if again, _ := f.take(table, Options{}); again.Unchanged != again.Rows {
					t.Errorf("again: %+v", again.Counts)
				}
			})
		})
	}
}

// What a row cannot have since an episode stays, it and all that follow from it are refused, in the plan as in the import.
func TestEpisodesThatCannotMove(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		ids := f.season(6)
		_, got := f.take(renumbered(ids, []int{1, 2, 3, 5}, func(k int) int { return k + 1 })+",S,1,1,New\n", Options{})
		want := []string{
			"2 refused: episode_number is that of the episode of line 3", "3 refused: episode_number is that of the episode of line 4",
			`4 refused: episode_number is taken by "E4", season 1, number 4`, `5 refused: episode_number is taken by "E6", season 1, number 6`,
			"6 refused: episode_number is that of the episode of line 2",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		_, got = f.take(renumbered(ids, []int{1, 2}, func(k int) int { return 3 - k }), Options{Mode: Create})
		want = []string{
			`2 refused: id is taken by "E1", season 1, number 1, which is the same`, `3 refused: id is taken by "E2", season 1, number 2, which is the same`,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("creating alone (-want +got):\n%s", diff)
		}
	})
}

// What would be too much for one transaction is refused, and what does not need it comes in.
func TestEpisodesThatMoveTooFarBelow(t *testing.T) {
	t.Parallel()
	f := newFixture(t, sqldbtest.Open(t, sqldbtest.SQLite, tables()...))
	ids := f.season(4)
	var others strings.Builder
	for i := range maxJoinedLines {
		fmt.Fprintf(&others, ",T,1,%d,O%d\n", i, i)
	}
	table := renumbered(ids, []int{1, 3, 4}, func(k int) int { return map[int]int{1: 2, 3: 4, 4: 3}[k] }) + others.String() +
		ids[2] + ",S,1,9,E2\n"
	report, got := f.take(table, Options{})
	if want := "2 refused: episode_number is that of the episode of line 5005, which leaves it too far below; put that line above this one"; report.Refused != 1 || got[0] != want {
		t.Errorf("%+v, %s", report.Counts, got[0])
	}
	if again, _ := f.take(table, Options{}); again.Updated != 1 || again.Refused != 0 {
		t.Errorf("again, with the place free: %+v", again.Counts)
	}
}

// An import that breaks off while it numbers episodes anew goes on to the same end.
func TestGoesOnToNumberAnew(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		const n = 400
		ids := f.season(n)
		// Pairs change their places, some of them across the borders of batches.
		table := renumbered(ids, upTo(1, n), func(k int) int { return (k - 1) ^ 1 + 1 })
		var saved State
		attempts := 0
		for ; ; attempts++ {
			batches := 0
			hooks := Hooks{
				Done: saved,
				Saved: func(_ context.Context, tx *sqldb.Tx, done State, _ []Problem) error {
					tx.OnCommit(func() { saved = done })
					return nil
				},
				Write: func(ctx context.Context, fn func(context.Context, *sqldb.Tx) error) error {
					if batches++; batches == 2 {
						return errCrash
					}
					return f.cfg.DB.Write(ctx, fn)
				},
			}
			report, err := f.start(table, Options{}, hooks, true)
			if err == nil {
				if report.Updated != n {
					t.Errorf("%+v, want %d updated", report.Counts, n)
				}
				break
			}
			if attempts > n {
				t.Fatal(err)
			}
		}
		if attempts < 2 {
			t.Errorf("%d attempts", attempts)
		}
		if again, _ := f.take(table, Options{}); again.Unchanged != n {
			t.Errorf("again: %+v", again.Counts)
		}
	})
}
