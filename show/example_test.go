package show_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/show"
	"github.com/callboard/callboard/sqldb"
)

// A show is changed by whoever has seen its current version.
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
	if err := sqldb.Migrate(ctx, db, outbox.Migrations(), show.Migrations()); err != nil {
		log.Fatal(err)
	}
	shows := show.New(show.Config{DB: db, Episodes: counted{}})
	created, err := shows.Create(ctx, show.Input{Title: "Lighthouse Nine"})
	if err != nil {
		log.Fatal(err)
	}
	rename := show.Patch{Title: callboard.Some("Lighthouse 9")}
	updated, err := shows.Update(ctx, created.ID, rename, created.Version)
	if err != nil {
		log.Fatal(err)
	}
	_, err = shows.Update(ctx, created.ID, rename, created.Version) // which is no longer the current one
	fmt.Println(updated.Title, updated.Version, callboard.CodeOf(err))
	// Output: Lighthouse 9 2 precondition_failed
}
