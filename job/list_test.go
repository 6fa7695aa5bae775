package job_test

import (
	"context"
	"strings"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/sqldb"
)

// A page of jobs with large arguments is short, and leads on to the others.
func TestLargeJobsMakeShortPages(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, db *sqldb.DB) {
		f := newFixture(t, db, job.Config{}, worker(job.Settings{}, func(context.Context, *job.Run, testArgs) (any, error) { return nil, nil }))
		const n = 40
		text := strings.Repeat("x", 250<<10)
		for range n {
			f.queue(text)
		}
		seen, pages := map[string]bool{}, 0
		for page := (callboard.Page{Limit: 200}); ; pages++ {
			list, err := f.List(as(t, ada()), job.Filter{}, page)
			if err != nil || len(list.Items) == 0 {
				t.Fatalf("page %d: %d jobs, %v", pages, len(list.Items), err)
			}
			for _, j := range list.Items {
				seen[j.ID] = true
			}
			if page.Cursor = list.NextCursor; page.Cursor == "" {
				break
			}
		}
		if len(seen) != n || pages < 2 {
			t.Errorf("%d jobs on %d pages", len(seen), pages+1)
		}
	})
}
