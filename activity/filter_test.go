package activity_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/activity"
	"github.com/callboard/callboard/sqldb"
)

// tick is how far entries of madeUp are apart.
const tick = 10 * time.Minute

// madeUp fills the log with random entries at positions that are up to gap apart, and returns them, newest first. Their
// times nearly follow their positions, but some are dated back.
func (f *fixture) madeUp(random *rand.Rand, n, gap int, title func() string) []callboard.Event {
	f.t.Helper()
	events := make([]callboard.Event, n)
	for i := range events {
		f.pos += 1 + random.Int64N(int64(gap))
		at := f.now.Add(time.Duration(i) * tick)
		if random.IntN(50) == 0 {
			at = at.Add(-time.Duration(random.IntN(n)) * tick)
		}
		events[i] = f.logged(random, at, title())
	}
	for batch := range slices.Chunk(events, 200) {
		err := f.db.Write(f.t.Context(), func(ctx context.Context, tx *sqldb.Tx) error { return f.Consumer().Handle(ctx, tx, batch) })
		if err != nil {
			f.t.Fatal(err)
		}
	}
	slices.Reverse(events)
	return events
}

// logged returns the event of an entry that an application logs. Some users, actions and types are rare, and some never
// meet.
func (f *fixture) logged(random *rand.Rand, at time.Time, title string) callboard.Event {
	rank := func() int { return random.IntN(1 + random.IntN(6)) }
	kind := rank()
	res := callboard.Resource{Type: fmt.Sprintf("type%d", kind%3), ID: fmt.Sprint(rank()), Name: title}
	e := callboard.ActivityLogged.New(f.as(f.ada), res, callboard.ActivityData{
		UserID: fmt.Sprintf("user%d", rank()), Action: fmt.Sprintf("action%d", kind),
	})
	e.Pos, e.CreatedAt = f.pos, at
	return e
}

func passes(filter activity.Filter, e callboard.Event) bool {
	var data callboard.ActivityData
	if err := json.Unmarshal(e.Data, &data); err != nil {
		panic(err)
	}
	same := func(want, got string) bool { return want == "" || want == got }
	return same(filter.UserID, data.UserID) && same(filter.Action, data.Action) && same(filter.Resource.Type, e.Resource.Type) &&
		same(filter.Resource.ID, e.Resource.ID) && (filter.Since.IsZero() || !e.CreatedAt.Before(filter.Since)) &&
		(filter.Until.IsZero() || e.CreatedAt.Before(filter.Until))
}

// anyFilter returns a random combination of conditions.
func (f *fixture) anyFilter(random *rand.Rand, n int) (filter activity.Filter) {
	with := random.IntN(1 << 6)
	if with&1 != 0 {
		filter.UserID = fmt.Sprintf("user%d", random.IntN(7))
	}
	if with&2 != 0 {
		filter.Action = fmt.Sprintf("action%d", random.IntN(7))
	}
	if with&4 != 0 {
		filter.Resource.Type = fmt.Sprintf("type%d", random.IntN(4))
	}
	if with&(4|32) == 4|32 {
		filter.Resource.ID = fmt.Sprint(random.IntN(6))
	}
	if with&8 != 0 {
		filter.Since = f.now.Add(time.Duration(random.IntN(n)) * tick)
	}
	if with&16 != 0 {
		filter.Until = f.now.Add(time.Duration(random.IntN(n)) * tick)
	}
	return filter
}

// allPages returns the positions on all pages.
func (f *fixture) allPages(limit int, list func(callboard.Page) (callboard.List[activity.Entry], error)) (found []int64) {
	f.t.Helper()
	for page := (callboard.Page{Limit: limit}); ; {
		list, err := list(page)
		if err != nil {
			f.t.Fatal(err)
		}
		if len(list.Items) > limit {
			f.t.Fatalf("%d entries on a page of %d", len(list.Items), limit)
		}
		for _, e := range list.Items {
			found = append(found, e.Pos)
		}
		if page.Cursor = list.NextCursor; page.Cursor == "" {
			return found
		}
	}
}

// Whatever is filtered by, and however little a request may look at, the pages together hold what passes the filter, each
// entry once and in order.
func TestFiltersFindAll(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		const n = 1500
		random := rand.New(rand.NewPCG(3, 4))
		events := f.madeUp(random, n, 300, func() string { return "x" })
		for i := range rounds(60) {
			f.SetLimits(time.Minute, 5000)
			if i%2 == 0 {
				f.SetLimits(0, 1+random.IntN(50))
			}
			filter, limit := f.anyFilter(random, n), 1+random.IntN(100)
			var want []int64
			for _, e := range events {
				if passes(filter, e) {
					want = append(want, e.Pos)
				}
			}
			got := f.allPages(limit, func(p callboard.Page) (callboard.List[activity.Entry], error) { return f.Feed(t.Context(), filter, p) })
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%+v, %d a page (-want +got):\n%s", filter, limit, diff)
			}
			var out bytes.Buffer
			if err := f.Export(t.Context(), &out, callboard.SheetOptions{Format: callboard.NDJSON}, filter); err != nil || bytes.Count(out.Bytes(), []byte("\n")) != len(want) {
				t.Fatalf("%+v: %d entries, but the export differs: %v", filter, len(want), err)
			}
		}
	})
}

// longData leaves out, with the race detector, a test that is long because of its data: it has nothing that runs at the same time.
func longData(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("long because of its data")
	}
}

// rounds returns how many rounds a test with random input has: fewer with the race detector.
func rounds(n int) int {
	if testing.Short() {
		return n / 5
	}
	return n
}

// Words that are seldom or never together, and beginnings of very many words, are found over any distance.
func TestSearchFindsAll(t *testing.T) {
	longData(t)
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		random := rand.New(rand.NewPCG(5, 6))
		common := strings.Fields("tide tidal table harbour a al silent silence cut")
		title := func() string {
			words := []string{fmt.Sprintf("code%04d", random.IntN(1000))}
			for range 1 + random.IntN(2) {
				words = append(words, common[random.IntN(1+random.IntN(len(common)))])
			}
			return strings.Join(words, " ")
		}
		events := f.madeUp(random, 1500, 600, title) // over many blocks of positions
		queries := []string{"tide", "ti", "t", "a", "tide tidal", "tide table cut", "harbour silence", "code", "code1", "code12 ti", "code17 al",
			"sile tab", "code tide", "cut co", "nowhere tide", "action1 code03", "cod a", "code0007 tide", "silence silent", "code09999"}
		for _, pageTime := range []time.Duration{0, time.Minute} {
			f.SetLimits(pageTime, 5000)
			for _, query := range queries {
				want := naiveSearch(events, query)
				got := f.allPages(10+random.IntN(60), func(p callboard.Page) (callboard.List[activity.Entry], error) {
					return f.Search(t.Context(), query, activity.Filter{}, p)
				})
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("%q (-want +got):\n%s", query, diff)
				}
			}
		}
	})
}

// Words together with filters find what has the words and passes the filter, however frequent each of them is.
func TestSearchWithFiltersFindsAll(t *testing.T) {
	longData(t)
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		const n = 1500
		random := rand.New(rand.NewPCG(7, 8))
		events := f.madeUp(random, n, 600, func() string {
			return fmt.Sprintf("tide code%d %s", random.IntN(300), []string{"a", "silent", "silence"}[random.IntN(3)])
		})
		queries := []string{"tide", "ti a", "code7", "code", "sile tide", "a silence", "nowhere", "code11 ti"}
		for i := range 60 {
			f.SetLimits(time.Duration(i%2)*time.Minute, 20+random.IntN(2000))
			filter, query := f.anyFilter(random, n), queries[i%len(queries)]
			found := naiveSearch(events, query)
			var want []int64
			for _, e := range events {
				if slices.Contains(found, e.Pos) && passes(filter, e) {
					want = append(want, e.Pos)
				}
			}
			got := f.allPages(1+random.IntN(60), func(p callboard.Page) (callboard.List[activity.Entry], error) {
				return f.Search(t.Context(), query, filter, p)
			})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%q with %+v (-want +got):\n%s", query, filter, diff)
			}
		}
	})
}

// Counts agree with the entries that pass the filter, in each zone, for hours and days.
func TestCountsAgreeWithTheLog(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		const n = 1000
		random := rand.New(rand.NewPCG(9, 10))
		*f.now = time.Date(2026, 10, 24, 12, 0, 0, 0, time.UTC) // before Berlin's clocks go back
		events := f.madeUp(random, n, 10, func() string { return "x" })
		end := f.now.Add(n * tick)
		for i := range rounds(60) {
			zone, err := time.LoadLocation([]string{"UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns"}[i%4])
			if err != nil {
				t.Fatal(err)
			}
			filter, hours := f.anyFilter(random, n), i%3 == 0
			if filter.Until.IsZero() {
				filter.Until = end
			}
			if filter.Since.IsZero() || !filter.Since.Before(filter.Until) {
				filter.Since = filter.Until.Add(-20 * 24 * time.Hour)
			}
			layout := "2006-01-02"
			if hours {
				layout = "2006-01-02T15 -0700"
			}
			byTime, byUser, total := map[string]int64{}, map[string]int64{}, int64(0)
			for _, e := range events {
				if passes(filter, e) {
					var data callboard.ActivityData
					if err := json.Unmarshal(e.Data, &data); err != nil {
						t.Fatal(err)
					}
					total++
					byUser[data.UserID]++
					byTime[e.CreatedAt.In(zone).Format(layout)]++
				}
			}
			got, err := f.Counts(t.Context(), filter, hours, zone)
			if err != nil {
				t.Fatal(err)
			}
			gotTime, gotUser := map[string]int64{}, map[string]int64{}
			for _, c := range got.ByTime {
				if c.Start.Minute() != 0 || gotTime[c.Start.Format(layout)] != 0 {
					t.Errorf("begins at %s", c.Start)
				}
				gotTime[c.Start.Format(layout)] += c.Entries
			}
			for _, c := range got.ByUser {
				gotUser[c.Key] = c.Entries
			}
			if diff := cmp.Diff(byTime, gotTime); diff != "" || got.Total != total || !got.Complete {
				t.Fatalf("%+v in %s: %d of %d, complete %v, by time (-want +got):\n%s", filter, zone, got.Total, total, got.Complete, diff)
			}
			if diff := cmp.Diff(byUser, gotUser); diff != "" {
				t.Fatalf("%+v by user (-want +got):\n%s", filter, diff)
			}
		}
	})
}

// Where there is too much to count, what is counted is said and right.
func TestCountsAreBounded(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		random := rand.New(rand.NewPCG(11, 12))
		events := f.madeUp(random, 300, 10, func() string { return "x" }) // newest first
		filter := activity.Filter{Until: f.now.Add(300 * tick)}
		f.SetCounted(100)
		got, err := f.Counts(t.Context(), filter, false, time.UTC)
		if err != nil || got.Complete || got.Total != 100 || !got.CountedSince.Equal(events[99].CreatedAt) {
			t.Errorf("%+v, %v; want 100 from %s", got, err, events[99].CreatedAt)
		}
		f.SetCounted(301)
		if got, err = f.Counts(t.Context(), filter, false, time.UTC); err != nil || !got.Complete || got.Total != 300 || !got.CountedSince.Equal(got.Since) {
			t.Errorf("%+v, %v; want all 300", got, err)
		}
		for _, bad := range []activity.Filter{
			{Since: *f.now, Until: *f.now}, {Since: f.now.AddDate(-2, 0, 0), Until: *f.now},
		} {
			if _, err := f.Counts(t.Context(), bad, false, time.UTC); callboard.CodeOf(err) != callboard.CodeInvalid {
				t.Errorf("%+v: %v", bad, err)
			}
		}
	})
}

func naiveSearch(events []callboard.Event, query string) (found []int64) {
	for _, e := range events {
		var data callboard.ActivityData
		if err := json.Unmarshal(e.Data, &data); err != nil {
			panic(err)
		}
		words := strings.FieldsFunc(e.Resource.Name+" "+data.Action+" "+e.Resource.Type, func(r rune) bool { return r == ' ' || r == '_' })
		all := true
		for _, w := range strings.Fields(query) {
			all = all && slices.ContainsFunc(words, func(word string) bool { return word == w || len(w) > 1 && strings.HasPrefix(word, w) })
		}
		if all {
			found = append(found, e.Pos)
		}
	}
	return found
}
