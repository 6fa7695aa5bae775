package activity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/activity"
	"github.com/callboard/callboard/sqldb"
)

func TestSearch(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		f.happen(
			f.episodeEvent(callboard.EpisodeCreated, f.ada, "1", "Die Dæmonen des Écrans", nil),
			f.episodeEvent(callboard.EpisodeUpdated, f.ben, "1", "Ghost Light", callboard.Changes{
				"title": {Old: "Die Dæmonen des Écrans", New: "Ghost Light"}}),
			f.episodeEvent(callboard.EpisodeCreated, f.ada, "2", `O'Brien's "100%" (uncut)`, nil),
		)
		for query, want := range map[string][]int64{
			"ghost":                 {2},
			"GHO":                   {2},
			"ecrans":                {2, 1}, // also as the old value of a change
			"Écrans die":            {2, 1},
			"ghost created":         nil,
			"ada created":           {3, 1},
			"published":             nil,
			`o'brien "100%`:         {3},
			"NOT ghost":             nil, // a word, and no operator
			"ghost* OR light":       nil,
			"uncut) OR (1":          nil,
			"ghost:* & !light | \\": {2},
			"gh":                    {2},
			"g":                     nil, // a single letter is a word of its own
			"o":                     {3},
		} {
			list, err := f.Search(t.Context(), query, activity.Filter{}, callboard.Page{})
			if err != nil {
				t.Errorf("%q: %v", query, err)
				continue
			}
			var got []int64
			for _, e := range list.Items {
				got = append(got, e.Pos)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%q (-want +got):\n%s", query, diff)
			}
		}
		for _, query := range []string{"", "  ", `"'%*`, strings.Repeat("a ", 17)} {
			if _, err := f.Search(t.Context(), query, activity.Filter{}, callboard.Page{}); callboard.CodeOf(err) != callboard.CodeInvalid {
				t.Errorf("%q: %v", query, err)
			}
		}
	})
}

// A beginning may stand for more words than are looked up one by one.
func TestSearchForManyWords(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		events := make([]callboard.Event, 600)
		for i := range events {
			events[i] = f.episodeEvent(callboard.EpisodeCreated, f.ada, "1", fmt.Sprintf("Take code%04d", i), nil)
		}
		f.happen(events...)
		for query, want := range map[string]int{"code": 600, "code00": 100, "code0007 take": 1, "code1": 0} {
			found := f.allPages(200, func(p callboard.Page) (callboard.List[activity.Entry], error) {
				return f.Search(t.Context(), query, activity.Filter{}, p)
			})
			if len(found) != want {
				t.Errorf("%q: %d entries, want %d", query, len(found), want)
			}
		}
	})
}

// A word that only the oldest entry has is found, and one that all have comes in pages that leave none out.
func TestSearchInALongLog(t *testing.T) {
	longData(t)
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		const entries = 6000 // more than are read through without the index
		events := make([]callboard.Event, entries)
		for i := range events {
			events[i] = f.episodeEvent(callboard.EpisodeCreated, f.ada, "1", "Common", nil)
		}
		events[0].Resource.Name = "Common Zebra"
		events[1].Resource.Name = "Commons" // the page goes on over both kinds of word
		f.happen(events...)
		list, err := f.Search(t.Context(), "zeb common", activity.Filter{}, callboard.Page{})
		if err != nil || len(list.Items) != 1 || list.Items[0].Pos != 1 {
			t.Errorf("the oldest entry: %v, %v", list.Items, err)
		}
		next, page := int64(entries), callboard.Page{Limit: 200}
		for next > 0 {
			list, err := f.Search(t.Context(), "common", activity.Filter{}, page)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range list.Items {
				if e.Pos != next {
					t.Fatalf("position %d follows, want %d", e.Pos, next)
				}
				next--
			}
			if page.Cursor = list.NextCursor; page.Cursor == "" {
				break
			}
		}
		if next != 0 {
			t.Errorf("the pages end before position %d", next)
		}
	})
}

// A search reads every segment of the index, so they must not become many however small the batches are.
func TestWordsAreMerged(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		if f.db.Dialect() != sqldb.SQLite {
			t.Skip("only SQLite has segments")
		}
		for i := range 200 {
			f.happen(f.episodeEvent(callboard.EpisodeCreated, f.ada, fmt.Sprint(i), fmt.Sprintf("Ghost Light %d", i), nil))
		}
		var segments int
		if err := f.db.QueryRowContext(t.Context(), `SELECT count(DISTINCT segid) FROM callboard_activity_words_idx`).Scan(&segments); err != nil {
			t.Fatal(err)
		}
		if segments == 0 || segments > 20 {
			t.Errorf("200 batches left %d segments", segments)
		}
	})
}
