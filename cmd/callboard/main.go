// Command callboard is the server and its tools. Run "callboard --help".
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"callboard/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr})
	stop()
	os.Exit(code)
}

// streams are where a command reads and writes. Out gets what was asked for, and nothing else, so that it can be piped.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// cli is the command line.
type cli struct {
	Serve   serveCommand   `cmd:"" help:"Run the server."`
	Migrate migrateCommand `cmd:"" help:"Bring the database schema up or down, or show where it is."`
	User    userCommand    `cmd:"" help:"Add, list and disable users, and set passwords."`
	Token   tokenCommand   `cmd:"" help:"Create, list and revoke API tokens."`
	Import  importCommand  `cmd:"" help:"Import a spreadsheet export."`
	Backup  backupCommand  `cmd:"" help:"Write a consistent copy of the SQLite database, also while the server runs."`
	Doctor  doctorCommand  `cmd:"" help:"Look for trouble: database, schema, events that are owed."`
	OpenAPI openapiCommand `cmd:"" name:"openapi" help:"Print the OpenAPI document."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// settings are those of the server, which all commands that act on the data share.
type settings struct {
	app.Config `embed:""`
}

// run is main without the process: it returns the exit code. 2 means that the arguments cannot be used.
func run(ctx context.Context, args []string, std streams) int {
	var commands cli
	exited := -1
	parser, err := kong.New(&commands,
		kong.Name("callboard"),
		kong.Description("The shared board for teams who make episodic work, and a backbone to build on."),
		kong.UsageOnError(), kong.Writers(std.out, std.err),
		kong.Exit(func(code int) { exited = code }),
		kong.NamedMapper("expiry", expiryMapper{}),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(std),
	)
	if err != nil {
		panic(err) // the structs above are wrong
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 { // --help
		return exited
	}
	if err != nil {
		fmt.Fprintf(std.err, "callboard: %v\n", err)
		return 2
	}
	if err := parsed.Run(); err != nil {
		fmt.Fprintf(std.err, "callboard: %v\n", err)
		return 1
	}
	return 0
}

// withApp runs do on the parts of the server, without serving.
func withApp(ctx context.Context, cfg app.Config, do func(*app.App) error) error {
	a, err := app.New(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }() // what was written is durable already
	return do(a)
}
