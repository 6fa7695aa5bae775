package activity_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/activity"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// An application logs what its users do, and reads it back.
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
	if err := sqldb.Migrate(ctx, db, outbox.Migrations(), activity.Migrations()); err != nil {
		log.Fatal(err)
	}
	ada := callboard.Actor{ID: callboard.NewID(), Name: "Ada", Role: callboard.RoleEditor}
	events := outbox.New(outbox.Config{DB: db})
	service := activity.New(activity.Config{DB: db, Log: events, Users: people{ada.ID: ada.Name}})
	events.Add(service.Consumer())
	running, stop := context.WithCancel(ctx)
	stopped := make(chan error)
	go func() { stopped <- events.Run(running) }()

	ctx = callboard.WithActor(ctx, ada)
	cut := callboard.Resource{Type: "cut", ID: "v3", Name: "Third cut"}
	if _, err := service.Log(ctx, activity.Input{Action: "reviewed_cut", Resource: cut}); err != nil {
		log.Fatal(err) // nil would mean: the entry is durable
	}
	if err := events.Drain(ctx); err != nil { // it appears in the log a moment later
		log.Fatal(err)
	}
	entries, err := service.ByResource(ctx, cut, callboard.Page{})
	if err != nil {
		log.Fatal(err)
	}
	for _, e := range entries.Items {
		fmt.Println(e.UserName, e.Action, e.Resource.Name)
	}
	stop()
	if err := <-stopped; err != nil {
		log.Fatal(err)
	}
	// Output: Ada reviewed_cut Third cut
}
