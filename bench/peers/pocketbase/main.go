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
	"os"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type options struct {
	addr        string
	synchronous string
}

// run serves until SIGTERM. --dir is PocketBase's own flag.
func run() error {
	var opts options
	pb := pocketbase.NewWithConfig(pocketbase.Config{HideStartBanner: true, DBConnect: opts.connect})
	pb.RootCmd.Flags().StringVar(&opts.addr, "http-addr", "127.0.0.1:0", "address to listen on; port 0 takes a free one")
	pb.RootCmd.Flags().StringVar(&opts.synchronous, "synchronous", normal, "durability of the data: NORMAL or FULL")
	pb.RootCmd.FParseErrWhitelist.UnknownFlags = false // a flag that is misspelt must not give another figure
	// PocketBase opens the database before it reads the flags of a command.
	if err := pb.RootCmd.ParseFlags(os.Args[1:]); err != nil && !errors.Is(err, pflag.ErrHelp) {
		return err
	}
	if err := opts.check(); err != nil {
		return err
	}
	served := make(chan error, 1)
	pb.RootCmd.Run = func(*cobra.Command, []string) { served <- serve(pb, opts.addr) }
	if err := pb.Execute(); err != nil {
		return fmt.Errorf("end pocketbase: %w", err)
	}
	select {
	case err := <-served:
		return err
	default:
		return nil
	}
}

func serve(pb *pocketbase.PocketBase, addr string) error {
	pb.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.InstallerFunc = nil // it would open a browser
		return announce(e, addr)
	})
	err := apis.Serve(pb, apis.ServeConfig{HttpAddr: addr})
	if err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// announce makes what is missing, listens, and says where.
func announce(e *core.ServeEvent, addr string) error {
	token, err := prepare(e.App)
	if err != nil {
		return err
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
