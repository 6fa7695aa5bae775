package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"runtime"
	"sync/atomic"
	"time"
)

// Limits of a group: how many writes one commit carries, and for how long it gathers them. Either bounds how long the
// first write waits for the others.
const (
	maxGroup     = 256
	groupBudget  = 20 * time.Millisecond
	lowBudget    = 5 * time.Millisecond // of writes with low priority: a request waits for all of their group
	queuedWrites = 256
)

// beginPatience is a little more than busyTimeout, whose error says more.
const beginPatience = 12 * time.Second

type writeFunc = func(ctx context.Context, tx *Tx) error

// Write runs fn in a transaction and commits it. It returns nil only when the change is durable; any error means that
// nothing of it was stored, except when the connection to PostgreSQL is lost during the commit, whose outcome is then
// unknown. A panic in fn rolls back and is returned as a *PanicError.
//
// fn uses the ctx it is given, and must not call Write. It may run more than once on PostgreSQL, when the database asks
// for a repeat (serialization failure, deadlock), so effects beyond the database belong into Tx.OnCommit.
//
// On SQLite the writes of concurrent callers share one transaction, each in a savepoint of its own, and one commit; one
// goroutine runs their functions in turn. A function that fails is undone alone. When the database itself fails (no
// room, I/O error), the whole group is undone and every caller in it gets CodeUnavailable. A ctx that ends while the
// write waits for its turn withdraws it. Once fn has begun its ctx does not end any more, and Write waits for the
// outcome. See LowPriority for work that lets others go first. A schema must do without deferred constraints there: they are checked at the commit, and would fail the group.
func (db *DB) Write(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	return db.writeOn(ctx, db.write, fn)
}

// writeOn is Write; conn is where a transaction of PostgreSQL runs.
func (db *DB) writeOn(ctx context.Context, conn beginner, fn writeFunc) error {
	if inWrite(ctx) {
		return errNested
	}
	commit := func(ctx context.Context, fn writeFunc) error { return db.commit(ctx, conn, fn) }
	if h, _ := ctx.Value(holdKey{}).(*Hold); h != nil && h.taken.CompareAndSwap(false, true) {
		return h.write(ctx, fn, commit)
	}
	if err := letCommit(ctx); err != nil {
		return err
	}
	return commit(ctx, fn)
}

// commit runs the transaction.
func (db *DB) commit(ctx context.Context, conn beginner, fn writeFunc) (err error) {
	tx := &Tx{db: db, fn: fn, hooks: takeHooks(ctx)}
	committed := false
	defer func() {
		for _, h := range tx.hooks {
			h.taken.Store(committed) // free for the next Write when this one did not commit
		}
		for _, fn := range tx.onEnd {
			fn()
		}
	}()
	if db.writer == nil {
		tx, err = tx.commitPostgres(ctx, conn)
	} else {
		err = db.writer.submit(ctx, tx)
	}
	if err != nil {
		return err
	}
	committed = true
	for _, fn := range tx.onCommit {
		fn()
	}
	return nil
}

// WriteValue is DB.Write for a function that also returns a value. On an error the value is zero.
func WriteValue[T any](ctx context.Context, db *DB, fn func(ctx context.Context, tx *Tx) (T, error)) (T, error) {
	var value T
	err := db.Write(ctx, func(ctx context.Context, tx *Tx) (err error) {
		value, err = fn(ctx, tx)
		return err
	})
	if err != nil {
		var zero T
		return zero, err
	}
	return value, nil
}

type lowPriorityKey struct{}

// LowPriority returns a ctx whose writes let others go first on SQLite, where all who write wait for each other: they have groups
// of their own, which take turns with those of the others. It is for work behind the scenes, in transactions of a few milliseconds.
// It halves the p99 of requests beside an import, and takes two thirds off their p50. PostgreSQL takes no notice.
func LowPriority(ctx context.Context) context.Context {
	return context.WithValue(ctx, lowPriorityKey{}, true)
}

// writer owns the goroutine that writes to SQLite: it takes requests from its queues, runs them in groups of one transaction
// each, and answers them after the commit.
type writer struct {
	pool     *sql.DB
	patience time.Duration // for the beginning of a transaction
	usual    queue
	low      queue         // of LowPriority
	closing  chan struct{} // closed by stop: no more requests
	stopped  chan struct{} // closed by the goroutine: nothing runs any more
}

// queue holds requests that may share a group.
type queue struct {
	requests chan *request
	budget   time.Duration // of a group
}

type request struct {
	ctx     context.Context
	tx      *Tx
	claimed atomic.Bool // by the writer, which runs it, or by its caller, who has withdrawn it
	err     error       // of the function; the writer's
	result  chan error  // sent once, after the commit
}

func (r *request) claim() bool { return r.claimed.CompareAndSwap(false, true) }

func startWriter(pool *sql.DB) *writer {
	w := &writer{
		pool:     pool,
		patience: beginPatience,
		usual:    queue{make(chan *request, queuedWrites), groupBudget},
		low:      queue{make(chan *request, queuedWrites), lowBudget},
		closing:  make(chan struct{}),
		stopped:  make(chan struct{}),
	}
	go w.loop()
	return w
}

// stop refuses new requests, and returns when all that were accepted have their result.
func (w *writer) stop() {
	close(w.closing)
	<-w.stopped
}

// loop serves until stop. A function that ends its goroutine (runtime.Goexit, and so t.FailNow) ends this one: a new one
// takes over.
func (w *writer) loop() {
	finished := false
	defer func() {
		if finished {
			close(w.stopped)
		} else {
			go w.loop()
		}
	}()
	for {
		select {
		case r := <-w.usual.requests:
			w.serve(r, w.usual)
		case r := <-w.low.requests:
			w.serve(r, w.low)
			if r := w.usual.next(); r != nil { // so that they wait for one group at the most
				w.serve(r, w.usual)
			}
		case <-w.closing:
			for _, q := range [...]queue{w.usual, w.low} {
				for r := q.next(); r != nil; r = q.next() {
					w.serve(r, q)
				}
			}
			finished = true
			return
		}
	}
}

// next returns the next request in the queue that was not withdrawn, or nil when there is none.
func (q queue) next() *request {
	for {
		select {
		case r := <-q.requests:
			if !r.claimed.Load() {
				return r
			}
		default:
			return nil
		}
	}
}

// serve runs first, and what is queued behind it in q, in one transaction.
func (w *writer) serve(first *request, q queue) {
	tx, err := w.begin()
	if err != nil { // for all that wait: each would wait as long again for a database that cannot begin
		for r := first; r != nil; r = q.next() {
			if r.claim() {
				r.result <- mapError(context.Background(), err)
			}
		}
		return
	}
	g := group{tx: tx}
	defer g.finish() // also when a function ends this goroutine
	began := time.Now()
	for r := first; r != nil; r = q.next() {
		g.run(r)
		if g.broken != nil || len(g.members) >= maxGroup || time.Since(began) > q.budget {
			return
		}
	}
}

// begin opens a transaction, which belongs to no single caller, so no caller's context may end it. Another process may hold
// the lock of the file, and a library the connection: neither is waited for without end.
func (w *writer) begin() (*sql.Tx, error) {
	ctx, cancel := context.WithCancel(context.Background())
	timer := time.AfterFunc(w.patience, cancel)
	tx, err := w.pool.BeginTx(ctx, nil)
	if timer.Stop() { // from here on nothing ends ctx
		return tx, err
	}
	if err == nil {
		_ = tx.Rollback()
	}
	return nil, unavailable(msgBusy, context.DeadlineExceeded)
}

// group is the requests of one transaction.
type group struct {
	tx      *sql.Tx
	members []*request
	broken  error // why the transaction as a whole cannot go on
}

// run runs r in a savepoint, unless it was withdrawn. Its context does not end here, see Tx.statement.
func (g *group) run(r *request) {
	if !r.claim() {
		return
	}
	g.members = append(g.members, r)
	r.tx.sql, r.err = g.tx, errGoexit // until proven otherwise
	defer func() {
		r.tx.ended.Store(true)
		g.broken = r.tx.broken
	}()
	r.err = r.tx.Savepoint(context.WithoutCancel(r.ctx), r.tx.run)
	if rolledBack, ok := errors.AsType[*rolledBackError](r.err); ok {
		r.tx.broken = rolledBack
	}
}

// finish commits and answers every member. Nobody has an answer before: an error too may stem from a neighbour's change,
// such as a clash with a row that in the end was not stored.
func (g *group) finish() {
	err := g.broken
	if err == nil {
		err = g.tx.Commit()
	} else {
		_ = g.tx.Rollback() // the database has undone it already; this frees the connection
	}
	for _, r := range g.members {
		r.result <- r.resultOf(err)
	}
}

func (r *request) resultOf(groupErr error) error {
	_, panicked := errors.AsType[*PanicError](r.err)
	if groupErr == nil || panicked || errors.Is(r.err, errGoexit) {
		return mapError(context.Background(), r.err)
	}
	message := environmentFault(groupErr)
	if message == "" {
		message = msgUndone
	}
	return unavailable(message, groupErr)
}

// submit queues tx, and returns when it is durable, or with an error when it certainly does not run or was undone.
func (w *writer) submit(ctx context.Context, tx *Tx) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-w.closing: // first, since select takes any case that is ready
		return errClosed()
	default:
	}
	q := w.usual
	if ctx.Value(lowPriorityKey{}) != nil {
		q = w.low
	}
	r := &request{ctx: ctx, tx: tx, result: make(chan error, 1)}
	select {
	case q.requests <- r:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.closing:
		return errClosed()
	}
	var err error
	select {
	case err = <-r.result:
	case <-ctx.Done():
		err = r.withdraw(ctx.Err())
	case <-w.stopped:
		err = r.withdraw(errClosed())
	}
	if errors.Is(err, errGoexit) {
		runtime.Goexit() // as the function would have it, had it run on this goroutine
	}
	return err
}

// withdraw takes r out of the queue for the given reason. When the writer has begun it, its result counts.
func (r *request) withdraw(reason error) error {
	if r.claim() {
		return reason
	}
	return <-r.result
}
