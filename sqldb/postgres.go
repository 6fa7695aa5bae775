package sqldb

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/callboard/callboard"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

const (
	defaultPostgresConns = 40 // commits that wait for the disk together share one flush
	libraryConns         = 8  // of them for SQL and Dedicate; the leader, a node and a migration hold one each
	connectTimeout       = 10 * time.Second
	maxAttempts          = 4 // of a transaction: one, and three repeats
)

// How a dead peer is noticed, on both sides. A session lock whose holder has lost power is free after deadPeer, instead of
// the two hours of the system's default.
const (
	keepAliveIdle  = 6 * time.Second
	keepAliveEvery = 3 * time.Second
	keepAliveCount = 3
	deadPeer       = keepAliveIdle + keepAliveCount*keepAliveEvery
)

func (db *DB) openPostgres(ctx context.Context, cfg Config) error {
	config, err := pgx.ParseConfig(cfg.URL)
	if err != nil {
		// Without the cause: it may hold parts of the URL, and so of a password.
		return callboard.Errorf(callboard.CodeInvalid, "the database URL cannot be read; it must look like postgres://user@host:5432/name")
	}
	if config.Database == "" { // PostgreSQL would take the name of the user
		return callboard.Errorf(callboard.CodeInvalid, "the database URL names no database; it must look like postgres://user@host:5432/name")
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	dialer := net.Dialer{Control: setUserTimeout, KeepAliveConfig: net.KeepAliveConfig{
		Enable: true, Idle: keepAliveIdle, Interval: keepAliveEvery, Count: keepAliveCount,
	}}
	config.DialFunc = dialer.DialContext
	addSettings(config, map[string]string{
		"timezone": "UTC", "application_name": "callboard",
		"tcp_keepalives_idle": "6", "tcp_keepalives_interval": "3", "tcp_keepalives_count": "3", "tcp_user_timeout": "15000",
	})
	conns := cmp.Or(max(cfg.MaxConns, 0), defaultPostgresConns)
	db.postgres = config
	db.library = postgresPool(config, db.names, libraryConns)
	requests := config.Copy()
	// What runs through SQL and Dedicate has no bounds: migrations, the job queue, and the leader, whose own transactions may wait.
	addSettings(requests, map[string]string{
		"statement_timeout": "60000", "lock_timeout": "10000", "idle_in_transaction_session_timeout": "60000",
	})
	db.write = postgresPool(requests, db.names, max(conns-libraryConns, 2))
	db.read = db.write
	if err := db.write.PingContext(ctx); err != nil {
		return explainConnect(config, err)
	}
	return keepsSessions(ctx, db.write, config)
}

// keepsSessions refuses a pooler that gives one session of PostgreSQL to two connections in turn: prepared statements, locks and notices would
// get lost at any time. What cannot be found out is no reason to refuse.
func keepsSessions(ctx context.Context, pool *sql.DB, config *pgx.ConnConfig) error {
	var pids [2]int
	for i := range pids {
		conn, err := pool.Conn(ctx)
		if err != nil {
			return ctx.Err()
		}
		defer conn.Close()
		if err := conn.QueryRowContext(ctx, "SELECT pg_backend_pid()", pgx.QueryExecModeSimpleProtocol).Scan(&pids[i]); err != nil {
			return ctx.Err()
		}
	}
	if pids[0] == pids[1] {
		return callboard.Errorf(callboard.CodeInvalid, "%s is a pooler that does not keep sessions: have it do so (pool_mode=session in PgBouncer), or name PostgreSQL itself",
			describePostgres(config))
	}
	return nil
}

// describePostgres names a database without the password and the options of its URL.
func describePostgres(config *pgx.ConnConfig) string {
	host := net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port)))
	if strings.HasPrefix(config.Host, "/") { // a socket
		host = config.Host
	}
	return (&url.URL{Scheme: "postgres", User: url.User(config.User), Host: host, Path: "/" + config.Database}).String()
}

// explainConnect says what to do when the first connection fails.
func explainConnect(config *pgx.ConnConfig, err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	name := describePostgres(config)
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch e.Code {
		case "3D000":
			return callboard.Wrap(err, callboard.CodeNotFound, fmt.Sprintf(
				"there is no database %s; create it with: createdb -h %s -p %d -U %s %s", name, config.Host, config.Port, config.User, config.Database))
		case "53300":
			return unavailable("the server of "+name+" has no connection left: have it allow more (max_connections), or each node take fewer (DATABASE_MAX_CONNS)", err)
		case "08P01": // of PgBouncer
			return callboard.Wrap(err, callboard.CodeInvalid, "the server of "+name+" refuses settings of the session ("+e.Message+
				"): a pooler has to pass them on or to ignore them, as PgBouncer does with those in ignore_startup_parameters")
		case "28P01", "28000":
			return callboard.Wrap(err, callboard.CodeInvalid, "the server of "+name+" refuses this user or password")
		}
		return err
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return unavailable("the server of "+name+" cannot be reached; it must be running, and accept connections from here", err)
	}
	return err
}

// addSettings adds what the URL does not set itself.
func addSettings(config *pgx.ConnConfig, settings map[string]string) {
	for name, value := range settings {
		_, given := config.RuntimeParams[name]
		if !given && !strings.Contains(config.RuntimeParams["options"], name) {
			config.RuntimeParams[name] = value
		}
	}
}

func postgresPool(config *pgx.ConnConfig, names naming, conns int) *sql.DB {
	pool := sql.OpenDB(batchConnector{stdlib.GetConnector(*config, stdlib.OptionShouldPing(shouldPing)), names})
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	return pool
}

// shouldPing has database/sql take another connection for one that was ended while it waited in the pool, as a restart of
// PostgreSQL does with all.
func shouldPing(_ context.Context, p stdlib.ShouldPingParams) bool {
	return p.IdleDuration > time.Second || !quiet(p.Conn.PgConn().Conn())
}

// ListenerPool is a pool of one connection for a library that listens for the notices of PostgreSQL: the job queue.
type ListenerPool = pgxpool.Pool

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
	return pool, mapError(ctx, err)
}

// beginner is a pool or a single connection.
type beginner interface {
	BeginTx(ctx context.Context, opts *sql.TxOptions) (*sql.Tx, error)
}

// commitPostgres runs tx as an ordinary transaction (READ COMMITTED) on conn, and again when PostgreSQL asks for it. It
// returns the attempt that was committed, or the last one.
func (tx *Tx) commitPostgres(ctx context.Context, conn beginner) (*Tx, error) {
	for attempt := 1; ; attempt++ {
		err := tx.attempt(ctx, conn)
		if err == nil {
			return tx, nil
		}
		if attempt == maxAttempts || !asksForRepeat(err) {
			return tx, mapError(ctx, err)
		}
		// Longer each time and never the same, so that two who clashed do not clash again.
		pause := time.Duration(attempt) * 5 * time.Millisecond
		if Wait(ctx, pause+rand.N(pause)); ctx.Err() != nil {
			return tx, mapError(ctx, err)
		}
		tx.db.logger.DebugContext(ctx, "transaction is tried again", "attempt", attempt, "error", err)
		tx = &Tx{db: tx.db, fn: tx.fn, hooks: tx.hooks, onEnd: tx.onEnd}
	}
}

func (tx *Tx) attempt(ctx context.Context, conn beginner) (err error) {
	tx.sql, err = conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { // also when fn ends its goroutine
		tx.ended.Store(true)
		_ = tx.sql.Rollback() // after a commit this does nothing
	}()
	if err := tx.run(ctx); err != nil {
		return err
	}
	if tx.broken != nil {
		return tx.broken
	}
	return tx.sql.Commit()
}

// asksForRepeat reports whether err is a serialization failure or a deadlock,
// https://www.postgresql.org/docs/current/errcodes-appendix.html. A panic with such an error is a defect, whatever its value is.
func asksForRepeat(err error) bool {
	if _, panicked := errors.AsType[*PanicError](err); panicked {
		return false
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && slices.Contains([]string{"40001", "40P01"}, e.Code)
}

// DedicatedConn is one connection to PostgreSQL, kept until Close. What a session holds, such as an advisory lock, holds for
// its transactions: when the connection is lost, so is the lock, and nothing commits on it any more.
type DedicatedConn struct {
	db   *DB
	conn *sql.Conn
}

// Dedicate takes one connection out of the pool of SQL. On SQLite it is an error: there the process is the only writer.
func (db *DB) Dedicate(ctx context.Context) (*DedicatedConn, error) {
	if db.dialect != Postgres {
		return nil, errors.New("sqldb: only PostgreSQL has dedicated connections")
	}
	conn, err := db.library.Conn(ctx)
	if err != nil {
		return nil, mapError(ctx, err)
	}
	return &DedicatedConn{db: db, conn: conn}, nil
}

// SQL returns the connection. It is for one goroutine at a time.
func (p *DedicatedConn) SQL() *sql.Conn { return p.conn }

// Write is DB.Write on this connection.
func (p *DedicatedConn) Write(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	return p.db.writeOn(ctx, p.conn, fn)
}

// Close ends the session, so that its locks are gone for certain, rather than returning it to the pool.
func (p *DedicatedConn) Close() error {
	_ = p.conn.Raw(func(any) error { return driver.ErrBadConn }) // has database/sql close it for good
	if err := p.conn.Close(); !errors.Is(err, sql.ErrConnDone) {
		return err
	}
	return nil
}
