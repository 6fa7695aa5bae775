package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/callboard/callboard"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// retryAfter is when a caller may try again after the database was not available.
const retryAfter = time.Second

// Messages for people. The cause is for the log.
const (
	msgFull        = "the database has no room left; try again later"
	msgIO          = "the database cannot read or write its files; try again later"
	msgMemory      = "the database is out of memory; try again later"
	msgBusy        = "the database is busy; try again"
	msgReadOnly    = "the database takes no changes at the moment; try again later"
	msgConnection  = "the database cannot be reached; try again later"
	msgConnections = "the database has too many connections; try again later"
	msgClosed      = "the database is closed"
	msgUndone      = "the change was undone because the database failed; try again"
)

var (
	errNested  = errors.New("sqldb: Write inside a Write: use the transaction that is open")
	errTxEnded = errors.New("sqldb: the transaction has ended")
	errPrepare = errors.New("sqldb: connections keep their statements prepared by themselves")
	errGoexit  = errors.New("sqldb: the goroutine ended inside its Write")
)

// PanicError is what Write returns when its function panicked. The change was rolled back. It does not unwrap: a panic is
// a defect, whatever its value is.
type PanicError struct {
	Value any
	Stack []byte // of the goroutine that panicked
}

// Error names the value of the panic, for logs.
func (e *PanicError) Error() string { return fmt.Sprintf("panic inside a database write: %v", e.Value) }

// MapError returns err as Write and the Query methods return it: a *callboard.Error with CodeUnavailable when it is the
// environment's fault, and else err itself. It is for errors that surface later, in Rows.Err and Row.Scan.
func MapError(err error) error { return mapError(context.Background(), err) }

// mapError leaves the end of ctx alone: it is the caller's own doing, whatever a driver makes of it.
func mapError(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if _, done := errors.AsType[*callboard.Error](err); done {
		return err
	}
	if ctxErr := ctx.Err(); ctxErr != nil && errors.Is(err, ctxErr) {
		return err
	}
	if _, panicked := errors.AsType[*PanicError](err); panicked {
		return err
	}
	if message := environmentFault(err); message != "" {
		return unavailable(message, err)
	}
	return err
}

func unavailable(message string, cause error) error {
	return &callboard.Error{Code: callboard.CodeUnavailable, Message: message, RetryAfter: retryAfter, Err: cause}
}

func errClosed() error { return unavailable(msgClosed, nil) }

// environmentFault returns the message for an error that is not the caller's doing, and "" for one that is.
func environmentFault(err error) string {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return sqliteFault(e.Code())
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		if message := postgresFault(e.Code); message != "" {
			return message // else it may still be why a connection was refused
		}
	}
	if _, ok := errors.AsType[*rolledBackError](err); ok {
		return msgUndone
	}
	if connectionLost(err) {
		return msgConnection
	}
	if strings.Contains(err.Error(), "sql: database is closed") { // database/sql does not export it
		return msgClosed
	}
	return ""
}

// sqliteFault classifies by the primary result code, the lowest byte: https://www.sqlite.org/rescode.html.
func sqliteFault(code int) string {
	switch code & 0xff {
	case sqlite3.SQLITE_FULL:
		return msgFull
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN:
		return msgIO
	case sqlite3.SQLITE_NOMEM:
		return msgMemory
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL:
		return msgBusy
	case sqlite3.SQLITE_READONLY:
		return msgReadOnly
	}
	return ""
}

// postgresFault classifies by SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html.
func postgresFault(state string) string {
	switch state {
	case "53100":
		return msgFull
	case "53200":
		return msgMemory
	case "53300":
		return msgConnections
	case "58030":
		return msgIO
	case "40001", "40P01", "55P03", "57014", "25P03": // also what took longer than the session's time limits
		return msgBusy
	case "25006":
		return msgReadOnly
	}
	switch {
	case strings.HasPrefix(state, "08"), strings.HasPrefix(state, "57P"):
		return msgConnection
	case strings.HasPrefix(state, "53"):
		return msgMemory
	}
	return ""
}

func connectionLost(err error) bool {
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[*net.OpError](err); ok {
		return true
	}
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}

// IsUniqueViolation reports whether err comes from a row that clashes with another in a unique index or primary key.
func IsUniqueViolation(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == "23505"
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
}

// rowError returns a row whose Scan gives err. A *sql.Row cannot be made by hand, so it is asked of a pool that cannot
// connect and says err instead; that is how QueryRowContext returns mapped errors.
func rowError(ctx context.Context, err error) *sql.Row {
	pool := sql.OpenDB(rowErrors{})
	defer pool.Close()
	return pool.QueryRowContext(context.WithValue(context.WithoutCancel(ctx), rowErrorKey{}, err), "")
}

type (
	rowErrors   struct{}
	rowErrorKey struct{}
)

// Connect implements driver.Connector: it always fails.
func (rowErrors) Connect(ctx context.Context) (driver.Conn, error) {
	err, _ := ctx.Value(rowErrorKey{}).(error)
	return nil, err
}

// Driver implements driver.Connector.
func (rowErrors) Driver() driver.Driver { return nil }
