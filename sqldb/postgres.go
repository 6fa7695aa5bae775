package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"callboard"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

const (
	defaultPostgresConns = 40 // commits that wait for the disk together share one flush
	minPostgresConns     = 4  // the leader and a migration pin one each
	connectTimeout       = 10 * time.Second
	maxAttempts          = 4 // of a transaction: one, and three repeats
)

func (db *DB) openPostgres(ctx context.Context, cfg Config) error {
	config, err := pgx.ParseConfig(cfg.URL)
	if err != nil {
		// Without the cause: it may hold parts of the URL, and so of a password.
		return callboard.Errorf(callboard.CodeInvalid, "the database URL cannot be read; it must look like postgres://user@host:5432/name")
	}
	config.RuntimeParams["timezone"] = "UTC"
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "callboard"
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	conns := cfg.MaxConns
	if conns <= 0 {
		conns = defaultPostgresConns
	}
	conns = max(conns, minPostgresConns)
	db.postgres = config
	pool := sql.OpenDB(postgresConnector{stdlib.GetConnector(*config)})
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	db.read, db.write = pool, pool
	return pool.PingContext(ctx)
}

// ListenerPool is a pool of one connection for a library that listens for the notices of PostgreSQL: the job queue.
type ListenerPool struct{ *pgxpool.Pool }

// NewListenerPool returns one; nothing is connected yet. Whoever asked for it closes it. On SQLite it is an error.
func (db *DB) NewListenerPool(ctx context.Context) (*ListenerPool, error) {
	if db.dialect != Postgres {
		return nil, errors.New("sqldb: SQLite sends no notices")
	}
	config, err := pgxpool.ParseConfig(db.postgres.ConnString())
	if err != nil {
		return nil, errors.New("sqldb: the database URL does not do for a listener") // the cause may hold a password
	}
	config.ConnConfig, config.MinConns, config.MaxConns = db.postgres.Copy(), 0, 1
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, mapError(ctx, err)
	}
	return &ListenerPool{pool}, nil
}

// beginner is a pool or a single connection.
type beginner interface {
	BeginTx(ctx context.Context, opts *sql.TxOptions) (*sql.Tx, error)
}

// commitPostgres runs fn in an ordinary transaction (READ COMMITTED) on conn, and again when PostgreSQL asks for it or
// ended the connection before the commit was sent.
func (db *DB) commitPostgres(ctx context.Context, conn beginner, fn writeFunc, participants participants) (*Tx, error) {
	for attempt := 1; ; attempt++ {
		tx := &Tx{db: db}
		err := tx.attempt(ctx, conn, fn, participants)
		if err == nil {
			return tx, nil
		}
		ended := !tx.committing && endedByServer(err)
		if attempt == maxAttempts || !ended && !asksForRepeat(err) || !pause(ctx, attempt) {
			return nil, mapError(ctx, err)
		}
		if ended { // and so perhaps all that wait in the pool
			ctx = context.WithValue(ctx, provenKey{}, true)
		}
		db.logger.DebugContext(ctx, "transaction is tried again", "attempt", attempt, "error", err)
	}
}

func (tx *Tx) attempt(ctx context.Context, conn beginner, fn writeFunc, participants participants) (err error) {
	tx.sql, err = conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { // also when fn ends its goroutine
		tx.ended.Store(true)
		_ = tx.sql.Rollback() // after a commit this does nothing
	}()
	if err := tx.run(ctx, fn, participants); err != nil {
		return err
	}
	if tx.broken != nil {
		return tx.broken
	}
	tx.committing = true
	return tx.sql.Commit()
}

// asksForRepeat reports whether err is a serialization failure or a deadlock.
func asksForRepeat(err error) bool { return hasState(err, "40001", "40P01") }

// endedByServer reports whether err is PostgreSQL's last word on a connection that it closes: an operator, a restart, or
// having waited for too long.
func endedByServer(err error) bool { return hasState(err, "57P01", "57P05") }

// hasState reports whether PostgreSQL says one of the states, https://www.postgresql.org/docs/current/errcodes-appendix.html.
// A panic with such an error is a defect of the function, whatever its value is.
func hasState(err error, states ...string) bool {
	if _, panicked := errors.AsType[*PanicError](err); panicked {
		return false
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && slices.Contains(states, e.Code)
}

// pause waits a little, longer each time and never the same, so that two who clashed do not clash again. It reports
// false when ctx ended.
func pause(ctx context.Context, attempt int) bool {
	base := time.Duration(attempt) * 5 * time.Millisecond
	timer := time.NewTimer(base + rand.N(base))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// Pinned is one connection to PostgreSQL, kept until Close. What a session holds, such as an advisory lock, holds for
// its transactions: when the connection is lost, so is the lock, and nothing commits on it any more.
type Pinned struct {
	db   *DB
	conn *sql.Conn
}

// Pin takes one connection out of the pool. On SQLite it is an error: there the process is the only writer.
func (db *DB) Pin(ctx context.Context) (*Pinned, error) {
	if db.dialect != Postgres {
		return nil, errors.New("sqldb: only PostgreSQL connections can be pinned")
	}
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return nil, mapError(ctx, err)
	}
	return &Pinned{db: db, conn: conn}, nil
}

// SQL returns the connection. It is for one goroutine at a time.
func (p *Pinned) SQL() *sql.Conn { return p.conn }

// Write is DB.Write on this connection.
func (p *Pinned) Write(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	return write(ctx, func(participants participants) (*Tx, error) {
		return p.db.commitPostgres(ctx, p.conn, fn, participants)
	})
}

// Close ends the session, so that its locks are gone for certain, rather than returning it to the pool.
func (p *Pinned) Close() error {
	_ = p.conn.Raw(func(any) error { return driver.ErrBadConn }) // has database/sql close it for good
	if err := p.conn.Close(); !errors.Is(err, sql.ErrConnDone) {
		return err
	}
	return nil
}
