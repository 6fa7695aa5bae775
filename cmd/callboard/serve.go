package main

import (
	"context"
	"fmt"
	neturl "net/url"
	"os"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
)

type serveCommand struct {
	settings
	newDatabase
	Demo     bool `help:"Fill a fresh data folder with sample data, and print how to sign in."`
	DemoLife bool `help:"In the demo, have two colleagues go on working while somebody is connected." default:"true" negatable:""`
}

// gcPercent has the garbage collector run half as often as by default. What lives is small, a few tens of megabytes, and what
// a request leaves behind is much: collecting took a tenth of the CPU.
const gcPercent = 200

func (c *serveCommand) Run(ctx context.Context, std streams) error {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	cfg := c.Config
	cfg.NewDatabase = c.NewDatabase
	var err error
	if cfg.Logger, err = cfg.NewLogger(std.err); err != nil {
		return err
	}
	stopTraces, err := traces(ctx, &cfg)
	if err != nil {
		return err
	}
	defer stopTraces()
	var ready func(url string)
	cfg.Ready = func(url string) { ready(url) }
	a, err := app.New(ctx, cfg)
	if err != nil {
		return err
	}
	var life sync.WaitGroup
	defer life.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if ready, err = c.greeting(ctx, a, std, &life); err != nil {
		_ = a.Close()
		return err
	}
	return a.Run(ctx)
}

// greeting returns what tells a person where to go, once the server answers. What goes on from then on in the demo is in life.
func (c *serveCommand) greeting(ctx context.Context, a *app.App, std streams, life *sync.WaitGroup) (func(url string), error) {
	if c.Demo {
		logins, err := a.Demo(ctx)
		if err != nil {
			return nil, err
		}
		return func(url string) {
			printDemo(std, url, c.Config, logins)
			if c.DemoLife {
				life.Go(func() { a.LiveDemo(ctx) })
			}
		}, nil
	}
	token, err := a.Accounts.NewSetup(ctx)
	if callboard.CodeOf(err) == callboard.CodeConflict { // there are users
		return func(url string) { fmt.Fprintf(std.out, "Callboard is at %s\n", url) }, nil
	}
	return func(url string) {
		fmt.Fprintf(std.out, "Callboard is at %s\n", url)
		fmt.Fprintf(std.out, "There are no users yet. Create the admin, once, at:\n  %s/setup?token=%s\n", url, token)
	}, err
}

func printDemo(std streams, url string, cfg app.Config, logins []app.Login) {
	command := ""
	if cfg.DatabaseURL == "" { // else it would have to be repeated, and may hold a password
		command = fmt.Sprintf("  %s user list --data-dir %s\n", shellQuote(os.Args[0]), shellQuote(cfg.DataDir))
	}
	fmt.Fprintf(std.out, "\nCallboard is at %s  (the API: %s/docs)\n\nSign in as, with one click on the page:\n", url, url)
	for _, l := range logins {
		fmt.Fprintf(std.out, "  %-7s %s/sign-in#%s\n", l.Role, url, neturl.Values{"email": {l.Email}, "password": {l.Password}}.Encode())
	}
	fmt.Fprintf(std.out, "Or by hand:\n")
	for _, l := range logins {
		fmt.Fprintf(std.out, "  %-7s %-28s %s\n", l.Role, l.Email, l.Password)
	}
	fmt.Fprintf(std.out, `
Try it:
  curl -c /tmp/callboard.cookies -H 'Content-Type: application/json' \
    -d '{"email":"%s","password":"%s"}' %s/api/v1/auth/login
  curl -b /tmp/callboard.cookies '%s/api/v1/activity/feed?limit=5'
  curl -b /tmp/callboard.cookies %s/api/v1/jobs
%sAdmins see the job queue at %s/admin/jobs/ once they are signed in.
Stop it with Ctrl-C.
`, logins[0].Email, logins[0].Password, url, url, url, command, url)
}

// shellQuote returns a word that a shell takes as it is.
func shellQuote(word string) string {
	if word != "" && !strings.ContainsFunc(word, func(r rune) bool {
		return !strings.ContainsRune("/._-+:@%", r) && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
