package sqldb_test

import (
	"context"
	"crypto/tls"
	"database/sql"
	"errors"
	"net"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// fillPool leaves several connections in the pool that were used a moment ago, which no ping is due for.
func fillPool(t *testing.T, db *sqldb.DB) {
	t.Helper()
	for range 2 {
		var all []*sql.Conn
		for range 5 {
			conn, err := db.Reader().Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, conn)
		}
		for _, conn := range all {
			if err := conn.Close(); err != nil { // back into the pool
				t.Fatal(err)
			}
		}
	}
}

// A restart of PostgreSQL ends all connections that wait in the pool, a crash cuts them. Nobody who comes next is to notice.
func TestConnectionsEndedInThePool(t *testing.T) {
	t.Parallel()
	target := sqldbtest.URL(t, sqldbtest.Postgres)
	operator := sqldbtest.OpenURL(t, target, notes())
	proxy := sqldbtest.StartProxy(t, target)
	db := sqldbtest.OpenURL(t, proxy.URL, notes())
	ctx := t.Context()
	ends := map[string]func(){
		"terminate": func() {
			terminateOthers(t, operator)
			eventually(t, proxy.Idle) // the farewell of each has come through
		},
		"crash": func() {
			proxy.Cut()
			eventually(t, proxy.Idle) // they are closed once nobody reads them any more
		},
	}
	uses := map[string]func() error{
		"query": func() error { return db.Ping(ctx) },
		"write": func() error {
			return db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error { return insert(ctx, tx, "a") })
		},
		"write in one round trip": func() error {
			return db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
				return sqldb.QueueInsert(ctx, tx, "notes", []string{"author"}, [][]any{{"a"}}, "")
			})
		},
		"write that reads first": func() error {
			return db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
				if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM notes").Scan(new(int)); err != nil {
					return err
				}
				return insert(ctx, tx, "a")
			})
		},
	}
	for end, endAll := range ends {
		for name, use := range uses {
			fillPool(t, db)
			endAll()
			for range 6 { // one for each, and one more
				if err := use(); err != nil {
					t.Errorf("%s after %s: %v", name, end, err)
				}
			}
		}
	}
	if got := len(authors(t, db)); got != 36 {
		t.Errorf("%d notes were written, want 36", got)
	}
}

func terminateOthers(t *testing.T, operator *sqldb.DB) {
	t.Helper()
	eventually(t, func() bool {
		var left int
		err := operator.QueryRowContext(t.Context(), `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
			WHERE datname = current_database() AND application_name = 'proxied'`).Scan(&left)
		return err == nil && left == 0
	})
}

// What a session is set to on PostgreSQL, by kind of connection. What the URL says wins.
func TestSessionSettings(t *testing.T) {
	t.Parallel()
	target := sqldbtest.URL(t, sqldbtest.Postgres)
	keepalive := map[string]string{
		"tcp_keepalives_idle": "6", "tcp_keepalives_interval": "3", "tcp_keepalives_count": "3", "tcp_user_timeout": "15000", "TimeZone": "UTC",
	}
	for name, test := range map[string]struct {
		query    string
		requests map[string]string
		others   map[string]string
	}{
		"defaults": {
			requests: map[string]string{"statement_timeout": "1min", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "1min"},
			others:   map[string]string{"statement_timeout": "0", "lock_timeout": "0", "idle_in_transaction_session_timeout": "0"},
		},
		"of the URL": {
			query:    "&statement_timeout=7000&tcp_keepalives_idle=30",
			requests: map[string]string{"statement_timeout": "7s", "lock_timeout": "10s", "tcp_keepalives_idle": "30"},
			others:   map[string]string{"statement_timeout": "7s", "lock_timeout": "0", "tcp_keepalives_idle": "30"},
		},
		"of its options": {
			query:    "&options=" + "-c%20lock_timeout%3D3s%20-c%20tcp_user_timeout%3D9s",
			requests: map[string]string{"lock_timeout": "3s", "tcp_user_timeout": "9000", "statement_timeout": "1min"},
			others:   map[string]string{"lock_timeout": "3s", "tcp_user_timeout": "9000", "statement_timeout": "0"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := sqldbtest.OpenURL(t, target+test.query)
			pinned := pin(t, db)
			defer pinned.Close()
			listener, err := db.NewListenerPool(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer listener.Close()
			show := func(query func(setting string) interface{ Scan(...any) error }, settings map[string]string) {
				t.Helper()
				want, got := map[string]string{}, map[string]string{}
				for _, m := range []map[string]string{keepalive, settings} {
					for setting, value := range m {
						var is string
						if err := query("SHOW " + setting).Scan(&is); err != nil {
							t.Fatal(err)
						}
						want[setting], got[setting] = value, is
					}
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("settings (-want +got):\n%s", diff)
				}
			}
			ctx := t.Context()
			show(func(q string) interface{ Scan(...any) error } { return db.QueryRowContext(ctx, q) }, test.requests)
			show(func(q string) interface{ Scan(...any) error } { return db.SQL().QueryRowContext(ctx, q) }, test.others)
			show(func(q string) interface{ Scan(...any) error } { return pinned.SQL().QueryRowContext(ctx, q) }, test.others)
			show(func(q string) interface{ Scan(...any) error } { return listener.QueryRow(ctx, q) }, test.others)
			checkSocket(t, pinned)
		})
	}
}

// checkSocket asserts the client's half of noticing a dead peer.
func checkSocket(t *testing.T, pinned *sqldb.DedicatedConn) {
	t.Helper()
	got := map[string]int{}
	err := pinned.SQL().Raw(func(conn any) error {
		socket := sqldb.Socket(conn)
		if secure, ok := socket.(*tls.Conn); ok {
			socket = secure.NetConn()
		}
		raw, err := socket.(*net.TCPConn).SyscallConn()
		if err != nil {
			return err
		}
		return raw.Control(func(fd uintptr) {
			for name, option := range map[string][2]int{
				"keepalive": {unix.SOL_SOCKET, unix.SO_KEEPALIVE}, "idle": {unix.IPPROTO_TCP, unix.TCP_KEEPIDLE},
				"interval": {unix.IPPROTO_TCP, unix.TCP_KEEPINTVL}, "count": {unix.IPPROTO_TCP, unix.TCP_KEEPCNT},
				"user timeout": {unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT},
			} {
				got[name], _ = unix.GetsockoptInt(int(fd), option[0], option[1])
			}
		})
	})
	want := map[string]int{"keepalive": 1, "idle": 6, "interval": 3, "count": 3, "user timeout": 15000}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v, socket options (-want +got):\n%s", err, diff)
	}
}

// A request that waits for a lock is told to come again, and the leader goes on waiting.
func TestLockTimeout(t *testing.T) {
	t.Parallel()
	target := sqldbtest.URL(t, sqldbtest.Postgres)
	holder := sqldbtest.OpenURL(t, target, notes())
	db := sqldbtest.OpenURL(t, target+"&lock_timeout=50")
	err := holder.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		if _, err := tx.ExecContext(ctx, "LOCK TABLE notes IN ACCESS EXCLUSIVE MODE"); err != nil {
			return err
		}
		blocked := db.Write(context.WithoutCancel(t.Context()), func(ctx context.Context, tx *sqldb.Tx) error { return insert(ctx, tx, "late") })
		if callboard.CodeOf(blocked) != callboard.CodeUnavailable {
			return errors.Join(errors.New("the write was not refused"), blocked)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	write(t, db, "next")
}
