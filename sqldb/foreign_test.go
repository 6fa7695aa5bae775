package sqldb_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// ownTx is a transaction of an application, of a type that nobody here knows.
type ownTx struct{ *sql.Tx }

func (t *ownTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return t.Tx.ExecContext(ctx, query, args...)
}

// What is no transaction is told, whatever its type, before anything is called.
func TestCheckExecer(t *testing.T) {
	t.Parallel()
	for name, tx := range map[string]sqldb.Execer{
		"nil": nil, "a nil Tx": (*sqldb.Tx)(nil), "a nil sql.Tx": (*sql.Tx)(nil), "pgx without one": sqldb.Pgx(nil),
		"a nil transaction of a pgx pool": sqldb.Pgx((*pgxpool.Tx)(nil)), "a nil one of a type of its own": (*ownTx)(nil),
	} {
		if err := sqldb.CheckExecer(tx); callboard.CodeOf(err) != callboard.CodeInvalid || !strings.Contains(err.Error(), "nil") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, tx := range map[string]sqldb.Execer{"a pool": &sql.DB{}, "a connection": &sql.Conn{}} {
		if err := sqldb.CheckExecer(tx); callboard.CodeOf(err) != callboard.CodeInvalid || !strings.Contains(err.Error(), "pool") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := sqldb.CheckExecer(&ownTx{}); err != nil {
		t.Error(err)
	}
}
