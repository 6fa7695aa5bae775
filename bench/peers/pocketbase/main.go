// Command pocketbase serves PocketBase with one collection of episodes and realtime on: the peer of the default that has
// its database inside.
//
// All is as PocketBase ships it: SQLite in WAL mode with synchronous=NORMAL (after a power cut the last commits may be
// gone; --synchronous FULL makes them durable), 120 connections for reading and one for writing, and a log of all
// requests that is kept for five days, written to a second file in batches of 200 or every three seconds.
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

const userEmail = "edgar@example.org"

type options struct{ addr, synchronous string }

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run serves until SIGTERM. --dir is PocketBase's own flag.
func run() error {
	var opts options
	pb := pocketbase.NewWithConfig(pocketbase.Config{HideStartBanner: true, DBConnect: opts.connect})
	pb.RootCmd.Flags().StringVar(&opts.addr, "http-addr", "127.0.0.1:0", "address to listen on; port 0 takes a free one")
	pb.RootCmd.Flags().StringVar(&opts.synchronous, "synchronous", "NORMAL", "durability of the data: NORMAL or FULL")
	pb.RootCmd.FParseErrWhitelist.UnknownFlags = false // a flag that is misspelt must not give another figure
	// PocketBase opens the database before it reads the flags of a command.
	if err := pb.RootCmd.ParseFlags(os.Args[1:]); err != nil {
		return err
	}
	pb.RootCmd.RunE = func(*cobra.Command, []string) error {
		pb.OnServe().BindFunc(func(e *core.ServeEvent) error {
			e.InstallerFunc = nil // it would open a browser
			return announce(e, opts.addr)
		})
		if err := apis.Serve(pb, apis.ServeConfig{HttpAddr: opts.addr}); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	}
	return pb.Execute()
}

// connect opens a database file as PocketBase does, but for the durability of the data when that is asked for. The log
// of requests stays as it is.
func (o *options) connect(path string) (*dbx.DB, error) {
	if o.synchronous == "NORMAL" || filepath.Base(path) != "data.db" {
		return core.DefaultDBConnect(path)
	}
	// These are the defaults but for one. busy_timeout comes first, because setting the journal mode may have to wait.
	pragmas := url.Values{"_pragma": {
		"busy_timeout(10000)", "journal_mode(WAL)", "journal_size_limit(200000000)", "synchronous(" + o.synchronous + ")",
		"foreign_keys(ON)", "temp_store(MEMORY)", "cache_size(-32000)",
	}}
	return dbx.Open("sqlite", path+"?"+pragmas.Encode())
}

// announce makes the collection and the user, listens, and says where.
func announce(e *core.ServeEvent, addr string) error {
	if err := e.App.Save(newEpisodes()); err != nil {
		return fmt.Errorf("make a collection: %w", err)
	}
	users, err := e.App.FindCollectionByNameOrId("users") // PocketBase makes it itself
	if err != nil {
		return err
	}
	user := core.NewRecord(users)
	user.SetEmail(userEmail)
	user.SetRandomPassword()
	user.Set("name", "edgar")
	if err := e.App.Save(user); err != nil {
		return fmt.Errorf("make user %s: %w", userEmail, err)
	}
	token, err := user.NewAuthToken()
	if err != nil {
		return fmt.Errorf("make a token: %w", err)
	}
	if e.Listener, err = net.Listen("tcp", addr); err != nil {
		return fmt.Errorf("listen on %s: %w", addr, err)
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
