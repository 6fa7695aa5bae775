package callboard_test

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// staff are the users of an application, as its own table has them.
type staff struct{ db *sql.DB }

func (s staff) Resolve(ctx context.Context, ids []string) (map[string]callboard.UserInfo, error) {
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	rows, err := s.db.QueryContext(ctx, `SELECT id, name FROM staff WHERE id IN (?`+strings.Repeat(",?", len(ids)-1)+`)`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	known := map[string]callboard.UserInfo{}
	for rows.Next() {
		var id, name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, err
		}
		known[id] = callboard.UserInfo{Name: name}
	}
	return known, rows.Err()
}

// The users of an application stay in its own table, under IDs of its own.
func ExampleUsers() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "callboard")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	own, err := sqldb.Open(ctx, sqldb.Config{URL: "sqlite://" + filepath.Join(dir, "own.db")})
	if err != nil {
		log.Fatal(err)
	}
	defer own.Close()
	_, err = own.SQL().ExecContext(ctx, `CREATE TABLE staff (id TEXT PRIMARY KEY, name TEXT); INSERT INTO staff VALUES ('42', 'Ada')`)
	if err != nil {
		log.Fatal(err)
	}

	var users callboard.Users = staff{own.SQL()} // for app.Config.Users
	known, err := users.Resolve(ctx, []string{"42", "auth0|abc"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(known), known["42"].Name)
	// Output: 1 Ada
}
