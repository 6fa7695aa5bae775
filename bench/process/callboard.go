package process

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// User is a member of the population that all servers have.
type User struct{ Name, Role string }

// Population returns the users. Edgar writes; what he does is told to ada and edith.
func Population() []User {
	return []User{{"ada", "admin"}, {"edgar", "editor"}, {"edith", "editor"}, {"vic", "viewer"}}
}

// CallboardOptions says how a Callboard is run.
type CallboardOptions struct {
	Binary      string
	Server      string // program that serves instead, with the same settings; "" is Binary
	DataDir     string
	DatabaseURL string   // of PostgreSQL; "" is SQLite in DataDir
	Env         []string // settings, "NAME=value"
}

// Accounts are what a server knows its users by, by the name of the user.
type Accounts struct{ Tokens, IDs map[string]string }

// Callboard makes the population and starts the server. Its inboxes are not limited, so that every notification is a row.
func Callboard(ctx context.Context, opts CallboardOptions) (*Server, error) {
	accounts, err := opts.Populate(ctx)
	if err != nil {
		return nil, err
	}
	return opts.Serve(ctx, accounts)
}

// Populate makes the population on data that has none.
func (o CallboardOptions) Populate(ctx context.Context) (Accounts, error) {
	a := Accounts{Tokens: map[string]string{}, IDs: map[string]string{}}
	for _, u := range Population() {
		email := u.Name + "@example.org"
		id, err := o.command(ctx, "user", "add", "--email", email, "--name", u.Name, "--role", u.Role, "--password-stdin")
		if err != nil {
			return a, err
		}
		token, err := o.command(ctx, "token", "create", "--email", email, "--name", "bench")
		if err != nil {
			return a, err
		}
		a.IDs[u.Name], a.Tokens[u.Name] = id, token
	}
	return a, nil
}

// Serve starts the server on data that is there.
func (o CallboardOptions) Serve(ctx context.Context, accounts Accounts) (*Server, error) {
	cmd := exec.Command(o.Binary, "serve")
	if o.Server != "" {
		cmd = exec.Command(o.Server)
	}
	cmd.Env = append(o.environment(), "HTTP_ADDR=127.0.0.1:0", "LOG_LEVEL=warn")
	s, err := start(ctx, "callboard", cmd)
	if err != nil {
		return nil, err
	}
	s.Database, s.Tokens, s.IDs = o.database(), accounts.Tokens, accounts.IDs
	return s, nil
}

// Migrate makes the tables.
func (o CallboardOptions) Migrate(ctx context.Context) error {
	_, err := o.command(ctx, "migrate", "up")
	return err
}

func (o CallboardOptions) database() string {
	if o.DatabaseURL != "" {
		return o.DatabaseURL
	}
	return o.DataDir + "/callboard.db"
}

func (o CallboardOptions) environment() []string {
	env := append(cleanEnvironment(), "DATA_DIR="+o.DataDir, "DATABASE_URL="+o.DatabaseURL, "NOTIFICATION_RATE_LIMIT=-1")
	return append(env, o.Env...)
}

// cleanEnvironment leaves out what may set up the servers otherwise than the benchmark says.
func cleanEnvironment() []string {
	var env []string
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "LANG"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// command runs a command of the product and returns the line that it prints.
func (o CallboardOptions) command(ctx context.Context, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, o.Binary, args...)
	cmd.Env = o.environment()
	cmd.Stdin = strings.NewReader("a password that nobody uses\n")
	var failure bytes.Buffer
	cmd.Stderr = &failure
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("callboard %s: %w: %s", args[0], err, failure.String())
	}
	return strings.TrimSpace(string(out)), nil
}
