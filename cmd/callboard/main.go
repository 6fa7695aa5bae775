// Command callboard is the server and its tools. Run "callboard --help".
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"unicode"

	"github.com/alecthomas/kong"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
)

func main() {
	ends := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // the terminal is closed; nohup has it ignored
		ends = append(ends, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), ends...)
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
	User    userCommand    `cmd:"" help:"Add, list, disable and enable users, and set passwords."`
	Token   tokenCommand   `cmd:"" help:"Create, list and revoke API tokens."`
	Import  importCommand  `cmd:"" help:"Import a spreadsheet export."`
	Backup  backupCommand  `cmd:"" help:"Write a consistent copy of the SQLite database, also while the server runs, or note that another tool has made one."`
	Doctor  doctorCommand  `cmd:"" help:"Look for trouble, and say how to mend it: settings, secrets, data, the address, and the way of an event. Exits with 3 for warnings, and 4 where something is critical."`
	Health  healthCommand  `cmd:"" help:"Ask the server that runs with these settings whether it can serve."`
	Verify  verifyCommand  `cmd:"" help:"Prove that the data is whole, and that nobody has changed the activity log."`
	Events  eventsCommand  `cmd:"" help:"Check the event types of an application, and make TypeScript types of them."`
	OpenAPI openapiCommand `cmd:"" name:"openapi" help:"Print the OpenAPI document."`
	Version versionCommand `cmd:"" help:"Print the version."`

	Man        manCommand        `cmd:"" hidden:"" help:"Print the manual page."`
	Completion completionCommand `cmd:"" hidden:"" help:"Print the completions for a shell."`
}

// settings are those of the server, which all commands that act on the data share. They are listed after a command's own flags.
type settings struct {
	app.Config `embed:"" group:"settings"`
}

// AfterApply is called by the parser: all commands are of the version that the server of the same binary tells other nodes.
//
//nolint:unparam // the parser's interface has an error
func (s *settings) AfterApply() error {
	s.Version = versionOf()
	return nil
}

// run is main without the process: it returns the exit code. 2 means that the arguments cannot be used.
func run(ctx context.Context, args []string, std streams) int {
	if len(args) == 0 || args[0] == "help" {
		args = append(slices.Clone(args[min(1, len(args)):]), "--help")
	}
	var commands cli
	exited := -1
	parser, err := app.NewParser(&commands,
		kong.Name("callboard"),
		kong.Description("The shared board for teams who make episodic work, and a backbone to build on."),
		kong.UsageOnError(), kong.Writers(std.out, std.err),
		kong.Exit(func(code int) { exited = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.ExplicitGroups([]kong.Group{{Key: "settings", Title: "Settings of the server, as flag or in the environment:"}}),
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
		fmt.Fprintf(std.err, "callboard: %s\n", printable(usageText(err)))
		return 2
	}
	err = parsed.Run()
	if err != nil && ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = errors.New("interrupted before it was done")
	}
	if err != nil {
		fmt.Fprintf(std.err, "callboard: %s\n", printable(plain(err)))
		if exit, ok := errors.AsType[exitError](err); ok {
			return exit.code
		}
		return 1
	}
	return 0
}

// exitError is an error with an exit code of its own.
type exitError struct {
	code int
	error
}

func (e exitError) Unwrap() error { return e.error }

// plain returns an error for people: of one that is meant for them, without its cause, which speaks the language of a driver.
func plain(err error) string {
	e, ok := errors.AsType[*callboard.Error](err)
	if !ok {
		return err.Error()
	}
	shown := *e
	shown.Err = nil
	return strings.Replace(err.Error(), e.Error(), shown.Error(), 1)
}

// usageText returns an error of the parser for people. A setting of the environment is named as it is there.
func usageText(err error) string {
	text, variable, fromEnv := strings.Cut(err.Error(), " (from envar ")
	name, problem, named := strings.Cut(text, ": ")
	if !named {
		return text
	}
	if strings.HasPrefix(problem, "expected ") && strings.Contains(problem, " value but got ") {
		problem = "needs a value"
	}
	if fromEnv {
		name, _, _ = strings.Cut(variable, "=")
	}
	return name + ": " + problem
}

// printable returns a text that does nothing to a terminal: it may quote a file, such as the names of its columns.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		turns := r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' // the direction of what follows
		if unicode.IsControl(r) && r != '\n' || turns {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// withApp runs do on the parts of the server, beside one that may run. Which database that is goes to standard error, for people.
func withApp(ctx context.Context, cfg app.Config, std streams, do func(*app.App) error) error {
	a, err := app.Open(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }() // what was written is durable already
	fmt.Fprintf(std.err, "database: %s\n", a.DB)
	return do(a)
}

// newDatabase is the flag of the commands that may make the database.
type newDatabase struct {
	NewDatabase bool `help:"Begin with an empty database although DATA_DIR shows that there was one."`
}
