package activity

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// Entry is one line of the log.
type Entry struct {
	Pos       int64 // of its event
	EventID   string
	UserID    string // who did it; callboard.SystemID for Callboard itself
	UserName  string // as it was then
	Action    string
	Source    Source             // whose word it is that this happened
	Resource  callboard.Resource // Name as it was then
	Metadata  json.RawMessage    // a JSON object; "changes" holds old and new values
	IP        string             // empty for all but admins
	UserAgent string             // empty for all but admins
	CreatedAt time.Time
}

// private reports whether the entry is only for the user that it is about, and admins.
func (s *Service) private(e Entry) bool {
	return e.Source == FromCallboard && !s.cfg.Log.Registry().PublicAction(e.Action)
}

// Source says whose word an entry is: an application may log whatever it likes, also an action that Callboard has.
type Source string

// The sources.
const (
	FromCallboard   Source = "callboard"   // it follows from an event of the catalog: it happened here
	FromApplication Source = "application" // logged over the API
)

func entryColumns() []string {
	return []string{
		"pos", "event_id", "user_id", "user_name", "action", "source", "resource_type", "resource_id", "resource_name",
		"created_at", "ip", "user_agent", "metadata",
	}
}

// columnsOfA returns entryColumns of a table that a query calls a.
func columnsOfA() string { return "a." + strings.Join(entryColumns(), ", a.") }

func queryEntries(ctx context.Context, q sqldb.Querier, query string, args ...any) ([]Entry, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	return sqldb.Collect(rows, err, "read activity", scanEntry)
}

// scanEntry reads entryColumns.
func scanEntry(row sqldb.Scanner) (e Entry, err error) {
	var (
		metadata string
		created  sqldb.Time
	)
	err = row.Scan(&e.Pos, &e.EventID, &e.UserID, &e.UserName, &e.Action, &e.Source, &e.Resource.Type, &e.Resource.ID,
		&e.Resource.Name, &created, &e.IP, &e.UserAgent, &metadata)
	e.Metadata, e.CreatedAt = json.RawMessage(metadata), created.Time
	return e, err
}

// What is inserted into callboard_activity_words is a segment of its own, and a search reads them all, so they are merged: a little with each
// insert, for by itself FTS5 does it in spurts of up to 100 ms, for which all wait who write.
const (
	mergeWords = `INSERT INTO callboard_activity_words (callboard_activity_words, rank) VALUES ('merge', $1)`
	mergePages = 48 // at most, of 4 kB each
)

// insertEntries writes entries with their words and counts.
func (s *Service) insertEntries(ctx context.Context, tx *sqldb.Tx, entries []Entry) error {
	rows, words := make([][]any, len(entries)), make([][]any, len(entries))
	for i, e := range entries {
		rows[i] = []any{
			e.Pos, e.EventID, e.UserID, e.UserName, e.Action, e.Source, e.Resource.Type, e.Resource.ID, e.Resource.Name,
			sqldb.Time{Time: e.CreatedAt}, e.IP, e.UserAgent, string(e.Metadata),
		}
		words[i] = []any{e.Pos, strings.Join(entryWords(e), " ")}
	}
	columns := entryColumns()
	if tx.Dialect() == sqldb.Postgres {
		columns = append(columns, "words")
		for i := range rows {
			rows[i] = append(rows[i], words[i][1])
		}
	}
	if err := sqldb.BulkInsert(ctx, tx, "callboard_activity", columns, rows, ""); err != nil {
		return err
	}
	if tx.Dialect() == sqldb.SQLite {
		for i, e := range entries {
			words[i][1] = words[i][1].(string) + " " + blockWord(e.Pos>>blockBits)
		}
		if err := sqldb.BulkInsert(ctx, tx, "callboard_activity_words", []string{"rowid", "words"}, words, ""); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, mergeWords, mergePages); err != nil {
			return fmt.Errorf("merge words of activity: %w", err)
		}
	}
	return s.insertCounts(ctx, tx, entries)
}
