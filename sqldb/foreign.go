package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/callboard/callboard"
)

// Execer is a transaction that rows are added to: a *Tx, a *sql.Tx that somebody else opened and commits, or what Pgx makes of a pgx.Tx.
type Execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// PgxTx is a transaction of pgx as an Execer.
type PgxTx struct{ tx pgx.Tx }

// Pgx returns tx as an Execer.
func Pgx(tx pgx.Tx) PgxTx { return PgxTx{tx} }

// ExecContext implements Execer.
func (p PgxTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	tag, err := p.tx.Exec(ctx, query, args...)
	return driver.RowsAffected(tag.RowsAffected()), err
}

// ErrOtherDatabase is what InsertForeign returns for a transaction on another database.
var ErrOtherDatabase = errors.New("the transaction is on another database than Callboard's")

// InsertForeign inserts rows, each with a value for every one of columns, as part of a transaction that an application opened
// on this same database, and that CheckExecer takes. A transaction on another one is ErrOtherDatabase: nothing is inserted. table, columns
// and suffix, such as an ON CONFLICT that keeps every row in the count, are SQL text and must not come from outside.
func (db *DB) InsertForeign(ctx context.Context, tx Execer, table string, columns []string, rows [][]any, suffix string) error {
	identity, err := db.identity(ctx)
	if err != nil {
		return err
	}
	perStatement := min(maxBulkRows, (maxBulkParams-len(identity))/len(columns))
	for len(rows) > 0 {
		chunk := rows[:min(len(rows), perStatement)]
		rows = rows[len(chunk):]
		query, args := db.foreignInsert(table, columns, chunk, identity)
		result, err := tx.ExecContext(ctx, query+" "+suffix, args...)
		if err != nil {
			return db.foreignError(ctx, err)
		}
		if n, err := result.RowsAffected(); err != nil || n != int64(len(chunk)) {
			return errors.Join(ErrOtherDatabase, err)
		}
	}
	return nil
}

// foreignError explains what a statement in a transaction of the application failed with. One that cannot even be read there was for
// a database with these tables, or of the other kind.
func (db *DB) foreignError(ctx context.Context, err error) error {
	what := "insert in a transaction of the application, which must be on " + db.String()
	mapped := mapError(ctx, err)
	if unreadable(err) {
		return fmt.Errorf("%s: %w: %w", what, ErrOtherDatabase, err)
	}
	sqliteErr, onSQLite := errors.AsType[*sqlite.Error](err)
	switch {
	case stateOf(err) == readOnlyTx:
		what += "; is it read-only?"
	case onSQLite && sqliteErr.Code()&0xff == sqlite3.SQLITE_BUSY:
		what += "; its pool needs _pragma=busy_timeout(10000) and _txlock=immediate to wait for other writers"
	}
	return fmt.Errorf("%s: %w", what, mapped)
}

// unreadable reports whether a database could not make sense of a statement: it lacks the tables, or speaks another SQL.
func unreadable(err error) bool {
	switch stateOf(err) {
	case "42P01", "3F000", "42601", "42703", "42883": // no such table, schema, syntax, column, function
		return true
	}
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && e.Code() == sqlite3.SQLITE_ERROR
}

// stateOf returns the SQLSTATE of an error of PostgreSQL, by whichever driver, or "".
func stateOf(err error) string {
	if e, ok := errors.AsType[interface {
		error
		SQLState() string
	}](err); ok {
		return e.SQLState()
	}
	return ""
}

// CheckExecer returns CodeInvalid for what is no transaction: a pool, a connection, or nil, be it of a type.
func CheckExecer(tx Execer) error {
	var inner any = tx
	switch tx := tx.(type) {
	case *sql.DB, *sql.Conn:
		return callboard.Errorf(callboard.CodeInvalid, "it takes a transaction, and not a pool or a connection")
	case PgxTx:
		inner = tx.tx
	}
	if v := reflect.ValueOf(inner); !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		return callboard.Errorf(callboard.CodeInvalid, "it takes a transaction, and got nil")
	}
	return nil
}

// foreignInsert writes an INSERT that does nothing in another database. The types tell PostgreSQL what the parameters are, which
// it cannot know of values that are selected.
func (db *DB) foreignInsert(table string, columns []string, rows [][]any, identity []any) (string, []any) {
	var b strings.Builder
	args := make([]any, 0, len(rows)*len(columns)+len(identity))
	arg := func(value any) {
		if t, ok := value.(Time); ok {
			value = t.UnixMicro() // a driver of the application need not know the type
		}
		args = append(args, value)
		if db.dialect == SQLite {
			b.WriteByte('?') // see bulkText
		} else {
			b.WriteString("$" + strconv.Itoa(len(args)) + "::" + postgresType(value))
		}
	}
	b.WriteString("INSERT INTO " + db.Qualify(table) + " (" + strings.Join(columns, ", ") + ") SELECT * FROM (VALUES ")
	for i, row := range rows {
		for j, value := range row {
			switch {
			case j > 0:
				b.WriteString(", ")
			case i > 0:
				b.WriteString("), (")
			default:
				b.WriteString("(")
			}
			arg(value)
		}
	}
	b.WriteString(")) AS foreign_rows WHERE ")
	if db.dialect == SQLite {
		b.WriteString("(SELECT file FROM pragma_database_list WHERE name = 'main') = ")
		arg(identity[0])
	} else {
		b.WriteString("current_database() = ")
		arg(identity[0])
	}
	if len(identity) > 1 {
		b.WriteString(" AND (SELECT system_identifier FROM pg_control_system()) = ")
		arg(identity[1])
	}
	return b.String(), args
}

func postgresType(value any) string {
	switch value.(type) {
	case bool:
		return "boolean"
	case int64:
		return "bigint"
	}
	return "text"
}

// identity returns what tells the database from all others: the path of the SQLite file, as SQLite itself writes it; the name of a
// PostgreSQL database, and the number that its server was given when it was set up, unless this user may not see it.
func (db *DB) identity(ctx context.Context) ([]any, error) {
	if known := db.known.Load(); known != nil {
		return *known, nil
	}
	query := `SELECT current_database()`
	if db.dialect == SQLite {
		query = `SELECT file FROM pragma_database_list WHERE name = 'main'`
	}
	var name string
	if err := db.QueryRowContext(ctx, query).Scan(&name); err != nil {
		return nil, fmt.Errorf("identify the database: %w", err)
	}
	identity := []any{name}
	if db.dialect == Postgres {
		var system int64
		err := db.QueryRowContext(ctx, `SELECT system_identifier FROM pg_control_system()`).Scan(&system)
		if denied, ok := errors.AsType[*pgconn.PgError](err); err != nil && (!ok || denied.Code != permissionDenied) {
			return nil, fmt.Errorf("identify the server of the database: %w", err)
		}
		if err == nil {
			identity = append(identity, system)
		}
	}
	db.known.Store(&identity)
	return identity, nil
}

// Codes of PostgreSQL.
const (
	permissionDenied = "42501"
	readOnlyTx       = "25006"
)
