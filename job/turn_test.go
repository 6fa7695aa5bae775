package job_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/sqldb"
)

// gated is a service whose jobs tell that they have begun, and then wait until the test lets one of them end.
type gated struct {
	*fixture
	started chan string
	gate    chan error
}

func newGated(t *testing.T, db *sqldb.DB) *gated {
	t.Helper()
	g := &gated{started: make(chan string, 1000), gate: make(chan error)}
	g.fixture = newFixture(t, db, job.Config{StopGrace: 10 * time.Millisecond}, worker(job.Settings{Concurrency: 2}, func(ctx context.Context, _ *job.Run, args testArgs) (any, error) {
		g.started <- args.Text
		select {
		case err := <-g.gate:
			return nil, err
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}))
	return g
}

// queueAll queues jobs in one transaction.
func (g *gated) queueAll(owner callboard.Actor, priority int, texts ...string) {
	g.t.Helper()
	err := g.db.Write(as(g.t, owner), func(ctx context.Context, tx *sqldb.Tx) error {
		for _, text := range texts {
			if _, err := g.QueueTx(ctx, tx, job.Request{Kind: "test-work", Args: testArgs{text}, Priority: priority}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		g.t.Fatal(err)
	}
}

// starts waits for the next n jobs to begin.
func (g *gated) starts(n int) []string {
	g.t.Helper()
	ctx, cancel := context.WithTimeout(g.t.Context(), waitLimit)
	defer cancel()
	var texts []string
	for range n {
		select {
		case text := <-g.started:
			texts = append(texts, text)
		case <-ctx.Done():
			g.t.Fatalf("after %q nothing begins", texts)
		}
	}
	return texts
}

func grace() callboard.Actor {
	return callboard.Actor{ID: "01900000-0000-7000-8000-00000009ace0", Name: "Grace", Role: callboard.RoleEditor}
}

// However many jobs somebody has queued, and with whatever priority: whoever comes later has the next turn.
func TestOwnersTakeTurns(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, db *sqldb.DB) {
		g := newGated(t, db)
		g.queueAll(ada(), 1, slices.Repeat([]string{"ada"}, 200)...)
		stop := g.run()
		g.starts(2)
		g.queueAll(grace(), 4, "grace", "grace")
		g.queueAll(grace(), 3, "urgent")
		var got []string
		for range 5 {
			g.gate <- nil
			got = append(got, g.starts(1)...)
		}
		if diff := cmp.Diff([]string{"urgent", "ada", "grace", "ada", "grace"}, got); diff != "" {
			t.Errorf("jobs begun (-want +got):\n%s", diff)
		}
		g.queueAll(grace(), 4, "grace")
		stop()
		again := newGated(t, db)
		again.run()
		got = again.starts(2)
		slices.Sort(got)
		if diff := cmp.Diff([]string{"ada", "grace"}, got); diff != "" {
			t.Errorf("after a restart (-want +got):\n%s", diff)
		}
	})
}

// A job that is tried again does not go behind all that others have queued.
func TestRetryHasATurn(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, db *sqldb.DB) {
		g := newGated(t, db)
		g.queueAll(ada(), 2, slices.Repeat([]string{"ada"}, 400)...)
		g.run()
		g.starts(2)
		g.queueAll(grace(), 2, "grace")
		g.gate <- nil
		g.starts(1)
		for range 2 { // one of them is the job of Grace
			g.gate <- errors.New("not this time")
		}
		begun := g.starts(2)
		for len(begun) < 300 && !slices.Contains(begun, "grace") {
			g.gate <- nil
			begun = append(begun, g.starts(1)...)
		}
		if !slices.Contains(begun, "grace") {
			t.Errorf("%d others were begun before", len(begun))
		}
	})
}
