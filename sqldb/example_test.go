package sqldb_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/callboard/callboard/sqldb"
)

func Example() {
	ctx := context.Background()
	folder, err := os.MkdirTemp("", "callboard")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)

	db, err := sqldb.Open(ctx, sqldb.Config{URL: "sqlite://" + filepath.Join(folder, "callboard.db")})
	if err != nil {
		panic(err)
	}
	defer db.Close()
	if err := sqldb.Migrate(ctx, db, notes()); err != nil {
		panic(err)
	}

	err = db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		tx.OnCommit(func() { fmt.Println("the note is safe") })
		_, err := tx.ExecContext(ctx, "INSERT INTO notes (author, body) VALUES ($1, $2)", "Ada", "Places, please.")
		return err
	})
	if err != nil {
		panic(err)
	}

	var body string
	if err := db.QueryRowContext(ctx, "SELECT body FROM notes WHERE author = $1", "Ada").Scan(&body); err != nil {
		panic(err)
	}
	fmt.Println(body)
	// Output:
	// the note is safe
	// Places, please.
}
