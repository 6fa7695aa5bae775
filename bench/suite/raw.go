package suite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"callboard/bench/process"
)

// writeRaw measures on SQLite what a program could do that has the database to itself: many rows in one statement, into a table
// of a file of its own, with all indexes of the log and the same durability. The rows are those that the server has just written.
func (s *Suite) writeRaw(ctx context.Context, c *contender) (err error) {
	source, err := process.Open(c.Database)
	if err != nil {
		return err
	}
	defer source.Close()
	var schema string
	err = source.QueryRowContext(ctx, `SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_master
		WHERE tbl_name = 'activity' AND sql NOT NULL ORDER BY type DESC)`).Scan(&schema)
	if err != nil {
		return fmt.Errorf("read the schema of the log: %w", err)
	}
	columns, args, err := entriesOf(ctx, source)
	if err != nil {
		return fmt.Errorf("read the log: %w", err)
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
		return fmt.Errorf("make a raw log: %w", err)
	}
	row := "(?" + strings.Repeat(",?", len(columns)-1) + ")"
	insert, err := db.PrepareContext(ctx, `INSERT INTO activity VALUES `+row+strings.Repeat(","+row, len(args)/len(columns)-1))
	if err != nil {
		return fmt.Errorf("make a raw log: %w", err)
	}
	defer insert.Close()
	rows, began, length := 0, time.Now(), s.millis(2000, 700)
	for time.Since(began) < length {
		for i := 0; i < len(args); i += len(columns) {
			rows++
			args[i+slices.Index(columns, "pos")], args[i+slices.Index(columns, "event_id")] = rows, uuid.NewString()
		}
		if _, err := insert.ExecContext(ctx, args...); err != nil {
			return fmt.Errorf("write a raw log: %w", err)
		}
	}
	c.group.Add(rawInsert, acknowledged, float64(rows)/time.Since(began).Seconds())
	return nil
}

// entriesOf returns the columns of the log, and the values of as many rows as one call of the API writes.
func entriesOf(ctx context.Context, db *sql.DB) (columns []string, values []any, err error) {
	rows, err := db.QueryContext(ctx, `SELECT * FROM activity WHERE action = 'imported_take' LIMIT $1`, bulkEntries)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	if columns, err = rows.Columns(); err != nil {
		return nil, nil, err
	}
	for rows.Next() {
		row := make([]any, 2*len(columns)) // values, and pointers to them
		for i := range columns {
			row[len(columns)+i] = &row[i]
		}
		if err := rows.Scan(row[len(columns):]...); err != nil {
			return nil, nil, err
		}
		values = append(values, row[:len(columns)]...)
	}
	return columns, values, rows.Err()
}
