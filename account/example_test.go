package account_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/account"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

func Example() {
	dir, err := os.MkdirTemp("", "callboard")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	ctx := callboard.WithActor(context.Background(), callboard.System("example"))
	db, err := sqldb.Open(ctx, sqldb.Config{URL: filepath.Join(dir, "callboard.db")})
	if err != nil {
		panic(err)
	}
	defer db.Close()
	if err := sqldb.Migrate(ctx, db, outbox.Migrations(), account.Migrations()); err != nil {
		panic(err)
	}

	users, err := account.New(account.Config{DB: db})
	if err != nil {
		panic(err)
	}
	ada, err := users.CreateUser(ctx, account.NewUser{Email: "ada@example.org", Name: "Ada", Role: callboard.RoleEditor})
	if err != nil {
		panic(err)
	}
	_, token, err := users.CreateToken(ctx, account.NewToken{UserID: ada.ID, Name: "importer"})
	if err != nil {
		panic(err)
	}
	actor, _, err := users.Verify(ctx, token)
	fmt.Println(actor.Name, actor.Role, err)
	// Output: Ada editor <nil>
}
