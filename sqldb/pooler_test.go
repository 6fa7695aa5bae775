package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"io"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/callboard/callboard"
)

// pooler is a driver whose sessions tell which backend serves them.
type pooler struct {
	sessions bool // each connection has one of its own
	made     atomic.Int64
}

func (p *pooler) Connect(context.Context) (driver.Conn, error) {
	c := &pooled{pid: 7}
	if n := p.made.Add(1); p.sessions {
		c.pid += n
	}
	return c, nil
}
func (p *pooler) Driver() driver.Driver { return nil }

type pooled struct {
	driver.Conn
	pid  int64
	read bool
}

func (c *pooled) CheckNamedValue(*driver.NamedValue) error { return nil }
func (c *pooled) QueryContext(context.Context, string, []driver.NamedValue) (driver.Rows, error) {
	return c, nil
}
func (c *pooled) Columns() []string { return []string{"pg_backend_pid"} }
func (c *pooled) Close() error      { return nil }
func (c *pooled) Next(row []driver.Value) error {
	if c.read {
		return io.EOF
	}
	row[0], c.read = c.pid, true
	return nil
}

// A pooler that gives one backend to two connections loses prepared statements, locks and notices; it is refused before that.
func TestPoolerThatKeepsNoSessions(t *testing.T) {
	t.Parallel()
	config, err := pgx.ParseConfig("postgres://ada:secret@pooler:6432/board")
	if err != nil {
		t.Fatal(err)
	}
	for _, sessions := range []bool{true, false} {
		pool := sql.OpenDB(&pooler{sessions: sessions})
		err := keepsSessions(t.Context(), pool, config)
		if (err == nil) != sessions || err != nil && callboard.CodeOf(err) != callboard.CodeInvalid {
			t.Errorf("sessions are kept: %v; found: %v", sessions, err)
		}
		_ = pool.Close()
	}
}
