package notification_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/notification"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// members are the users of an application that brings its own.
type members map[string]callboard.UserInfo

func (m members) Resolve(_ context.Context, ids []string) (map[string]callboard.UserInfo, error) {
	known := map[string]callboard.UserInfo{}
	for _, id := range ids {
		if user, ok := m[id]; ok {
			known[id] = user
		}
	}
	return known, nil
}

func Example() {
	ctx := callboard.WithActor(context.Background(), callboard.System("Example"))
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

	users := members{"42": {Name: "Ada"}}
	events := outbox.New(outbox.Config{DB: db})
	service := notification.New(notification.Config{DB: db, Log: events, Users: users})
	events.Add(service.Consumers()...)
	if _, err := service.Create(ctx, notification.Input{To: []string{"42"}, Type: "greeting", Message: "Welcome aboard"}); err != nil {
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

	inbox, err := service.List(ctx, "42", notification.Filter{Unread: true}, callboard.Page{})
	if err != nil {
		log.Fatal(err)
	}
	for _, n := range inbox.Items {
		fmt.Println(n.Type, "-", n.Message)
	}
	// Output: greeting - Welcome aboard
}
