package episode_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// A spreadsheet is imported: the good row becomes an episode, the bad one is reported.
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
	mapping, err := episode.ParseMapping("title=episode_title|story_title")
	if err != nil {
		log.Fatal(err)
	}
	sheet := strings.NewReader("story_title,episode_title,air date\nThe Lamp Room,Part One,23 Nov 1963\nLow Water,,soon\n")
	report, err := service.Import(ctx, sheet, episode.ImportOptions{Mapping: mapping})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d imported, %d bad\n", report.Imported, report.Bad)
	for _, e := range report.Errors {
		fmt.Printf("line %d: %s\n", e.Line, e.Reason)
	}
	list, err := service.List(ctx, episode.Filter{}, episode.ByTitle, callboard.Page{})
	if err != nil {
		log.Fatal(err)
	}
	for _, e := range list.Items {
		fmt.Println(e.Title, *e.AirDate, e.Status)
	}
	// Output:
	// 1 imported, 1 bad
	// line 3: air_date is not a date; write it as 1963-11-23
	// Part One 1963-11-23 draft
}
