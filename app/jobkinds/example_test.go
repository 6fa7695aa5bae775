package jobkinds_test

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"os"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/jobkinds"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/job"
)

// A job of the product is queued by its arguments, and its result read when it is done.
func Example() {
	ctx := callboard.WithActor(context.Background(), callboard.System("Example"))
	dir, err := os.MkdirTemp("", "callboard")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	board, err := app.New(ctx, app.Config{DataDir: dir, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		log.Fatal(err)
	}
	if err := board.Start(ctx); err != nil {
		log.Fatal(err)
	}
	pilot, err := board.Episodes.Create(ctx, episode.Input{Title: "Pilot"})
	if err != nil {
		log.Fatal(err)
	}
	queued, err := board.Jobs.Queue(ctx, job.Request{Kind: "batch-delete", Args: jobkinds.DeleteArgs{IDs: []string{pilot.ID}}})
	if err != nil {
		log.Fatal(err)
	}
	done, err := board.Jobs.Wait(ctx, queued.ID)
	fmt.Println(done.Status, string(done.Result), err)
	if err := board.Stop(ctx); err != nil {
		log.Fatal(err)
	}
	// Output: completed {"matched":1,"deleted":1,"missing":0,"dry_run":false} <nil>
}
