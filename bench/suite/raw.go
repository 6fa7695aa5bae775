package suite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/google/uuid"

	"callboard/bench/process"
)

// rawLog inserts entries into a copy of the table of the log: one statement for many rows, prepared once, with all indexes and the
// same durability.
type rawLog struct {
	db      *sql.DB
	insert  *sql.Stmt
	columns []string
	rows    [][]any // entries of the server, of which copies are inserted
	drop    func()
	pos     int64
}

// openRaw copies the table, and bulkEntries of its rows, from the database of a server: on PostgreSQL within it, on SQLite into
// the file at path.
func openRaw(ctx context.Context, database, path string) (raw *rawLog, err error) {
	source, err := process.Open(database)
	if err != nil {
		return nil, err
	}
	raw = &rawLog{db: source}
	if err := raw.read(ctx); err != nil {
		return nil, errors.Join(err, source.Close())
	}
	if strings.HasPrefix(database, "postgres") {
		raw.drop = func() { _, _ = source.ExecContext(context.WithoutCancel(ctx), `DROP TABLE raw`) } // or the database is dropped
		_, err = source.ExecContext(ctx, `CREATE TABLE raw (LIKE activity INCLUDING ALL)`)
	} else {
		raw.drop = func() { os.Remove(path) }
		err = errors.Join(raw.copySchema(ctx, path), source.Close())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make a raw log: %w", err), raw.db.Close())
	}
	raw.db.SetMaxOpenConns(1)
	n, tuples := 0, make([]string, len(raw.rows))
	for i := range tuples {
		values := make([]string, len(raw.columns))
		for j := range values {
			n++
			values[j] = fmt.Sprintf("$%d", n)
		}
		tuples[i] = "(" + strings.Join(values, ",") + ")"
	}
	raw.insert, err = raw.db.PrepareContext(ctx, `INSERT INTO raw (`+strings.Join(raw.columns, ",")+`) VALUES `+strings.Join(tuples, ","))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make a raw log: %w", err), raw.db.Close())
	}
	return raw, nil
}

// read takes rows of the server's.
func (l *rawLog) read(ctx context.Context) error {
	rows, err := l.db.QueryContext(ctx, `SELECT * FROM activity WHERE action = 'imported_take' LIMIT $1`, bulkEntries)
	if err != nil {
		return fmt.Errorf("read the log: %w", err)
	}
	defer rows.Close()
	if l.columns, err = rows.Columns(); err != nil {
		return fmt.Errorf("read the log: %w", err)
	}
	for rows.Next() {
		row, into := make([]any, len(l.columns)), make([]any, len(l.columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("read the log: %w", err)
		}
		l.rows = append(l.rows, row)
	}
	return rows.Err()
}

// copySchema goes over to a SQLite file with the same table and indexes, which it opens as the server does.
func (l *rawLog) copySchema(ctx context.Context, path string) error {
	var schema string
	err := l.db.QueryRowContext(ctx, `SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_master
		WHERE tbl_name = 'activity' AND sql NOT NULL ORDER BY type DESC)`).Scan(&schema)
	if err != nil {
		return err
	}
	source := url.URL{Scheme: "file", Path: path, RawQuery: url.Values{"_txlock": {"immediate"}, "_pragma": {
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "temp_store(MEMORY)", "cache_size(-16000)",
	}}.Encode()}
	if l.db, err = sql.Open("sqlite", source.String()); err != nil {
		return err
	}
	_, err = l.db.ExecContext(ctx, schema+`; ALTER TABLE activity RENAME TO raw`)
	return err
}

// write inserts one copy of the rows, with positions and IDs of their own, in a transaction.
func (l *rawLog) write(ctx context.Context) error {
	pos, id := slices.Index(l.columns, "pos"), slices.Index(l.columns, "event_id")
	args := make([]any, 0, len(l.rows)*len(l.columns))
	for _, row := range l.rows {
		l.pos++
		event, err := uuid.NewV7()
		if err != nil {
			return fmt.Errorf("make an ID: %w", err)
		}
		row[pos], row[id] = l.pos, event.String()
		args = append(args, row...)
	}
	if _, err := l.insert.ExecContext(ctx, args...); err != nil {
		return fmt.Errorf("write the raw log: %w", err)
	}
	return nil
}

func (l *rawLog) close() error {
	l.drop()
	return errors.Join(l.insert.Close(), l.db.Close())
}
