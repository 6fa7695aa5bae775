package systemtest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/notification"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// When PostgreSQL drops all connections of the server, several times in the middle of its work, requests fail for a
// moment with a reason, or succeed; everything goes on by itself and is complete.
func TestPostgresConnectionsLost(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Kind: sqldbtest.Postgres, Config: withoutLimit})
	operator := connectAs(t, s.Config.DatabaseURL, "operator")
	socket := s.Dial(s.Users.Viewer.Token)
	work := startLoad(t, &s.Site, 6)
	for range size(3, 10) {
		work.awaitMore(40)
		dropConnections(t, operator)
	}
	work.awaitMore(40)
	work.stop()
	verify(t, &s.Site, s.DB, work.acked)

	heard := map[string]int{}
	for {
		m := hear(t, socket, notification.EventNotification)
		heard[m.Resource.ID]++
		if m.Pos == lastPublished(t, s.DB) {
			break
		}
	}
	if len(heard) == 0 {
		t.Error("the viewer heard of nothing")
	}
}

// connectAs opens the database under a name of its own, by which PostgreSQL tells it from the server.
func connectAs(t *testing.T, url, name string) *sqldb.DB {
	t.Helper()
	db, err := sqldb.Open(t.Context(), sqldb.Config{URL: url + "&application_name=" + name, MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// dropConnections ends every connection of the server, the leader's too.
func dropConnections(t *testing.T, operator *sqldb.DB) {
	t.Helper()
	dropped := sqldbtest.Column[bool](t, operator, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND application_name = 'callboard'`)
	if len(dropped) == 0 {
		t.Error("the server had no connection")
	}
}

// lastPublished returns the position of the last event that notified the viewer.
func lastPublished(t *testing.T, db *sqldb.DB) int64 {
	t.Helper()
	return sqldbtest.Column[int64](t, db, `SELECT coalesce(max(pos), 0) FROM callboard_outbox WHERE name = 'episode_published'`)[0]
}

// A server whose database is away says so, and takes up its work when it is back.
func TestPostgresRefusesConnections(t *testing.T) {
	needLong(t)
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Kind: sqldbtest.Postgres, Config: withoutLimit})
	operator := connectAs(t, serverURL(t, s.Config.DatabaseURL), "operator")
	name := sqldbtest.Column[string](t, s.DB, `SELECT current_database()`)[0]
	work := startLoad(t, &s.Site, 4)
	work.awaitMore(20)
	allowConnections(t, operator, name, false)
	apptest.Eventually(t, "the server says that it cannot serve", func() error {
		if ready, status := s.Ready(); status != http.StatusServiceUnavailable || ready.Status != "unavailable" {
			return fmt.Errorf("answer %d: %+v", status, ready)
		}
		return nil
	})
	checkUnavailable(t, s.Do(http.MethodGet, episodesPath, s.Users.Viewer.Token, nil))
	checkUnavailable(t, s.Do(http.MethodPost, episodesPath, s.Users.Editor.Token, map[string]any{"title": "Away"}))
	work.awaitRefusals()
	allowConnections(t, operator, name, true)
	work.awaitMore(20)
	work.stop()
	verify(t, &s.Site, s.DB, work.acked)
}

func allowConnections(t *testing.T, operator *sqldb.DB, database string, allow bool) {
	t.Helper()
	err := operator.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, fmt.Sprintf("ALTER DATABASE %s ALLOW_CONNECTIONS %t", database, allow))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if !allow {
		sqldbtest.Column[bool](t, operator, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '`+database+`'`)
	}
}

// serverURL returns the URL of the maintenance database on the server of another one.
func serverURL(t *testing.T, database string) string {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/postgres"
	return u.String()
}
