package sqldb

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Limits of the statement cache of one connection. Longer texts are one-off bulk statements.
const (
	maxStatements    = 256
	maxStatementText = 16 << 10 // bytes
)

// sqliteConnector makes connections that keep their prepared statements, that give tables the names they have in this database, and
// that notice when SQLite rolls a transaction back on its own.
type sqliteConnector struct {
	driver.Connector
	names naming
}

// innerConn is what connections of the driver implement.
type innerConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
	sqlite.HookRegisterer
}

// Connect implements driver.Connector.
func (c sqliteConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	inner, ok := conn.(innerConn)
	if !ok {
		return nil, errors.Join(errors.New("sqldb: unknown kind of SQLite connection"), conn.Close())
	}
	wrapped := &sqliteConn{innerConn: inner, names: c.names, statements: map[string]*statement{}}
	inner.RegisterRollbackHook(func() { wrapped.rolledBack = true })
	return wrapped, nil
}

// sqliteConn is used by one goroutine at a time, as database/sql promises.
type sqliteConn struct {
	innerConn
	names      naming
	statements map[string]*statement // by their text before the names are replaced
	inTx       bool
	rolledBack bool  // set by SQLite, inside a statement
	lost       error // why the transaction was rolled back under our feet
	unusable   bool  // better opened anew
}

// rolledBackError is the answer to every statement after SQLite has rolled the transaction back on its own. Without it those
// statements would each commit by themselves.
type rolledBackError struct{ cause error }

func (e *rolledBackError) Error() string {
	return "sqldb: SQLite has rolled back the transaction: " + e.cause.Error()
}

func (e *rolledBackError) Unwrap() error { return e.cause }

type statement struct {
	driver.Stmt
	busy bool // its rows are being read
}

// note looks at the outcome of a statement. An error such as SQLITE_FULL or SQLITE_IOERR may or may not have ended the
// transaction, see https://www.sqlite.org/lang_transaction.html; the hook knows.
func (c *sqliteConn) note(err error) error {
	if err == nil {
		return nil
	}
	if c.inTx && c.rolledBack && c.lost == nil {
		c.lost = &rolledBackError{cause: err}
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok && e.Code()&0xff == sqlite3.SQLITE_IOERR {
		c.unusable = true
	}
	return err
}

// prepared returns the kept statement for query, prepared if it must be, or nil for one that is better not kept.
func (c *sqliteConn) prepared(ctx context.Context, query string) (*statement, error) {
	if s := c.statements[query]; s != nil {
		if s.busy {
			return nil, nil //nolint:nilnil // the same query inside its own rows: it runs unprepared
		}
		return s, nil
	}
	if len(query) > maxStatementText {
		return nil, nil //nolint:nilnil // as above
	}
	prepared, err := c.innerConn.PrepareContext(ctx, c.names.text(query))
	if err != nil {
		return nil, err
	}
	if len(c.statements) >= maxStatements {
		// Go's random order of maps is the policy: good enough for a program with a fixed set of queries.
		for query, s := range c.statements {
			if !s.busy {
				delete(c.statements, query)
				_ = s.Close() // repeats the error of its last run
				break
			}
		}
	}
	s := &statement{Stmt: prepared}
	c.statements[query] = s
	return s, nil
}

// ExecContext implements driver.ExecerContext.
func (c *sqliteConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if c.lost != nil {
		return nil, c.lost
	}
	s, err := c.prepared(ctx, query)
	if err != nil {
		return nil, c.note(err)
	}
	if s == nil {
		result, err := c.innerConn.ExecContext(ctx, c.names.text(query), args)
		return result, c.note(err)
	}
	result, err := s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
	return result, c.note(err)
}

// QueryContext implements driver.QueryerContext.
func (c *sqliteConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if c.lost != nil {
		return nil, c.lost
	}
	s, err := c.prepared(ctx, query)
	if err != nil {
		return nil, c.note(err)
	}
	if s == nil {
		rows, err := c.innerConn.QueryContext(ctx, c.names.text(query), args)
		return c.watch(rows, nil, err)
	}
	rows, err := s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
	return c.watch(rows, s, err)
}

func (c *sqliteConn) watch(rows driver.Rows, s *statement, err error) (driver.Rows, error) {
	if err != nil {
		return nil, c.note(err)
	}
	if s != nil {
		s.busy = true
	}
	return &sqliteRows{Rows: rows, conn: c, statement: s}, nil
}

// sqliteRows frees its statement when it is closed.
type sqliteRows struct {
	driver.Rows
	conn      *sqliteConn
	statement *statement
}

func (r *sqliteRows) Next(dest []driver.Value) error {
	err := r.Rows.Next(dest)
	if err != nil {
		_ = r.conn.note(err)
	}
	return err
}

func (r *sqliteRows) Close() error {
	if r.statement != nil {
		r.statement.busy = false
	}
	return r.conn.note(r.Rows.Close())
}

// PrepareContext implements driver.ConnPrepareContext. A statement prepared by hand would not see its transaction end.
func (c *sqliteConn) PrepareContext(context.Context, string) (driver.Stmt, error) {
	return nil, errPrepare
}

// CheckNamedValue implements driver.NamedValueChecker: JSON columns are TEXT, and bytes would be stored as a BLOB, which
// compares unequal to the same text and which the JSON functions take for something else.
func (c *sqliteConn) CheckNamedValue(v *driver.NamedValue) error {
	if raw, ok := v.Value.(json.RawMessage); ok && raw != nil {
		v.Value = string(raw)
		return nil
	}
	return driver.ErrSkip
}

// BeginTx implements driver.ConnBeginTx.
func (c *sqliteConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	tx, err := c.innerConn.BeginTx(ctx, opts)
	if err != nil {
		return nil, c.note(err)
	}
	c.inTx, c.rolledBack, c.lost = true, false, nil
	return &sqliteTx{Tx: tx, conn: c}, nil
}

type sqliteTx struct {
	driver.Tx
	conn *sqliteConn
}

func (tx *sqliteTx) Commit() error {
	lost := tx.conn.endTx()
	if lost != nil {
		return lost
	}
	return tx.conn.note(tx.Tx.Commit())
}

func (tx *sqliteTx) Rollback() error {
	if tx.conn.endTx() != nil {
		return nil // there is nothing left to roll back
	}
	return tx.conn.note(tx.Tx.Rollback())
}

func (c *sqliteConn) endTx() error {
	lost := c.lost
	c.inTx, c.lost = false, nil
	return lost
}

// IsValid implements driver.Validator.
func (c *sqliteConn) IsValid() bool { return !c.unusable && c.innerConn.IsValid() }

// Close implements driver.Conn.
func (c *sqliteConn) Close() error {
	for _, s := range c.statements {
		_ = s.Close() // repeats the error of its last run
	}
	return c.innerConn.Close()
}
