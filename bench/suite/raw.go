package suite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/callboard/callboard/bench/process"
)

// writeRaw measures on SQLite what a program could do that has the database to itself: many rows in one statement, into a table
// of a file of its own, with all indexes of the log and the same durability.
func (s *Suite) writeRaw(ctx context.Context, c *contender) (err error) {
	source, err := process.Open(c.Database)
	if err != nil {
		return err
	}
	defer source.Close()
	var schema, names string
	err = source.QueryRowContext(ctx, `SELECT group_concat(sql, ';'), (SELECT group_concat(name) FROM pragma_table_info('callboard_activity'))
		FROM (SELECT sql FROM sqlite_master WHERE tbl_name = 'callboard_activity' AND sql NOT NULL ORDER BY type DESC)`).Scan(&schema, &names)
	if err != nil {
		return fmt.Errorf("read the schema of the log: %w", err)
	}
	path := filepath.Join(s.Folder, "raw.db")
	defer os.Remove(path)
	file := url.URL{Scheme: "file", Path: path, RawQuery: url.Values{"_pragma": {
		"journal_mode(WAL)", "synchronous(FULL)", "temp_store(MEMORY)", "cache_size(-16000)",
	}}.Encode()}
	db, err := sql.Open("sqlite", file.String())
	if err != nil {
		return fmt.Errorf("open a raw log: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	if _, err = db.ExecContext(ctx, schema); err != nil {
		return err
	}
	columns := strings.Split(names, ",")
	row := "(?" + strings.Repeat(",?", len(columns)-1) + ")"
	insert, err := db.PrepareContext(ctx, `INSERT INTO callboard_activity VALUES `+row+strings.Repeat(","+row, bulkEntries-1))
	if err != nil {
		return fmt.Errorf("make a raw log: %w", err)
	}
	defer func() { err = errors.Join(err, insert.Close()) }()
	rows, began, length := 0, time.Now(), s.millis(2000, 700)
	for time.Since(began) < length {
		var args []any
		for range bulkEntries {
			rows++
			entry := map[string]any{
				"pos": rows, "event_id": uuid.NewString(), "user_id": uuid.Nil.String(), "user_name": "edgar", "action": "imported_take",
				"source": "application", "resource_type": "take", "resource_id": fmt.Sprintf("take-%06d", rows%bulkEntries),
				"resource_name": "Scene 12, take 3", "metadata": `{"seconds":42}`, "created_at": began.UnixMicro(),
			}
			for _, name := range columns { // those that are not named here are empty
				args = append(args, cmp.Or(entry[name], any("")))
			}
		}
		if _, err := insert.ExecContext(ctx, args...); err != nil {
			return fmt.Errorf("write a raw log: %w", err)
		}
	}
	c.group.Add(rawInsert, acknowledged, float64(rows)/time.Since(began).Seconds())
	return nil
}
