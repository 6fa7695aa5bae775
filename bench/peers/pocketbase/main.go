// Command pocketbase serves PocketBase with one collection of episodes: the peer of the default that has its database inside.
//
// All is as PocketBase ships it, such as a log of all requests and SQLite with synchronous=NORMAL: after a power cut the last
// commits may be gone. SYNCHRONOUS=FULL makes them durable.
package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
	"github.com/spf13/cobra"
)

func main() {
	if err := run(os.Getenv("SYNCHRONOUS")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run serves until SIGTERM. --dir is PocketBase's own flag.
func run(synchronous string) error {
	pb := pocketbase.NewWithConfig(pocketbase.Config{
		HideStartBanner: true, DBConnect: func(path string) (*dbx.DB, error) { return connect(path, synchronous) },
	})
	pb.RootCmd.RunE = func(*cobra.Command, []string) error {
		pb.OnServe().BindFunc(announce)
		if err := apis.Serve(pb, apis.ServeConfig{HttpAddr: "127.0.0.1:0"}); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	}
	return pb.Execute()
}

// connect opens a database file as PocketBase does, but for the durability of the data when that is asked for.
func connect(path, synchronous string) (*dbx.DB, error) {
	if synchronous == "NORMAL" || filepath.Base(path) != "data.db" {
		return core.DefaultDBConnect(path)
	}
	// These are the defaults but for one. busy_timeout comes first, because setting the journal mode may have to wait.
	pragmas := url.Values{"_pragma": {
		"busy_timeout(10000)", "journal_mode(WAL)", "journal_size_limit(200000000)", "synchronous(" + synchronous + ")",
		"foreign_keys(ON)", "temp_store(MEMORY)", "cache_size(-32000)",
	}}
	return dbx.Open("sqlite", path+"?"+pragmas.Encode())
}

// announce makes the collection and the user, listens, and says where.
func announce(e *core.ServeEvent) error {
	e.InstallerFunc = nil // it would open a browser
	if err := e.App.Save(newEpisodes()); err != nil {
		return fmt.Errorf("make a collection: %w", err)
	}
	users, err := e.App.FindCollectionByNameOrId("users") // PocketBase makes it itself
	if err != nil {
		return err
	}
	user := core.NewRecord(users)
	user.SetEmail("edgar@example.org")
	user.SetRandomPassword()
	if err := e.App.Save(user); err != nil {
		return fmt.Errorf("make a user: %w", err)
	}
	token, err := user.NewAuthToken()
	if err != nil {
		return err
	}
	if e.Listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return err
	}
	if err := e.Next(); err != nil {
		return err
	}
	_, err = fmt.Printf("PocketBase is at http://%s token=%s\n", e.Listener.Addr(), token)
	return err
}

// newEpisodes has the rule that PocketBase's documentation gives for signed-in users.
func newEpisodes() *core.Collection {
	c := core.NewBaseCollection("episodes")
	signedIn := types.Pointer(`@request.auth.id != ""`)
	c.ListRule, c.ViewRule, c.CreateRule, c.UpdateRule, c.DeleteRule = signedIn, signedIn, signedIn, signedIn, signedIn
	c.Fields.Add(
		&core.TextField{Name: "title", Required: true, Max: 255},
		&core.TextField{Name: "description", Max: 10_000},
		&core.NumberField{Name: "season_number", OnlyInt: true},
		&core.AutodateField{Name: "created", OnCreate: true},
		&core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true},
	)
	c.AddIndex("episodes_created", false, "created", "")
	return c
}
