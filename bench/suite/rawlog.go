package suite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// rawLog writes entries of the log straight into its table: what a program could do that has the database to itself. It
// has all indexes, the same durability, and statements that are prepared once.
type rawLog struct {
	db     *sql.DB
	insert *sql.Stmt
	words  *sql.Stmt // nil: none are written
	user   string
	pos    int64
}

func openRawLog(ctx context.Context, path, user string, words bool) (log *rawLog, err error) {
	source := url.URL{Scheme: "file", Path: path, RawQuery: url.Values{"_txlock": {"immediate"}, "_pragma": {
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "temp_store(MEMORY)", "journal_size_limit(67108864)",
		"cache_size(-16000)",
	}}.Encode()}
	db, err := sql.Open("sqlite", source.String())
	if err != nil {
		return nil, fmt.Errorf("open the raw log: %w", err)
	}
	db.SetMaxOpenConns(1)
	log = &rawLog{db: db, user: user}
	if log.insert, err = db.PrepareContext(ctx, insertText("activity", 13)); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if words {
		if log.words, err = db.PrepareContext(ctx, insertText("activity_words (rowid, words)", 2)); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	return log, nil
}

func (l *rawLog) close(err *error) { *err = errors.Join(*err, l.db.Close()) }

// insertText writes an INSERT of bulkEntries rows.
func insertText(table string, columns int) string {
	row := "(" + strings.Repeat("?,", columns-1) + "?)"
	return "INSERT INTO " + table + " VALUES " + strings.Repeat(row+",", bulkEntries-1) + row
}

// fill writes batches, each in a transaction of its own, and returns rows per second.
func (l *rawLog) fill(ctx context.Context, length time.Duration) (float64, error) {
	batch, rows := bulkBatch(), 0
	start := time.Now()
	for time.Since(start) < length {
		if err := l.write(ctx, batch); err != nil {
			return 0, fmt.Errorf("write the raw log: %w", err)
		}
		rows += len(batch)
	}
	return float64(rows) / time.Since(start).Seconds(), nil
}

func (l *rawLog) write(ctx context.Context, batch []bulkEntry) error {
	rows, words, err := l.values(batch)
	if err != nil {
		return err
	}
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // of no effect after the commit
	if err := within(ctx, tx, l.insert, rows); err != nil {
		return err
	}
	if l.words != nil {
		if err := within(ctx, tx, l.words, words); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// within runs a prepared statement in a transaction.
func within(ctx context.Context, tx *sql.Tx, prepared *sql.Stmt, args []any) (err error) {
	statement := tx.StmtContext(ctx, prepared)
	defer func() { err = errors.Join(err, statement.Close()) }()
	_, err = statement.ExecContext(ctx, args...)
	return err
}

// values returns the parameters for both statements.
func (l *rawLog) values(batch []bulkEntry) (rows, words []any, err error) {
	now := time.Now().UnixMicro()
	for _, e := range batch {
		id, err := uuid.NewV7()
		if err != nil {
			return nil, nil, fmt.Errorf("make an id: %w", err)
		}
		metadata, err := json.Marshal(e.Metadata)
		if err != nil {
			return nil, nil, fmt.Errorf("write metadata: %w", err)
		}
		l.pos++
		rows = append(rows, l.pos, id.String(), l.user, "edgar", e.Action, "application", e.ResourceType, e.ResourceID,
			e.ResourceName, string(metadata), "127.0.0.1", "", now)
		words = append(words, l.pos, "edgar "+e.ResourceName+" "+e.Action+" "+e.ResourceType)
	}
	return rows, words, nil
}
