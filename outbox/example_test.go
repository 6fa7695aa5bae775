package outbox_test

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

type trailerData struct {
	Title string `json:"title"`
}

// trailerPublished is an event of the application.
func trailerPublished() callboard.EventDef[trailerData] {
	return callboard.Define[trailerData](callboard.EventType{
		Name: "trailer_published", Channels: []string{callboard.BroadcastChannel}, Summary: "A trailer was published.",
	})
}

// printEvents sends events somewhere, here to standard output.
func printEvents(_ context.Context, events []callboard.Event) error {
	for _, e := range events {
		fmt.Println(e.Pos, e.Name, string(e.Data))
	}
	return nil
}

// An application changes its own tables and appends its own events, in one transaction.
func Example() {
	ctx := callboard.WithActor(context.Background(), callboard.Actor{ID: "42", Name: "Ada"})
	dir, err := os.MkdirTemp("", "callboard")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	db, err := sqldb.Open(ctx, sqldb.Config{URL: filepath.Join(dir, "example.db")})
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	if err := sqldb.Migrate(ctx, db, outbox.Migrations()); err != nil {
		log.Fatal(err)
	}
	published := trailerPublished()
	registry, err := callboard.NewRegistry(published.EventType)
	if err != nil {
		log.Fatal(err)
	}
	events := outbox.New(outbox.Config{DB: db, Events: registry})
	events.Add(outbox.Consumer{Name: "printer", Send: printEvents})
	running, stop := context.WithCancel(ctx)
	stopped := make(chan error)
	go func() { stopped <- events.Run(running) }()

	trailer := callboard.Resource{Type: "trailer", ID: "42", Name: "Teaser"}
	err = db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		// … the change itself, on tx, and after it:
		return events.Append(ctx, tx, published.New(ctx, trailer, trailerData{Title: "Teaser"}))
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := events.Drain(ctx); err != nil { // a server would go on with its work
		log.Fatal(err)
	}
	stop()
	if err := <-stopped; err != nil {
		log.Fatal(err)
	}
	// Output: 1 trailer_published {"title":"Teaser"}
}

// An application appends in a transaction of its own, on a pool that it has opened.
func ExampleLog_Append() {
	ctx := callboard.WithActor(context.Background(), callboard.Actor{ID: "42", Name: "Ada"})
	dir, err := os.MkdirTemp("", "callboard")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "example.db")
	db, err := sqldb.Open(ctx, sqldb.Config{URL: path})
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	if err := sqldb.Migrate(ctx, db, outbox.Migrations()); err != nil {
		log.Fatal(err)
	}
	published := trailerPublished()
	registry, err := callboard.NewRegistry(published.EventType)
	if err != nil {
		log.Fatal(err)
	}
	events := outbox.New(outbox.Config{DB: db, Events: registry}) // in a server it runs

	pool, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(10000)&_txlock=immediate")
	if err != nil {
		log.Fatal(err)
	}
	defer pool.Close()
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit this does nothing
	// … the change itself, on tx, and after it:
	trailer := callboard.Resource{Type: "trailer", ID: "42", Name: "Teaser"}
	if err := events.Append(ctx, tx, published.New(ctx, trailer, trailerData{Title: "Teaser"})); err != nil {
		log.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		log.Fatal(err)
	}
	last, err := outbox.LastPos(ctx, db)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("the newest position is", last)
	// Output: the newest position is 1
}
