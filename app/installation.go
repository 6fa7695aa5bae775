package app

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// installation returns what tells this installation from others, and when it was last backed up.
func installation(ctx context.Context, q sqldb.Querier) (id string, backedUp time.Time, err error) {
	var at sqldb.Time
	if err := q.QueryRowContext(ctx, `SELECT id, backed_up_at FROM callboard_installation`).Scan(&id, &at); err != nil {
		return "", time.Time{}, fmt.Errorf("read the ID of the installation: %w", err)
	}
	return id, at.Time, nil
}

// NoteBackup notes that the database has been backed up just now, by whatever means: doctor tells how long ago that was.
func NoteBackup(ctx context.Context, db *sqldb.DB) error {
	if err := checkSchema(ctx, db); err != nil {
		return err
	}
	return db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE callboard_installation SET backed_up_at = $1`, sqldb.Time{Time: callboard.Now()})
		return err
	})
}

// nodeGone is how long a server may say nothing of itself before it is taken to have ended.
const nodeGone = 5 * probeEvery

// node is what a server says of itself.
type node struct {
	name, version, url, logKey string
	otherSecrets               int           // nodes that it knows to have another JWT_SECRET
	ahead                      time.Duration // of its clock, of that of the database
}

// databaseNow returns the clock of the database as an expression, in microseconds. On SQLite that is the clock of this machine.
func databaseNow(q sqldb.Querier) string {
	if q.Dialect() == sqldb.Postgres {
		return `CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)`
	}
	return strconv.FormatInt(time.Now().UnixMicro(), 10)
}

// noteNode says what this server is.
func (a *App) noteNode(ctx context.Context, tx *sqldb.Tx) error {
	url := ""
	if at := a.url.Load(); at != nil {
		url = *at
	}
	now := databaseNow(tx)
	_, err := tx.ExecContext(ctx, `INSERT INTO callboard_nodes (id, name, version, url, log_key, other_secrets, clock, seen_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, `+now+`) ON CONFLICT (id) DO UPDATE SET
		url = excluded.url, other_secrets = excluded.other_secrets, clock = excluded.clock, seen_at = excluded.seen_at`,
		a.Realtime.NodeID(), a.cfg.nodeName(), a.cfg.Version, url, a.logKey, a.secrets.different(), sqldb.Time{Time: time.Now()})
	return err
}

// forgetNode says that this server has ended, and drops what others left that could not.
func (a *App) forgetNode(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, canaryTimeout)
	defer cancel()
	err := a.DB.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM callboard_nodes WHERE id = $1 OR seen_at < $2`,
			a.Realtime.NodeID(), sqldb.Time{Time: time.Now().Add(-time.Hour)})
		return err
	})
	if err != nil {
		a.log.Debug("that this node has ended could not be noted", "error", err) // it shows by its silence
	}
}

// liveNodes returns what the servers on the database say of themselves.
func liveNodes(ctx context.Context, db *sqldb.DB) ([]node, error) {
	now := databaseNow(db)
	rows, err := db.QueryContext(ctx, `SELECT name, version, url, log_key, other_secrets, clock - seen_at FROM callboard_nodes
		WHERE seen_at > `+now+` - $1 ORDER BY name, id`, nodeGone.Microseconds())
	return sqldb.Collect(rows, err, "read the nodes", func(row sqldb.Scanner) (n node, err error) {
		var ahead int64
		err = row.Scan(&n.name, &n.version, &n.url, &n.logKey, &n.otherSecrets, &ahead)
		n.ahead = time.Duration(ahead) * time.Microsecond
		return n, err
	})
}
