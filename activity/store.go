package activity

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

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

// Filter narrows a list of entries. Zero fields do not filter.
type Filter struct {
	UserID   string
	Action   string
	Resource callboard.Resource // Type alone, or Type and ID
	Since    time.Time          // inclusive
	Until    time.Time          // exclusive
}

func entryColumns() []string {
	return []string{
		"pos", "event_id", "user_id", "user_name", "action", "source", "resource_type", "resource_id", "resource_name",
		"metadata", "ip", "user_agent", "created_at",
	}
}

// selectEntries returns the newest entries that pass f, from before the given position; 0 means from the newest.
func selectEntries(ctx context.Context, q sqldb.Querier, f Filter, before int64, limit int) ([]Entry, error) {
	var w sqldb.Where
	f.conditions(&w)
	if before > 0 {
		w.And("pos < ?", before)
	}
	query := `SELECT ` + strings.Join(entryColumns(), ", ") + ` FROM activity` + w.SQL() + ` ORDER BY pos DESC LIMIT ` + w.Arg(limit)
	return queryEntries(ctx, q, query, w.Args()...)
}

func queryEntries(ctx context.Context, q sqldb.Querier, query string, args ...any) ([]Entry, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read activity: %w", err)
	}
	return scanEntries(rows)
}

func (f Filter) conditions(w *sqldb.Where) {
	if f.UserID != "" {
		w.And("user_id = ?", f.UserID)
	}
	if f.Action != "" {
		w.And("action = ?", f.Action)
	}
	if f.Resource.Type != "" {
		w.And("resource_type = ?", f.Resource.Type)
	}
	if f.Resource.ID != "" {
		w.And("resource_id = ?", f.Resource.ID)
	}
	if !f.Since.IsZero() {
		w.And("created_at >= ?", sqldb.Time{Time: f.Since})
	}
	if !f.Until.IsZero() {
		w.And("created_at < ?", sqldb.Time{Time: f.Until})
	}
}

// selectFound returns the newest entries in which all words begin one, from before the given position. Full text is the one
// place where the two databases must be asked differently. Words are letters and digits only, so nothing in them is an
// operator of either query language.
//
// A word may occur in every entry, or in none of millions, and neither may be slow.
func selectFound(ctx context.Context, q sqldb.Querier, words []string, before int64, limit int) ([]Entry, error) {
	if q.Dialect() == sqldb.SQLite {
		match, err := matchText(ctx, q, words)
		if err != nil || match == "" {
			return nil, err
		}
		// The full text is walked from its newest end, and only as far as needed.
		return queryEntries(ctx, q, `SELECT `+strings.Join(entryColumns(), ", ")+`
			FROM activity_words CROSS JOIN activity ON activity.pos = activity_words.rowid
			WHERE activity_words MATCH $1 AND activity_words.rowid < $2 ORDER BY activity_words.rowid DESC LIMIT $3`,
			match, before, limit)
	}
	query := postgresQuery(words)
	entries, err := queryEntries(ctx, q, foundIn(`SELECT pos, words FROM activity_words
		WHERE pos < $2 ORDER BY pos DESC LIMIT `+strconv.Itoa(recentEntries), `WHERE `+matches), query, before, limit)
	if err != nil || len(entries) == limit {
		return entries, err
	}
	return queryEntries(ctx, q, foundIn(`SELECT pos FROM activity_words WHERE `+matches, `WHERE pos < $2`), query, before, limit)
}

func postgresQuery(words []string) string {
	terms := make([]string, len(words))
	for i, w := range words {
		terms[i] = w
		if utf8.RuneCountInString(w) >= minPrefix {
			terms[i] += ":*"
		}
	}
	return strings.Join(terms, " & ")
}

// recentEntries is how many entries are read through on PostgreSQL, before its index is asked. The index finds all entries
// with a word or none, so it is for words that are rare.
const recentEntries = 5000

const matches = `to_tsvector('simple', words) @@ to_tsquery('simple', $1)`

// foundIn returns the query for the newest entries of a set of positions. MATERIALIZED and the inner limit keep the
// planner, which cannot know how frequent a word is, from walking the whole log for a rare one.
func foundIn(set, where string) string {
	return `WITH found AS MATERIALIZED (` + set + `)
		SELECT ` + strings.Join(entryColumns(), ", ") + ` FROM activity
		WHERE pos IN (SELECT pos FROM found ` + where + ` ORDER BY pos DESC LIMIT $3) ORDER BY pos DESC`
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

// insertEntries writes entries, their words and the daily counts.
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
	if err := h.insertWords(ctx, tx, entries); err != nil {
		return err
	}
	return addDaily(ctx, tx, entries)
}

func (h *Handler) insertWords(ctx context.Context, tx *sqldb.Tx, entries []Entry) error {
	rows := make([][]any, len(entries))
	var all []string
	for i, e := range entries {
		words := entryWords(e)
		rows[i] = []any{e.Pos, strings.Join(words, " ")}
		all = append(all, words...)
	}
	if err := sqldb.BulkInsert(ctx, tx, "activity_words", []string{wordsKey(tx.Dialect()), "words"}, rows, ""); err != nil {
		return fmt.Errorf("write words of activity: %w", err)
	}
	if tx.Dialect() != sqldb.SQLite {
		return nil
	}
	return h.vocabulary.add(ctx, tx, all)
}

// wordsKey returns the column of activity_words that holds the position.
func wordsKey(d sqldb.Dialect) string {
	if d == sqldb.SQLite {
		return "rowid"
	}
	return "pos"
}

// dayOf returns the day of t in UTC, in days since 1970-01-01.
func dayOf(t time.Time) int64 { return t.UTC().Unix() / (24 * 60 * 60) }

func addDaily(ctx context.Context, tx *sqldb.Tx, entries []Entry) error {
	type key struct {
		day          int64
		user, action string
	}
	counts := map[key]int{}
	var order []key // the map's own order would lock rows in a different order each time
	for _, e := range entries {
		k := key{dayOf(e.CreatedAt), e.UserID, e.Action}
		if counts[k]++; counts[k] == 1 {
			order = append(order, k)
		}
	}
	rows := make([][]any, len(order))
	for i, k := range order {
		rows[i] = []any{k.day, k.user, k.action, counts[k]}
	}
	err := sqldb.BulkInsert(ctx, tx, "activity_daily", []string{"day", "user_id", "action", "entries"}, rows,
		`ON CONFLICT (day, user_id, action) DO UPDATE SET entries = activity_daily.entries + excluded.entries`)
	if err != nil {
		return fmt.Errorf("count activity: %w", err)
	}
	return nil
}
