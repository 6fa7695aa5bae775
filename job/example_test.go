package job_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// SubtitleArgs are what a caller sends. A kind of jobs is one file: the arguments, the handler, and the definition.
type SubtitleArgs struct {
	Language string `json:"language" minLength:"2" maxLength:"2" doc:"ISO 639-1."`
}

// Kind implements job.Args.
func (SubtitleArgs) Kind() string { return "subtitles" }

// SubtitleResult is the result, as the owner of the job reads it.
type SubtitleResult struct {
	Lines int `json:"lines"`
}

func subtitles() job.Kind {
	return job.Define(job.Definition[SubtitleArgs]{
		Settings: job.Settings{Title: "Subtitles", Concurrency: 1, MaxAttempts: 3},
		Check: func(_ context.Context, args SubtitleArgs) (job.Placement, error) {
			return job.Placement{Unique: args.Language}, nil // one at a time for each language
		},
		Work: translate,
	})
}

// translate saves how far it has come along with what it writes, so that another attempt goes on from there.
func translate(ctx context.Context, run *job.Run, args SubtitleArgs) (any, error) {
	const lines = 3
	var done int
	if _, err := run.LoadCheckpoint(ctx, &done); err != nil {
		return nil, err
	}
	run.Logger().Info("translating", "language", args.Language)
	for ; done < lines; done++ {
		err := run.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
			// … what the job writes to the database
			return run.SaveCheckpoint(ctx, tx, done+1)
		})
		if err != nil {
			return nil, err
		}
		run.Progress(100*float64(done+1)/lines, fmt.Sprintf("line %d of %d", done+1, lines))
	}
	return SubtitleResult{Lines: done}, nil
}

// anybody may read everything, in this example.
type anybody struct{}

func (anybody) CanRead(context.Context, callboard.Actor, callboard.Resource) error { return nil }

// A job is queued, done by a worker in the background, and read again.
func Example() {
	ctx, cancel := context.WithCancel(callboard.WithActor(context.Background(), callboard.System("Example")))
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
	if err := sqldb.Migrate(ctx, db, job.QueueMigrations(), outbox.Migrations(), job.Migrations()); err != nil {
		log.Fatal(err)
	}
	jobs, err := job.New(ctx, job.Config{DB: db, Kinds: []job.Kind{subtitles()}, Access: anybody{}})
	if err != nil {
		log.Fatal(err)
	}
	defer jobs.Close()
	stopped := make(chan error, 1)
	go func() { stopped <- jobs.Run(ctx, func() bool { return true }) }()

	queued, err := jobs.Queue(ctx, job.Request{Kind: "subtitles", Args: SubtitleArgs{Language: "nl"}})
	if err != nil {
		log.Fatal(err)
	}
	done, err := jobs.Wait(ctx, queued.ID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(queued.Status, done.Status, string(done.Result))
	cancel()
	if err := <-stopped; err != nil {
		log.Fatal(err)
	}
	// Output: pending completed {"lines":3}
}
