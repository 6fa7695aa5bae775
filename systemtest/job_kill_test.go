package systemtest

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// A server that is killed while jobs of all kinds run and wait, again and again, finishes them all after its start: each
// has done its work exactly once, or failed for a reason, and has its whole trail in the log.
func TestJobsKilled(t *testing.T) {
	needLong(t)
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		b := apptest.NewBinary(t, apptest.Options{Kind: kind}, noLimit)
		b.Start()
		l := newJobLoad(t, b, size(700, 3000))
		l.queue(size(2, 14), size(3, 10), size(2, 10), size(2, 10)) // as many as one user may have under way
		for _, moment := range l.moments() {
			moment()
			b.Kill()
			b.Launch() // and once more while it recovers
			if wait(t.Context(), rand.N(200*time.Millisecond)); rand.IntN(2) == 0 && !b.Await("msg=listening") {
				t.Error("the server does not come that far")
			}
			b.Kill()
			b.Start()
		}
		jobs := l.awaitAll()
		b.Kill() // what is done stays done
		b.Start()
		attempts := l.verify(b.OpenDB(), filepath.Join(b.Config.DataDir, "files"))
		if attempts <= len(jobs) {
			t.Errorf("%d attempts for %d jobs: no kill has met one", attempts, len(jobs))
		}
	})
}

// moments returns functions that wait for a point in the work, at which jobs run.
func (l *jobLoad) moments() []func() {
	running := func(kind string) func() {
		return func() {
			apptest.Eventually(l.t, "a job is at work", func() error {
				n := l.count(func(j apptest.Job) bool { return j.Kind == kind && j.Status == "processing" && j.Progress > 0 })
				if n == 0 && l.count(apptest.Job.Done) < len(l.jobs) {
					return fmt.Errorf("no %s is", kind)
				}
				return nil
			})
		}
	}
	done := func(n int) func() { return func() { l.awaitDone(min(l.count(apptest.Job.Done)+n, len(l.jobs))) } }
	return []func(){running(kindImport), running(kindThumbnail), done(size(2, 6))}
}

// A server that is asked to stop gives its jobs a moment, and then goes on with them at its next start from where they
// were. Being interrupted uses no attempt up.
func TestJobsStopped(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		b := apptest.NewBinary(t, apptest.Options{Kind: kind}, noLimit, "JOB_STOP_GRACE=50ms")
		b.Start()
		l := newJobLoad(t, b, size(3000, 6000))
		l.queue(size(1, 3), 2, size(1, 3), size(1, 2))
		l.moments()[0]()
		if code := b.Stop(); code != 0 {
			t.Errorf("exit code %d, want 0", code)
		}
		b.Start()
		jobs := l.awaitAll()
		db := b.OpenDB()
		attempts := l.verify(db, filepath.Join(b.Config.DataDir, "files"))
		for id, j := range jobs {
			if j.Status != "completed" || j.Attempt != 1 {
				t.Errorf("job %s (%s) is %s at attempt %d: %s", id, j.Kind, j.Status, j.Attempt, j.Error)
			}
		}
		interrupted := sqldbtest.Column[string](t, db, `SELECT resource_id FROM callboard_activity WHERE action = 'retried_job' AND metadata LIKE '%interrupted%'`)
		if len(interrupted) == 0 || attempts != len(jobs)+len(interrupted) {
			t.Errorf("%d attempts of %d jobs, %d interrupted", attempts, len(jobs), len(interrupted))
		}
		for _, id := range interrupted {
			if lines := logOf(t, &b.Site, id); jobs[id].Kind == kindImport && !strings.Contains(lines, "goes on rows=") {
				t.Errorf("the import began anew: %s", lines)
			}
		}
	})
}

// Jobs that end within their grace are not interrupted.
func TestJobsEndWithinGrace(t *testing.T) {
	t.Parallel()
	b := apptest.NewBinary(t, apptest.Options{}, noLimit, "JOB_STOP_GRACE=50s")
	b.Start()
	l := newJobLoad(t, b, size(1500, 3000))
	l.queue(0, 1, 0, 0)
	l.moments()[0]()
	if code := b.Stop(); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	b.Start()
	if attempts := l.verify(b.OpenDB(), filepath.Join(b.Config.DataDir, "files")); attempts != 1 {
		t.Errorf("%d attempts, want 1", attempts)
	}
}

// logOf returns the lines that a job has logged.
func logOf(t *testing.T, site *apptest.Site, id string) string {
	t.Helper()
	var lines []struct {
		Line string `json:"line"`
	}
	site.Want(200, "GET", apptest.JobsPath+"/"+id+"/logs?limit=200", site.Users.Admin.Token, nil, &lines)
	var text strings.Builder
	for _, l := range lines {
		text.WriteString(l.Line + "\n")
	}
	return text.String()
}
