package process

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite"
)

// MakeDatabase makes an empty PostgreSQL database and returns its URL.
func MakeDatabase(ctx context.Context, adminURL, name string) (databaseURL string, err error) {
	u, err := url.Parse(adminURL)
	if err != nil {
		return "", fmt.Errorf("parse the URL of PostgreSQL: %w", err)
	}
	u.Path = "/" + name
	if err := DropDatabase(ctx, adminURL, name); err != nil {
		return "", err
	}
	return u.String(), execute(ctx, adminURL, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize())
}

// DropDatabase drops it, if it is there.
func DropDatabase(ctx context.Context, adminURL, name string) error {
	return execute(context.WithoutCancel(ctx), adminURL, "DROP DATABASE IF EXISTS "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)")
}

func execute(ctx context.Context, databaseURL, statement string) error {
	db, err := Open(databaseURL)
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

// Open opens the database of a server for reading beside it: a PostgreSQL URL or the path of a SQLite file.
func Open(database string) (*sql.DB, error) {
	driver, source := "pgx", database
	if !strings.HasPrefix(database, "postgres") {
		file := url.URL{Scheme: "file", Path: database, RawQuery: "mode=ro&_pragma=busy_timeout(10000)"}
		driver, source = "sqlite", file.String()
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", database, err)
	}
	return db, nil
}

// RowsByID runs a query for an ID and a number, and returns the number by ID. Its tables are called callboard_…, whatever the
// server calls them.
func RowsByID(ctx context.Context, database, query string, args ...any) (map[string]int, error) {
	db, err := Open(database)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	prefix, err := tablePrefix(ctx, db, database)
	if err != nil {
		return nil, err
	}
	query = strings.ReplaceAll(query, "callboard_", prefix)
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", query, err)
	}
	defer rows.Close()
	counts := map[string]int{}
	for rows.Next() {
		var (
			id string
			n  int
		)
		if err := rows.Scan(&id, &n); err != nil {
			return nil, fmt.Errorf("%s: %w", query, err)
		}
		counts[id] = n
	}
	return counts, rows.Err()
}

// tablePrefix returns what the names of the tables begin with: those of Express, and of a Callboard of old, with nothing.
func tablePrefix(ctx context.Context, db *sql.DB, database string) (prefix string, err error) {
	query := `SELECT coalesce((SELECT 'callboard_' FROM sqlite_master WHERE name = 'callboard_outbox'), '')`
	if strings.HasPrefix(database, "postgres") {
		query = `SELECT CASE WHEN to_regclass('callboard.outbox') IS NOT NULL THEN 'callboard.'
			WHEN to_regclass('callboard_outbox') IS NOT NULL THEN 'callboard_' ELSE '' END`
	}
	if err := db.QueryRowContext(ctx, query).Scan(&prefix); err != nil {
		return "", fmt.Errorf("look how the tables are called: %w", err)
	}
	return prefix, nil
}

// Count counts the rows of a table, to which conditions may be added.
func Count(ctx context.Context, database, table string, args ...any) (int64, error) {
	counts, err := RowsByID(ctx, database, `SELECT '', count(*) FROM `+table, args...)
	return int64(counts[""]), err
}
