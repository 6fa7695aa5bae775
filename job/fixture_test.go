package job_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// killEvery is how often a node that has to stay dead is killed, before it is seen to live again.
const killEvery = 20 * time.Millisecond

// waitLimit is how long a test waits for what should happen soon.
const waitLimit = 30 * time.Second

// testArgs are those of the kind that tests run: its handler is the test's.
type testArgs struct {
	Text string `json:"text,omitempty"`
}

func (testArgs) Kind() string { return "test-work" }

// all lets everybody read everything.
type all struct{}

func (all) CanRead(context.Context, callboard.Actor, callboard.Resource) error { return nil }

// fixture is a job service on a database of its own.
type fixture struct {
	*job.Service
	t  *testing.T
	db *sqldb.DB

	mu       sync.Mutex
	progress []callboard.Event
}

// Ephemeral notes what is sent live.
func (f *fixture) Ephemeral(_ context.Context, ev callboard.Event) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.progress = append(f.progress, ev)
	return nil
}

func newFixture(t *testing.T, db *sqldb.DB, cfg job.Config, kinds ...job.Kind) *fixture {
	t.Helper()
	f := &fixture{t: t, db: db}
	if cfg.Poll == 0 {
		cfg.Poll = 50 * time.Millisecond
	}
	cfg.DB, cfg.Kinds, cfg.Access, cfg.Live = db, kinds, all{}, f
	var err error
	if f.Service, err = job.New(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

func migrations() []sqldb.Migrations {
	return []sqldb.Migrations{job.QueueMigrations(), outbox.Migrations(), httpapi.Migrations(), job.Migrations()}
}

// forEach runs a test on a fresh database of each kind.
func forEach(t *testing.T, test func(t *testing.T, db *sqldb.DB)) {
	t.Helper()
	sqldbtest.ForEach(t, test, migrations()...)
}

// run works on jobs until stop is called, or the test ends.
func (f *fixture) run() (stop func()) {
	f.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- f.Run(ctx, func() bool { return true }) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			f.t.Errorf("Run: %v", err)
		}
	})
	f.t.Cleanup(stop)
	return stop
}

func ada() callboard.Actor {
	return callboard.Actor{ID: "01900000-0000-7000-8000-00000000ada0", Name: "Ada", Role: callboard.RoleEditor}
}

func as(t *testing.T, actor callboard.Actor) context.Context {
	t.Helper()
	return callboard.WithActor(t.Context(), actor)
}

func (f *fixture) queue(text string) job.Job {
	f.t.Helper()
	j, err := f.Queue(as(f.t, ada()), job.Request{Kind: "test-work", Args: testArgs{text}})
	if err != nil {
		f.t.Fatal(err)
	}
	return j
}

// await polls until the job is as wanted: what happens to a job is written by another goroutine, and has no signal here.
func (f *fixture) await(id string, what string, ok func(job.Job) bool) job.Job {
	f.t.Helper()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	limit := time.After(waitLimit)
	for {
		j, err := f.Get(as(f.t, ada()), id)
		if err != nil {
			f.t.Fatal(err)
		}
		if ok(j) {
			return j
		}
		select {
		case <-limit:
			f.t.Fatalf("the job is not %s: %+v", what, j)
		case <-ticker.C:
		}
	}
}

func (f *fixture) awaitStatus(id string, status job.Status) job.Job {
	f.t.Helper()
	return f.await(id, string(status), func(j job.Job) bool { return j.Status == status })
}

// trail returns the names of the events of a job, in order.
func (f *fixture) trail(id string) []string {
	f.t.Helper()
	rows, err := f.db.QueryContext(f.t.Context(), `SELECT name FROM callboard_outbox WHERE resource_id = $1 ORDER BY id`, id)
	if err != nil {
		f.t.Fatal(err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			f.t.Fatal(err)
		}
		names = append(names, name)
	}
	return names
}

// worker returns the kind that tests run, with the given handler.
func worker(settings job.Settings, work func(ctx context.Context, run *job.Run, args testArgs) (any, error)) job.Kind {
	if settings.Backoff == 0 {
		settings.Backoff = 20 * time.Millisecond
	}
	return job.Define(job.Definition[testArgs]{Settings: settings, Work: work})
}

// errorOf returns why the last attempt of a job failed, "" when it did not.
func errorOf(j job.Job) string {
	if j.Error == nil {
		return ""
	}
	return *j.Error
}
