package outbox_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// application is one that opened the database by itself, with a table of its own.
type application struct {
	db  *sqldb.DB
	url string
	// begin opens a transaction of the application; end commits it, or rolls it back.
	begin func(ctx context.Context) (tx outbox.Tx, end func(commit bool) error, err error)
}

// forEachApplication runs a test with every way in which an application may open the database.
func forEachApplication(t *testing.T, test func(t *testing.T, a application)) {
	t.Helper()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		openers := map[string]func(t *testing.T, a *application){"database/sql": openSQL}
		if kind == sqldbtest.Postgres {
			openers["pgx"] = openPgx
		}
		for name, open := range openers {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				a := application{url: sqldbtest.MigratedURL(t, kind, []sqldb.Migrations{outbox.Migrations()})}
				a.db = sqldbtest.OpenURL(t, a.url)
				createTable(t, a.db, "cuts")
				open(t, &a)
				test(t, a)
			})
		}
	})
}

func openSQL(t *testing.T, a *application) {
	driver, dsn := "pgx", a.url
	if a.db.Dialect() == sqldb.SQLite {
		driver, dsn = "sqlite", "file:"+a.db.Path()+"?_pragma=busy_timeout(10000)&_txlock=immediate"
	}
	pool, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	pool.SetMaxOpenConns(4)
	a.begin = func(ctx context.Context) (outbox.Tx, func(bool) error, error) {
		tx, err := pool.BeginTx(ctx, nil)
		if err != nil {
			return nil, nil, err
		}
		return tx, func(commit bool) error {
			if commit {
				return tx.Commit()
			}
			return tx.Rollback()
		}, nil
	}
}

func openPgx(t *testing.T, a *application) {
	pool, err := pgxpool.New(t.Context(), a.url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	a.begin = func(ctx context.Context) (outbox.Tx, func(bool) error, error) {
		tx, err := pool.Begin(ctx)
		if err != nil {
			return nil, nil, err
		}
		return sqldb.Pgx(tx), func(commit bool) error {
			if commit {
				return tx.Commit(ctx)
			}
			return tx.Rollback(ctx)
		}, nil
	}
}

// write changes the application's table and appends n events, in one transaction of its own.
func (a *application) write(ctx context.Context, log *outbox.Log, n int, commit bool) ([]string, error) {
	tx, end, err := a.begin(ctx)
	if err != nil {
		return nil, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO cuts (pos, event_id) VALUES (1, 'cut')`)
	events, ids := make([]callboard.Event, n), make([]string, n)
	for i := range events {
		events[i] = newEvent("tested", callboard.Resource{Type: "cut", ID: "42"}, map[string]int{"n": i})
		ids[i] = events[i].ID
	}
	if err == nil {
		err = log.Append(ctx, tx, events...)
	}
	return ids, errors.Join(err, end(commit && err == nil))
}

// What an application appends in a transaction of its own is there if and only if that commits, and is taken at once: long
// before the log would look by itself.
func TestTransactionsOfAnApplication(t *testing.T) {
	t.Parallel()
	forEachApplication(t, func(t *testing.T, a application) {
		createTable(t, a.db, "log")
		log, _ := start(t, outbox.Config{DB: a.db, Poll: time.Hour}, tables("log")...)
		if _, err := a.write(t.Context(), log, 3, false); err != nil {
			t.Fatal(err)
		}
		const many = 1100 // more than one statement takes
		ids, err := a.write(t.Context(), log, many, true)
		if err != nil {
			t.Fatal(err)
		}
		eventually(t, "the events are taken", func() bool {
			_, got := tableRows(t, a.db, "log")
			return slices.Equal(got, ids)
		})
		if got, _ := tableRows(t, a.db, "log"); !slices.Equal(got, upTo(many)) {
			t.Errorf("positions %v", got)
		}
		if cuts := sqldbtest.Column[int](t, a.db, `SELECT count(*) FROM cuts`)[0]; cuts != 1 {
			t.Errorf("%d rows of the application", cuts)
		}
		feed, err := log.Events(callboard.WithActor(t.Context(), callboard.System("test")), 0, 3)
		if err != nil || len(feed.Events) != 3 || string(feed.Events[2].Data) != `{"n":2}` || feed.Events[2].Direct {
			t.Errorf("%+v, %v", feed.Events, err)
		}
	})
}

// Transactions of an application beside Callboard's own writes neither fail nor leave gaps, and each writer's events keep their order.
func TestApplicationBesideOwnWrites(t *testing.T) {
	t.Parallel()
	forEachApplication(t, func(t *testing.T, a application) {
		createTable(t, a.db, "log")
		log, _ := start(t, outbox.Config{DB: a.db}, tables("log")...)
		const writers, each = 4, 15
		var all [2 * writers][]string
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() { all[w] = appendEvents(t, a.db, each) })
			wg.Go(func() {
				for range each {
					ids, err := a.write(t.Context(), log, 1, true)
					if err != nil {
						t.Error(err)
					}
					all[writers+w] = append(all[writers+w], ids...)
				}
			})
		}
		wg.Wait()
		drain(t, log)
		positions, ids := tableRows(t, a.db, "log")
		if !slices.Equal(positions, upTo(2*writers*each)) {
			t.Errorf("positions %v", positions)
		}
		for w, written := range all {
			at := -1
			for _, id := range written {
				i := slices.Index(ids, id)
				if i <= at {
					t.Fatalf("writer %d: event %s is out of order", w, id)
				}
				at = i
			}
		}
	})
}

// A transaction on a database that is not the log's is refused, whether or not that has a log too. So is a pool.
func TestTransactionsElsewhereAreRefused(t *testing.T) {
	t.Parallel()
	forEachApplication(t, func(t *testing.T, a application) {
		elsewhere := sqldbtest.Open(t, a.db.Dialect().String(), outbox.Migrations())
		log := outbox.New(outbox.Config{DB: elsewhere, Events: testEvents(t)})
		if _, err := a.write(t.Context(), log, 1, true); !errors.Is(err, sqldb.ErrOtherDatabase) {
			t.Errorf("a log in another database: %v", err)
		}
		log = outbox.New(outbox.Config{DB: a.db, Events: testEvents(t)})
		bare := application{url: sqldbtest.URL(t, a.db.Dialect().String())}
		bare.db = sqldbtest.OpenURL(t, bare.url)
		createTable(t, bare.db, "cuts")
		openSQL(t, &bare)
		if _, err := bare.write(t.Context(), log, 1, true); !errors.Is(err, sqldb.ErrOtherDatabase) {
			t.Errorf("a database without a log: %v", err)
		}
		for _, kind := range []string{sqldbtest.SQLite, sqldbtest.Postgres} {
			log := outbox.New(outbox.Config{DB: sqldbtest.Open(t, kind, outbox.Migrations()), Events: testEvents(t)})
			if _, err := a.write(t.Context(), log, 1, true); !errors.Is(err, sqldb.ErrOtherDatabase) {
				t.Errorf("a log on %s: %v", kind, err)
			}
		}
		e := newEvent("tested", callboard.Resource{}, nil)
		if err := log.Append(t.Context(), a.db.SQL(), e); err == nil {
			t.Error("a pool is taken for a transaction")
		}
		if n := sqldbtest.Column[int](t, a.db, `SELECT count(*) FROM callboard_outbox`)[0]; n != 0 {
			t.Errorf("%d events are there", n)
		}
	})
}

// What an application did wrong with its transaction is named beside what the database says.
func TestTransactionsThatCannotWrite(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		pool, options, want := db.SQL(), &sql.TxOptions{ReadOnly: true}, "read-only"
		if db.Dialect() == sqldb.SQLite {
			holder, err := pool.BeginTx(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = holder.Rollback() }()
			if pool, err = sql.Open("sqlite", "file:"+db.Path()); err != nil { // which waits for nobody
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = pool.Close() })
			options, want = nil, "busy_timeout"
		}
		tx, err := pool.BeginTx(t.Context(), options)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = tx.Rollback() }()
		log := outbox.New(outbox.Config{DB: db, Events: testEvents(t)})
		err = log.Append(t.Context(), tx, newEvent("tested", callboard.Resource{}, nil))
		if callboard.CodeOf(err) != callboard.CodeUnavailable || !strings.Contains(err.Error(), want) {
			t.Errorf("append: %v", err)
		}
	}, outbox.Migrations())
}

// While another transaction has the file of SQLite, an application's waits, and so do Callboard's own writes.
func TestApplicationWaitsForTheFile(t *testing.T) {
	t.Parallel()
	url := sqldbtest.MigratedURL(t, sqldbtest.SQLite, []sqldb.Migrations{outbox.Migrations()})
	a := application{url: url, db: sqldbtest.OpenURL(t, url)}
	createTable(t, a.db, "cuts")
	openSQL(t, &a)
	log := outbox.New(outbox.Config{DB: a.db, Events: testEvents(t)})
	_, end, err := a.begin(t.Context()) // which locks the file at once
	if err != nil {
		t.Fatal(err)
	}
	waiting := make(chan error, 2)
	go func() {
		_, err := a.write(t.Context(), log, 1, true)
		waiting <- err
	}()
	go func() {
		e := newEvent("tested", callboard.Resource{}, nil)
		waiting <- a.db.Write(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error { return log.Append(ctx, tx, e) })
	}()
	select {
	case err := <-waiting:
		t.Errorf("one has not waited: %v", err)
	case <-time.After(300 * time.Millisecond):
	}
	if err := end(true); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := <-waiting; err != nil {
			t.Error(err)
		}
	}
}
