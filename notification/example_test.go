package notification_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/notification"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// members are the users of an application that brings its own.
type members []string

func (m members) ActiveIDs(_ context.Context, _ sqldb.Querier, _ callboard.Role, after string, limit int) ([]string, error) {
	rest := slices.DeleteFunc(slices.Clone(m), func(id string) bool { return id <= after })
	return rest[:min(limit, len(rest))], nil
}

func (m members) Missing(context.Context, sqldb.Querier, []string) ([]string, error) { return nil, nil }

func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "callboard")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	db, err := sqldb.Open(ctx, sqldb.Config{URL: "sqlite://" + filepath.Join(dir, "example.db")})
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	if err := sqldb.Migrate(ctx, db, outbox.Migrations(), notification.Migrations()); err != nil {
		log.Fatal(err)
	}

	user := callboard.NewID()
	events := outbox.New(outbox.Config{DB: db})
	service := notification.New(notification.Config{DB: db, Log: events, Users: members{user}})
	events.Add(service.Consumers()...)
	if _, err := service.Create(ctx, notification.Input{To: []string{user}, Type: "greeting", Message: "Welcome aboard"}); err != nil {
		log.Fatal(err)
	}

	running, stop := context.WithCancel(ctx)
	stopped := make(chan error)
	go func() { stopped <- events.Run(running) }()
	if err := events.Drain(ctx); err != nil { // it is in the inbox a moment later
		log.Fatal(err)
	}
	stop()
	if err := <-stopped; err != nil {
		log.Fatal(err)
	}

	inbox, err := service.List(ctx, user, notification.Filter{Unread: true}, callboard.Page{})
	if err != nil {
		log.Fatal(err)
	}
	for _, n := range inbox.Items {
		fmt.Println(n.Type, "-", n.Message)
	}
	// Output: greeting - Welcome aboard
}
