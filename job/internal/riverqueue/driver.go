package riverqueue

import (
	"database/sql"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"github.com/callboard/callboard/sqldb"
)

// driver is a driver of River's with a promptListener and a turnExecutor.
type driver struct {
	riverdriver.Driver[*sql.Tx]
	queue    *Queue
	rarely   bool
	channels string // what the names of channels begin with; see sqldb
}

// driver returns River's view of the database.
func (q *Queue) driver() riverdriver.Driver[*sql.Tx] {
	db := q.cfg.DB
	if db.Dialect() == sqldb.SQLite {
		return driver{Driver: riversqlite.New(db.SQL()), queue: q, rarely: true}
	}
	d := driver{Driver: riverdatabasesql.NewWithPgxListener(db.SQL(), q.listener), queue: q}
	if db.Schema() == "" {
		d.channels = db.TablePrefix()
	}
	return d
}

// GetListener implements riverdriver.Driver.
func (d driver) GetListener(params *riverdriver.GetListenenerParams) riverdriver.Listener {
	return &promptListener{d.Driver.GetListener(params), d.queue.notices, d.rarely, d.channels}
}

// GetExecutor implements riverdriver.Driver.
func (d driver) GetExecutor() riverdriver.Executor {
	return turnExecutor{d.Driver.GetExecutor(), d.queue}
}
