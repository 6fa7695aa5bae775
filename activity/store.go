package activity

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"callboard"
	"callboard/sqldb"
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

// Source says whose word an entry is: an application may log whatever it likes, also an action that Callboard has.
type Source string

// The sources.
const (
	FromCallboard   Source = "callboard"   // the product's own: it happened here
	FromApplication Source = "application" // logged over the API
)

func entryColumns() []string {
	return []string{
		"pos", "event_id", "user_id", "user_name", "action", "source", "resource_type", "resource_id", "resource_name",
		"metadata", "ip", "user_agent", "created_at",
	}
}

func queryEntries(ctx context.Context, q sqldb.Querier, query string, args ...any) ([]Entry, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read activity: %w", err)
	}
	return scanEntries(rows)
}

func scanEntries(rows *sql.Rows) ([]Entry, error) {
	defer rows.Close()
	var entries []Entry
	for rows.Next() {
		var (
			e        Entry
			metadata string
			created  sqldb.Time
		)
		err := rows.Scan(&e.Pos, &e.EventID, &e.UserID, &e.UserName, &e.Action, &e.Source, &e.Resource.Type, &e.Resource.ID,
			&e.Resource.Name, &metadata, &e.IP, &e.UserAgent, &created)
		if err != nil {
			return nil, fmt.Errorf("read activity: %w", err)
		}
		e.Metadata, e.CreatedAt = json.RawMessage(metadata), created.Time
		entries = append(entries, e)
	}
	return entries, rows.Err()
}

// insertEntries writes entries, and all by which they are found and counted.
func (h *Handler) insertEntries(ctx context.Context, tx *sqldb.Tx, entries []Entry) error {
	rows := make([][]any, len(entries))
	for i, e := range entries {
		rows[i] = []any{
			e.Pos, e.EventID, e.UserID, e.UserName, e.Action, e.Source, e.Resource.Type, e.Resource.ID, e.Resource.Name,
			string(e.Metadata), e.IP, e.UserAgent, sqldb.Time{Time: e.CreatedAt},
		}
	}
	if err := sqldb.BulkInsert(ctx, tx, "activity", entryColumns(), rows, ""); err != nil {
		return fmt.Errorf("write activity: %w", err)
	}
	if err := h.addKinds(ctx, tx, entries); err != nil {
		return err
	}
	if err := addSpans(ctx, tx, entries); err != nil {
		return err
	}
	if err := h.insertWords(ctx, tx, entries); err != nil {
		return err
	}
	return count(ctx, tx, entries)
}

// kind is what may happen to a type of resource.
type kind struct{ resourceType, action string }

// addKinds writes those kinds of entries that may be new.
func (h *Handler) addKinds(ctx context.Context, tx *sqldb.Tx, entries []Entry) error {
	var fresh []kind
	var rows [][]any
	for _, e := range entries {
		k := kind{e.Resource.Type, e.Action}
		if !h.kinds.known[k] && !slices.Contains(fresh, k) {
			fresh, rows = append(fresh, k), append(rows, []any{k.resourceType, k.action})
		}
	}
	err := sqldb.BulkInsert(ctx, tx, "activity_kinds", []string{"resource_type", "action"}, rows, "ON CONFLICT DO NOTHING")
	if err != nil {
		return fmt.Errorf("write kinds of activity: %w", err)
	}
	tx.OnCommit(func() { h.kinds.remember(fresh) })
	return nil
}

func (h *Handler) insertWords(ctx context.Context, tx *sqldb.Tx, entries []Entry) error {
	rows := make([][]any, len(entries))
	lite := tx.Dialect() == sqldb.SQLite
	var all []string
	for i, e := range entries {
		words := entryWords(e)
		text := strings.Join(words, " ")
		if lite {
			text += " " + blockWord(blockOf(e.Pos))
		}
		rows[i] = []any{e.Pos, text}
		all = append(all, words...)
	}
	if err := sqldb.BulkInsert(ctx, tx, "activity_words", []string{wordsKey(tx.Dialect()), "words"}, rows, ""); err != nil {
		return fmt.Errorf("write words of activity: %w", err)
	}
	if !lite {
		return nil
	}
	return h.addVocabulary(ctx, tx, all)
}

// wordsKey returns the column of activity_words that holds the position.
func wordsKey(d sqldb.Dialect) string {
	if d == sqldb.SQLite {
		return "rowid"
	}
	return "pos"
}
