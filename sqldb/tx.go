package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"runtime/debug"
	"strconv"
	"sync/atomic"
)

// Tx is the transaction of one Write. It belongs to the goroutine that runs the Write's function, and ends with it.
type Tx struct {
	db       *DB
	fn       writeFunc
	hooks    []*commitHook // run after fn
	sql      *sql.Tx
	onCommit []func()
	onEnd    []func()
	depth    int         // of open savepoints
	broken   error       // why the transaction cannot go on
	ended    atomic.Bool // guards against a Tx kept for later
}

// Dialect returns the dialect of the database.
func (tx *Tx) Dialect() Dialect { return tx.db.dialect }

// SQL returns the transaction as database/sql knows it, for libraries that take one. Leave Commit and Rollback alone: on
// SQLite it is shared with the writes of others.
func (tx *Tx) SQL() *sql.Tx { return tx.sql }

// OnCommit has fn called once the transaction is committed: on the goroutine that called Write, before Write returns, in
// the order of registration. It is not called when the transaction, or the savepoint it was registered in, rolls back.
func (tx *Tx) OnCommit(fn func()) { tx.onCommit = append(tx.onCommit, fn) }

// OnEnd has fn called once the transaction has ended, whichever way, on the goroutine that called Write, after what OnCommit
// has, and before Write returns.
func (tx *Tx) OnEnd(fn func()) { tx.onEnd = append(tx.onEnd, fn) }

// ExecContext runs a statement that returns no rows.
func (tx *Tx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if tx.ended.Load() {
		return nil, errTxEnded
	}
	return tx.sql.ExecContext(tx.statement(ctx), query, args...)
}

// Queue runs a statement of which nothing is needed but that it succeeds. On PostgreSQL it is sent along with the next
// statement or the commit, which saves a round trip, and its error is theirs. The values must not be changed afterwards.
func (tx *Tx) Queue(ctx context.Context, query string, args ...any) error {
	if tx.Dialect() == Postgres {
		ctx = context.WithValue(ctx, queueKey{}, true)
	}
	_, err := tx.ExecContext(ctx, query, args...)
	return err
}

// QueryContext runs a statement that returns rows, and sees the changes of its own transaction.
func (tx *Tx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if tx.ended.Load() {
		return nil, errTxEnded
	}
	return tx.sql.QueryContext(tx.statement(ctx), query, args...)
}

// QueryRowContext runs a statement that returns at most one row, and sees the changes of its own transaction.
func (tx *Tx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if tx.ended.Load() {
		return rowError(ctx, errTxEnded)
	}
	return tx.sql.QueryRowContext(tx.statement(ctx), query, args...)
}

// statement returns the context for one statement. On SQLite it does not end: interrupting a statement that writes rolls
// the whole transaction back, and would take the neighbours in the group along.
func (tx *Tx) statement(ctx context.Context) context.Context {
	if tx.Dialect() == SQLite {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

// Savepoint runs fn so that its changes alone are undone when it returns an error or panics; the transaction goes on
// either way. It returns fn's error, and lets a panic pass. On PostgreSQL keep them below 64 per transaction: beyond that
// they slow every reader down.
func (tx *Tx) Savepoint(ctx context.Context, fn func(ctx context.Context) error) (err error) {
	name := "s" + strconv.Itoa(tx.depth)
	if _, err := tx.ExecContext(ctx, "SAVEPOINT "+name); err != nil {
		return err
	}
	tx.depth++
	hooks, undo := len(tx.onCommit), true
	defer func() { // also on a panic, and when fn ends its goroutine
		tx.depth--
		if undo {
			tx.onCommit = tx.onCommit[:hooks]
			err = errors.Join(err, tx.rollbackTo(ctx, name))
		}
	}()
	if err := fn(ctx); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "RELEASE SAVEPOINT "+name); err != nil {
		return err
	}
	undo = false
	return nil
}

// errRehearsed undoes a rehearsal.
var errRehearsed = errors.New("rehearsed")

// Rehearse runs fn in a savepoint that is undone in any case, and returns fn's error.
func (tx *Tx) Rehearse(ctx context.Context, fn func(ctx context.Context) error) error {
	succeeded := false
	err := tx.Savepoint(ctx, func(ctx context.Context) error {
		if err := fn(ctx); err != nil {
			return err
		}
		succeeded = true
		return errRehearsed
	})
	if succeeded && tx.broken == nil {
		return nil
	}
	return err
}

// rollbackTo undoes what was done since the savepoint. Failing at that means that the transaction itself is gone.
func (tx *Tx) rollbackTo(ctx context.Context, name string) error {
	ctx = context.WithoutCancel(ctx)
	for _, statement := range []string{"ROLLBACK TO SAVEPOINT ", "RELEASE SAVEPOINT "} {
		if _, err := tx.sql.ExecContext(ctx, statement+name); err != nil {
			tx.broken = err
			return err
		}
	}
	return nil
}

// run calls the function of the Write and its hooks, and turns a panic into a PanicError.
func (tx *Tx) run(ctx context.Context) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &PanicError{Value: value, Stack: debug.Stack()}
		}
	}()
	ctx = context.WithValue(ctx, txKey{}, tx)
	err = tx.fn(ctx, tx)
	for _, h := range tx.hooks {
		if err == nil {
			err = h.fn(ctx, tx)
		}
	}
	return err
}

type txKey struct{}

// inWrite reports whether ctx is that of a Write that is still open. A context kept beyond its Write is harmless.
func inWrite(ctx context.Context) bool { return openTx(ctx) != nil }

func openTx(ctx context.Context) *Tx {
	tx, _ := ctx.Value(txKey{}).(*Tx)
	if tx == nil || tx.ended.Load() {
		return nil
	}
	return tx
}

// Within returns the transaction of the Write whose context ctx is, or else db: for who reads and cannot be handed the transaction.
// Writes that each take a second connection to read could all wait for one. It is for the goroutine of the Write alone.
func (db *DB) Within(ctx context.Context) Querier {
	if tx := openTx(ctx); tx != nil && tx.db == db {
		return tx
	}
	return db
}
