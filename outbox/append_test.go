package outbox_test

import (
	"database/sql"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// What is no transaction is refused, and never panics.
func TestAppendWithoutTransaction(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		log := outbox.New(outbox.Config{DB: db})
		e := callboard.EpisodeCreated.New(t.Context(), callboard.Resource{Type: "episode", ID: callboard.NewID()}, callboard.EpisodeData{Title: "Pilot"})
		for name, tx := range map[string]outbox.Tx{
			"nil": nil, "a nil sql.Tx": (*sql.Tx)(nil), "a nil pgx.Tx": sqldb.Pgx(nil), "a connection": (*sql.Conn)(nil), "a pool": (*sql.DB)(nil),
		} {
			if err := log.Append(t.Context(), tx, e); callboard.CodeOf(err) != callboard.CodeInvalid {
				t.Errorf("%s: %v", name, err)
			}
		}
	}, outbox.Migrations())
}
