package savedview_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/savedview"
	"github.com/callboard/callboard/sqldb"
)

// Everybody has the views of the team, and views of their own.
func Example() {
	ada := callboard.Actor{ID: "ada", Name: "Ada", Role: callboard.RoleEditor}
	ctx := callboard.WithActor(context.Background(), ada)
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
	if err := sqldb.Migrate(ctx, db, outbox.Migrations(), savedview.Migrations()); err != nil {
		log.Fatal(err)
	}
	views := savedview.New(savedview.Config{DB: db})
	for _, in := range []savedview.Input{
		{Name: "My drafts", Address: "/episodes?status=draft"},
		{Name: "Waiting for approval", Address: "/episodes?status=pending", Team: true},
	} {
		if _, err := views.Create(ctx, in); err != nil {
			log.Fatal(err)
		}
	}
	all, err := views.List(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, v := range all {
		fmt.Println(v.Name, v.Team)
	}
	// Output:
	// Waiting for approval true
	// My drafts false
}
