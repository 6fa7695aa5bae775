package episode_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// An episode is written with its event, and changed by whoever has seen its current version.
func Example() {
	ctx := callboard.WithActor(context.Background(), callboard.System("Example"))
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
	if err := sqldb.Migrate(ctx, db, outbox.Migrations(), episode.Migrations()); err != nil {
		log.Fatal(err)
	}
	service := episode.New(episode.Config{DB: db, Shows: oneShow{}})
	pilot, err := service.Create(ctx, episode.Input{Title: "Pilot", AirDate: new("1963-11-23")})
	if err != nil {
		log.Fatal(err)
	}
	change := episode.Patch{Status: callboard.Some(episode.Published)}
	published, err := service.Update(ctx, pilot.ID, change, pilot.Version)
	if err != nil {
		log.Fatal(err)
	}
	_, err = service.Update(ctx, pilot.ID, change, pilot.Version) // which is no longer the current one
	fmt.Println(published.Title, published.Status, published.Version, callboard.CodeOf(err))
	// Output: Pilot published 2 precondition_failed
}
