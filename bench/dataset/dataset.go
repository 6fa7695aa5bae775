// Package dataset fills a database of Callboard with a log of millions of entries, and with inboxes, in a minute or two.
// Everything in it is made up, the same each time, and as the product itself would have written it.
package dataset

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	"golang.org/x/sync/errgroup"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// Options says how much there shall be.
type Options struct {
	Entries       int // of the activity log
	Notifications int // spread over all users
	Users         int // 0 means 1,000
}

const (
	defaultUsers = 1000
	keptEvents   = 5000 // the newest ones that are still in the outbox
)

// Filled tells what there is.
type Filled struct {
	Users     []User // the first is an admin, the next are editors, and most are viewers. Few do much, and first ones most
	Resources []Resource
}

// SQLite fills the database at path, which must be freshly migrated and which nobody may have open.
func SQLite(ctx context.Context, path string, o Options) (Filled, error) {
	if o.Users <= 0 {
		o.Users = defaultUsers
	}
	e := newEntries(o.Entries, o.Users, time.Now())
	words := path + ".words"
	defer os.Remove(words)
	if err := prepareWords(ctx, path, words); err != nil {
		return Filled{}, err
	}
	group, groupCtx := errgroup.WithContext(ctx) // the full text takes as long as all else
	group.Go(func() error {
		return alone(groupCtx, words, func(db *sql.Conn) error { return fillWords(groupCtx, db, e) })
	})
	group.Go(func() error { return fillTables(groupCtx, path, e, o) })
	if err := group.Wait(); err != nil {
		return Filled{}, fmt.Errorf("fill %s: %w", path, err)
	}
	err := alone(ctx, path, func(db *sql.Conn) error {
		if err := moveWords(ctx, db, words); err != nil {
			return err
		}
		return execute(ctx, db, `PRAGMA journal_mode = WAL`)
	})
	return Filled{Users: e.users, Resources: e.resources}, err
}

// prepareWords makes a database for the full text alone, with the tables that it has at path.
func prepareWords(ctx context.Context, path, words string) error {
	var creates []string
	err := alone(ctx, path, func(db *sql.Conn) (err error) {
		creates, err = texts(ctx, db, `SELECT sql FROM sqlite_master WHERE name = 'activity_words'`)
		return err
	})
	if err != nil {
		return err
	}
	return alone(ctx, words, func(db *sql.Conn) error { return execute(ctx, db, creates...) })
}

// fillTables fills all but the full text.
func fillTables(ctx context.Context, path string, e *entries, o Options) error {
	var schema activitySchema
	err := alone(ctx, path, func(db *sql.Conn) (err error) {
		if schema, err = readActivitySchema(ctx, db); err != nil {
			return err
		}
		if err := fillUsers(ctx, db, e.users, e.end); err != nil {
			return err
		}
		if err := fillOutbox(ctx, db, e); err != nil {
			return err
		}
		if err := fillVocabulary(ctx, db, e); err != nil {
			return err
		}
		return fillNotifications(ctx, db, e, o.Notifications)
	})
	if err != nil {
		return err
	}
	return writeLog(ctx, path, schema, e)
}

// alone runs fn on the only connection to a SQLite file, which is not safe from crashes meanwhile.
func alone(ctx context.Context, path string, fn func(*sql.Conn) error) (err error) {
	pool, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: path}).String())
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	db, err := pool.Conn(ctx)
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	defer db.Close()
	err = execute(ctx, db, `PRAGMA journal_mode = DELETE`, `PRAGMA journal_mode = OFF`, `PRAGMA synchronous = OFF`,
		`PRAGMA locking_mode = EXCLUSIVE`, `PRAGMA cache_size = -262144`, `PRAGMA temp_store = MEMORY`)
	if err != nil {
		return err
	}
	return fn(db)
}

func execute(ctx context.Context, db *sql.Conn, statements ...string) error {
	for _, s := range statements {
		if _, err := db.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
}
