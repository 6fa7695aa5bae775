// Package suite measures: one file for each few groups of figures.
package suite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/callboard/callboard/bench/load"
	"github.com/callboard/callboard/bench/process"
	"github.com/callboard/callboard/bench/report"
)

// Options are flags of the command.
type Options struct {
	Quick      bool   `help:"A minute or two in all: one short round. Its results are not kept."`
	Before     string `help:"Binary of an older Callboard to measure beside this one, in the same rounds." type:"existingfile" placeholder:"PATH"`
	BeforeJobs string `help:"The same for the group jobs: an older bench/peers/jobs, built." type:"existingfile" placeholder:"PATH"`
	Rounds     int    `help:"Rounds of each comparison. Default: 3, or 1 in a quick run."`
	Entries    int    `help:"Entries of the largest log of the group scale. Each million takes a minute or two to write, and 600 MB." default:"1000000"`
	Redis      string `help:"Redis by which several nodes meet. Nothing in it is kept." env:"BENCH_REDIS" default:"redis://127.0.0.1:6379/0"`
	Postgres   string `help:"PostgreSQL server on which databases may be made and dropped." env:"BENCH_POSTGRES" default:"postgres://postgres@127.0.0.1:5432/postgres?sslmode=disable"`
}

// Suite is what all groups share.
type Suite struct {
	Options
	Root    string // folder of the product's module
	Binary  string // path of the built callboard
	Folder  string // a temporary folder of the run
	Log     func(format string, args ...any)
	Missing error // what could not be measured here
}

// Group is a named group of figures. Measure adds what it sees.
type Group struct {
	Name    string
	Measure func(ctx context.Context, g *report.Group) error
}

// Groups returns all, in the order of the table.
func (s *Suite) Groups() []Group {
	return []Group{
		{"create", s.create},
		{"switches", s.switches},
		{"openloop", s.openLoop},
		{"drain", s.drain},
		{"activity", s.activity},
		{"sockets", s.sockets},
		{"nodes", s.nodes},
		{"storm", s.storm},
		{"read", s.read},
		{"scale", s.scale},
		{"fanout", s.fanOut},
		{"jobs", s.jobs},
		{"import", s.imports},
		{"files", s.files},
		{"backup", s.backups},
		{"process", s.process},
		{"board", s.board},
		{"hostile", s.hostile},
	}
}

// pick returns full, or quick in a quick run.
func pick[T any](s *Suite, full, quick T) T {
	if s.Quick {
		return quick
	}
	return full
}

func (s *Suite) millis(full, quick int) time.Duration {
	return time.Duration(pick(s, full, quick)) * time.Millisecond
}

// entrant is a server that takes part in a comparison.
type entrant struct {
	name  string
	start func(ctx context.Context) (*process.Server, error)
}

// contender is an entrant that runs.
type contender struct {
	*process.Server
	name   string // in the results
	group  *report.Group
	ledger *load.Ledger
}

func (c *contender) add(metric string, value float64) { c.group.Add(c.name, metric, value) }

// last returns what was added last.
func (c *contender) last(metric string) float64 {
	rounds := c.group.Rounds(c.name, metric)
	return rounds[max(0, len(rounds)-1)]
}

func (c *contender) onPostgres() bool { return strings.HasPrefix(c.Database, "postgres") }

// comparison is what entrants go through. Not every step must be there.
type comparison struct {
	entrants []entrant
	rounds   int                                           // 0: as many as usual
	prepare  func(ctx context.Context, c *contender) error // once each, before the rounds
	turn     func(ctx context.Context, c *contender) error // once each in every round
	finish   func(ctx context.Context, c *contender) error // once each, after the rounds
}

// compare has all entrants run at the same time and take turns: A B, B A …, so that what disturbs the machine disturbs all alike.
func (s *Suite) compare(ctx context.Context, g *report.Group, x comparison) (err error) {
	var all []*contender
	defer func() {
		for _, c := range all {
			err = errors.Join(err, c.Stop(context.WithoutCancel(ctx)), os.RemoveAll(s.dataDir(c.name)))
			if c.onPostgres() {
				err = errors.Join(err, process.DropDatabase(ctx, s.Postgres, "bench_"+slug(c.name)))
			}
		}
	}()
	for _, e := range x.entrants {
		server, err := e.start(ctx)
		if err != nil {
			s.missing(g.Name+" of "+e.name, err)
			continue
		}
		all = append(all, &contender{Server: server, name: e.name, group: g, ledger: new(load.Ledger)})
	}
	if err := each(ctx, all, x.prepare); err != nil {
		return err
	}
	for range max(x.rounds, s.Rounds) {
		if err := each(ctx, all, x.turn); err != nil {
			return err
		}
		slices.Reverse(all)
	}
	return each(ctx, all, x.finish)
}

// missing tells that something cannot be measured here. The rest is.
func (s *Suite) missing(what string, err error) {
	err = fmt.Errorf("%s is not measured: %w", what, err)
	s.Log("%v", err)
	s.Missing = errors.Join(s.Missing, err)
}

func each(ctx context.Context, all []*contender, do func(context.Context, *contender) error) error {
	for _, c := range all {
		if do == nil {
			break
		}
		if err := do(ctx, c); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

// callboards returns Callboard on both databases as entrants, and beside each an older one if there is one.
func (s *Suite) callboards(name string) []entrant {
	return append(s.onSQLite(name+" SQLite", process.Config{}), s.onPostgres(name+" PostgreSQL", process.Config{})...)
}

func (s *Suite) onSQLite(name string, config process.Config) []entrant {
	return s.builds(name, config, func(context.Context, string) (string, error) { return "", nil })
}

func (s *Suite) onPostgres(name string, config process.Config) []entrant {
	return s.builds(name, config, s.database)
}

// builds returns the older Callboard and this one, each on a database and in a folder of its own.
func (s *Suite) builds(name string, config process.Config, database func(context.Context, string) (string, error)) (all []entrant) {
	build := func(name string) entrant {
		return entrant{name, func(ctx context.Context) (_ *process.Server, err error) {
			c := config
			c.Binary, c.DataDir = s.binaryOf(name), s.dataDir(name)
			if c.DatabaseURL, err = database(ctx, name); err != nil {
				return nil, err
			}
			if strings.HasSuffix(name, report.Before) && c.Server != "" {
				c.Server = s.BeforeJobs
			}
			if s.Before != "" && c.DatabaseURL != "" { // PostgreSQL takes 100 by default, and two servers 80
				c.MaxConns = 20
			}
			return process.Callboard(ctx, c)
		}}
	}
	switch {
	case s.Before == "":
	case config.Server != "" && s.BeforeJobs == "":
		s.missing("an older "+name, errors.New("it needs --before-jobs"))
	default:
		all = append(all, build(name+report.Before))
	}
	return append(all, build(name))
}

// binaryOf returns that of a server by its name in the results.
func (s *Suite) binaryOf(name string) string {
	if strings.HasSuffix(name, report.Before) {
		return s.Before
	}
	return s.Binary
}

// express returns the Express peer as an entrant.
func (s *Suite) express(name string) entrant {
	return entrant{name, func(ctx context.Context) (*process.Server, error) {
		dir := filepath.Join(s.Root, "bench", "peers", "express")
		if err := process.Command(ctx, dir, "npm", "install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"); err != nil {
			return nil, err
		}
		database, err := s.database(ctx, name)
		if err != nil {
			return nil, err
		}
		return process.Express(ctx, dir, database)
	}}
}

// pocketbase returns the PocketBase peer. It ships with synchronous=NORMAL; FULL is what survives a power cut.
func (s *Suite) pocketbase(name, synchronous string) entrant {
	return entrant{name, func(ctx context.Context) (*process.Server, error) {
		binary, err := s.peer(ctx, "pocketbase")
		if err != nil {
			return nil, err
		}
		return process.PocketBase(ctx, binary, s.dataDir(name), synchronous)
	}}
}

// centrifuge returns the bare socket server. It publishes what it is sent as it is.
func (s *Suite) centrifuge(name string) entrant {
	return entrant{name, func(ctx context.Context) (*process.Server, error) {
		binary, err := s.peer(ctx, "centrifuge")
		if err != nil {
			return nil, err
		}
		return process.Centrifuge(ctx, binary)
	}}
}

// peer builds one of the peers, unless it is, and returns its path.
func (s *Suite) peer(ctx context.Context, name string) (path string, err error) {
	path = filepath.Join(s.Folder, "peer-"+name)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	return path, process.Command(ctx, filepath.Join(s.Root, "bench", "peers", name), "go", "build", "-o", path, ".")
}

func (s *Suite) dataDir(name string) string { return filepath.Join(s.Folder, slug(name)) }

// database makes a PostgreSQL database of the name.
func (s *Suite) database(ctx context.Context, name string) (databaseURL string, err error) {
	return process.MakeDatabase(ctx, s.Postgres, "bench_"+slug(name))
}

func slug(name string) string {
	return strings.ToLower(strings.NewReplacer(" ", "_", ".", "").Replace(name))
}

func pause(ctx context.Context, length time.Duration) error {
	select {
	case <-time.After(length):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
