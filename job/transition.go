package job

import (
	"context"
	"sync"
	"time"

	"callboard"
	"callboard/outbox"
	"callboard/sqldb"
)

const (
	// maxGroup is how many transitions are committed together at most. It bounds what is held in memory and under lock.
	maxGroup = 64
	// groupTime bounds how long a group waits for the database.
	groupTime = 30 * time.Second
)

// transition is one step in the life of a job: an attempt begins, or ends.
type transition struct {
	jobID string
	// move changes the job as it stands in the table, its row locked, and returns the events that tell of it; see state.go.
	// With none nothing is written. Its error is the transition's, and no other's. It may be called more than once.
	move  func(j *Job) ([]callboard.Event, error)
	lines []LogLine // which are kept with it
	// within, when set, writes in the same transaction, which is then the transition's own.
	within func(ctx context.Context, tx *sqldb.Tx) error

	done chan struct{} // closed once job and err are set
	job  Job
	err  error
}

// transitions commits the transitions of many jobs together: while one group is being committed the next one gathers, so
// that there is a transaction for each when little goes on, and one for dozens under load. A job whose row somebody else
// has locked does not hold up the others.
type transitions struct {
	db *sqldb.DB

	mu      sync.Mutex
	waiting []*transition
	busy    bool // a goroutine commits what is waiting
}

// commit returns the job as it is once t is durable. No such job is CodeNotFound. Unless it has something within, t does not
// end with ctx: whether it happened is known for certain, or the database is away.
func (g *transitions) commit(ctx context.Context, t *transition) (Job, error) {
	if t.within != nil {
		g.write(ctx, []*transition{t}, sqldb.ForUpdate)
		return t.job, t.err
	}
	t.done = make(chan struct{})
	g.add(t)
	<-t.done
	return t.job, t.err
}

func (g *transitions) add(t *transition) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waiting = append(g.waiting, t)
	if !g.busy {
		g.busy = true
		go g.run()
	}
}

// run commits until nothing is waiting.
func (g *transitions) run() {
	for {
		g.mu.Lock()
		group := g.waiting[:min(len(g.waiting), maxGroup)]
		g.waiting = g.waiting[len(group):]
		g.busy = len(group) > 0
		g.mu.Unlock()
		if len(group) == 0 {
			return
		}
		g.commitGroup(group)
	}
}

func (g *transitions) commitGroup(group []*transition) {
	ctx, cancel := context.WithTimeout(context.Background(), groupTime)
	defer cancel()
	g.write(ctx, group, sqldb.ForUpdateSkipLocked)
	for _, t := range group {
		if callboard.CodeOf(t.err) == callboard.CodeNotFound { // or locked: wait for it by itself
			go g.commitAlone(t)
			continue
		}
		close(t.done)
	}
}

func (g *transitions) commitAlone(t *transition) {
	ctx, cancel := context.WithTimeout(context.Background(), groupTime)
	defer cancel()
	g.write(ctx, []*transition{t}, sqldb.ForUpdate)
	close(t.done)
}

// write commits a group, or each by itself when one may be at fault. It sets job and err of all.
func (g *transitions) write(ctx context.Context, group []*transition, lock func(sqldb.Querier) string) {
	err := g.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error { return apply(ctx, tx, group, lock(tx)) })
	switch {
	case err == nil:
	case len(group) > 1 && callboard.CodeOf(err) != callboard.CodeUnavailable:
		for i := range group {
			g.write(ctx, group[i:i+1], lock)
		}
	default:
		for _, t := range group {
			t.job, t.err = Job{}, err
		}
	}
}

func apply(ctx context.Context, tx *sqldb.Tx, group []*transition, lock string) error {
	ids := make([]string, len(group))
	for i, t := range group {
		ids[i] = t.jobID
	}
	jobs, err := selectJobsByID(ctx, tx, ids, lock)
	if err != nil {
		return err
	}
	var events []callboard.Event
	for _, t := range group {
		told, err := t.apply(ctx, tx, jobs)
		if err != nil {
			return err
		}
		events = append(events, told...)
	}
	return outbox.Append(ctx, tx, events...)
}

// apply writes what becomes of a job in jobs, and returns the events that tell of it. Its error fails the group.
func (t *transition) apply(ctx context.Context, tx *sqldb.Tx, jobs map[string]*Job) ([]callboard.Event, error) {
	j, found := jobs[t.jobID]
	if !found {
		t.job, t.err = Job{}, callboard.NotFound("job")
		return nil, nil
	}
	next := *j
	var events []callboard.Event
	events, t.err = t.move(&next)
	if t.job = next; t.err != nil || len(events) == 0 {
		return nil, nil
	}
	if t.within != nil {
		if err := t.within(ctx, tx); err != nil {
			return nil, err
		}
	}
	if err := insertLines(ctx, tx, t.jobID, t.lines); err != nil {
		return nil, err
	}
	*j = next
	return events, queueUpdate(ctx, tx, next)
}
