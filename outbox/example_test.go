package outbox_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// printEvents sends events somewhere, here to standard output.
func printEvents(_ context.Context, events []callboard.Event) error {
	for _, e := range events {
		fmt.Println(e.Pos, e.Name, string(e.Data))
	}
	return nil
}

// An application changes its own tables and appends its own events, in one transaction.
func Example() {
	ctx := context.Background()
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
	events := outbox.New(outbox.Config{DB: db, Consumers: []outbox.Consumer{{Name: "printer", Send: printEvents}}})
	running, stop := context.WithCancel(ctx)
	stopped := make(chan error)
	go func() { stopped <- events.Run(running) }()

	trailer := callboard.Resource{Type: "trailer", ID: "42", Name: "Teaser"}
	err = db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		// … the change itself, on tx, and after it:
		event := callboard.NewEvent(ctx, "trailer_published", trailer, map[string]string{"title": "Teaser"})
		event.Channels = []string{callboard.BroadcastChannel}
		return outbox.Append(ctx, tx, event)
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
