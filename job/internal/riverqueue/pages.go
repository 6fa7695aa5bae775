package riverqueue

import (
	"database/sql"
	"net/http"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"riverqueue.com/riverui"

	"github.com/callboard/callboard/sqldb"
)

// pages are River's own, which show the queue. They count rows all the time, which on SQLite must not keep the only connection
// that writes: what reads has a client of its own.
type pages struct{ reads, writes *riverui.Handler }

func (q *Queue) newPages() (*pages, error) {
	handler := func(client *river.Client[*sql.Tx]) (*riverui.Handler, error) {
		return riverui.NewHandler(&riverui.HandlerOpts{
			Endpoints: riverui.NewEndpoints(client, nil), Logger: q.cfg.Logger, Prefix: q.cfg.Prefix,
		})
	}
	writes, err := handler(q.client)
	if err != nil || q.cfg.DB.Dialect() == sqldb.Postgres {
		return &pages{writes, writes}, err
	}
	client, err := river.NewClient(riversqlite.New(q.cfg.DB.Reader()), &river.Config{Logger: q.cfg.Logger})
	if err != nil {
		return nil, err
	}
	reads, err := handler(client)
	return &pages{reads, writes}, err
}

// ServeHTTP implements http.Handler.
func (q *Queue) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		q.pages.reads.ServeHTTP(w, r)
		return
	}
	q.pages.writes.ServeHTTP(w, r)
}
