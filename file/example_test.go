package file_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/file"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// noEpisodes is for an application whose files belong to users alone.
type noEpisodes struct{}

func (noEpisodes) MustExist(context.Context, string) error { return callboard.NotFound("episode") }

func (noEpisodes) Lock(context.Context, *sqldb.Tx, string, bool) error {
	return callboard.NotFound("episode")
}

func (noEpisodes) ClearThumbnailTx(context.Context, *sqldb.Tx, string, func(string) bool) error {
	return nil
}

func (noEpisodes) DeletedAmong(context.Context, sqldb.Querier, []string, time.Time) ([]string, error) {
	return nil, nil
}

// A file is stored as it is written, and read again by its owner.
func Example() {
	ctx := callboard.WithActor(context.Background(), callboard.Actor{ID: callboard.NewID(), Name: "Grace", Role: callboard.RoleEditor})
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
	if err := sqldb.Migrate(ctx, db, outbox.Migrations(), file.Migrations()); err != nil {
		log.Fatal(err)
	}
	storage, err := file.OpenStorage(file.StorageConfig{Folder: filepath.Join(dir, "files")})
	if err != nil {
		log.Fatal(err)
	}
	files := file.New(file.Config{DB: db, Storage: storage, Episodes: noEpisodes{}})
	defer files.Close()

	stored, err := files.Create(ctx, file.NewFile{Name: "notes.txt"}, func(w io.Writer) error {
		_, err := io.WriteString(w, "Scene 4 again, please.\n")
		return err
	})
	if err != nil {
		log.Fatal(err)
	}
	_, content, err := files.Open(ctx, stored.ID)
	if err != nil {
		log.Fatal(err)
	}
	defer content.Close()
	text, err := io.ReadAll(content)
	fmt.Printf("%s, %d bytes: %s%v\n", stored.Name, stored.Size, text, err)
	// Output:
	// notes.txt, 23 bytes: Scene 4 again, please.
	// <nil>
}
