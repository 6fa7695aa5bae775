package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/term"

	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/sqldb"
)

type migrateCommand struct {
	Up     migrateUp     `cmd:"" help:"Apply what is missing, and make the database if there is none. The server does so by itself when it starts."`
	Down   migrateDown   `cmd:"" help:"Take back the newest migration, or all that an older version does not know; back up first, and stop the server."`
	Status migrateStatus `cmd:"" help:"List all migrations and when each was applied."`
	Files  migrateFiles  `cmd:"" help:"Write the migrations as files for goose, golang-migrate or Atlas, for the kind of DATABASE_URL and TABLE_PREFIX. What a tool has applied, the server does not apply again."`
}

type migrateUp struct {
	settings
	newDatabase
}

func (c *migrateUp) Run(ctx context.Context, std streams) error {
	c.Config.NewDatabase = c.NewDatabase
	db, err := app.CreateDB(ctx, c.Config)
	if err != nil {
		return err
	}
	defer db.Close()
	fmt.Fprintf(std.err, "database: %s\n", db)
	return app.MigrateUp(ctx, db)
}

type migrateDown struct {
	settings
	To  string `placeholder:"VERSION" help:"Take back all that this version does not know: a release, such as 0.1.0, or the number of a migration, which stays."`
	Yes bool   `help:"Do not ask."`
}

func (c *migrateDown) Run(ctx context.Context, std streams) error {
	above := int64(-1)
	if c.To != "" {
		var err error
		if above, err = app.MigrationOf(c.To); err != nil {
			return exitError{2, fmt.Errorf("--to: %w", err)}
		}
	}
	return withDB(ctx, c.Config, std, func(db *sqldb.DB) error {
		return app.MigrateDown(ctx, db, above, func(losses []sqldb.MigrationLoss) error {
			if len(losses) == 0 {
				fmt.Fprintln(std.err, "There is nothing to take back: that version knows all that the database has.")
				return nil
			}
			for _, loss := range losses {
				fmt.Fprintf(std.err, "This takes back %s of %s\n", loss.File, loss.Set)
				for _, part := range loss.Parts {
					fmt.Fprintln(std.err, "  "+told(part))
				}
			}
			if c.Yes {
				return nil
			}
			return ask(std, "Go on? Type yes: ")
		})
	})
}

// told says what becomes of a table or a column.
func told(part sqldb.LostPart) string {
	what := fmt.Sprintf("the table %s with %d rows", part.Table, part.Rows)
	if part.Column != "" {
		what = fmt.Sprintf("the column %s of %s, which %d rows have", part.Column, part.Table, part.Rows)
	}
	if part.Kept {
		return "and sets aside " + what
	}
	return "and deletes " + what
}

// ask returns nil when the person at the terminal says yes.
func ask(std streams, question string) error {
	in, ok := std.in.(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return errors.New("standard input is no terminal, so nobody can be asked; add --yes to go on")
	}
	fmt.Fprint(std.err, question)
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil || strings.TrimSpace(line) != "yes" {
		return errors.New("nothing was changed")
	}
	return nil
}

type migrateStatus struct{ settings }

func (c *migrateStatus) Run(ctx context.Context, std streams) error {
	return withDB(ctx, c.Config, std, func(db *sqldb.DB) error {
		states, err := sqldb.MigrationStatus(ctx, db, app.Migrations()...)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(std.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "PACKAGE\tVERSION\tFILE\tAPPLIED")
		for _, s := range states {
			applied := "-"
			if !s.AppliedAt.IsZero() {
				applied = s.AppliedAt.Format(time.RFC3339)
			}
			fmt.Fprintf(w, "%s\t%d\t%s\t%s\n", s.Set, s.Version, cmp.Or(s.File, "(of a newer version)"), applied)
		}
		return w.Flush()
	})
}

type migrateFiles struct {
	settings
	Dir    string `arg:"" help:"Folder to write them to. Files that are there already stay; one that says something else is refused."`
	Format string `default:"goose" enum:"goose,golang-migrate" help:"Whose files: goose or golang-migrate. Atlas reads both."`
}

func (c *migrateFiles) Run(_ context.Context, std streams) error {
	dialect := sqldb.SQLite
	if strings.HasPrefix(c.DatabaseURL, "postgres") {
		dialect = sqldb.Postgres
	}
	files, err := app.MigrationFiles(dialect, c.TablePrefix, sqldb.MigrationFormat(c.Format))
	if err != nil {
		return err
	}
	names, err := fs.Glob(files, "*")
	if err == nil {
		err = os.MkdirAll(c.Dir, 0o750)
	}
	for _, name := range names {
		if err == nil {
			err = writeMigration(files, name, filepath.Join(c.Dir, name))
		}
	}
	if err == nil {
		_, err = fmt.Fprintf(std.err, "%d files for %s are in %s\n", len(names), dialect, c.Dir)
	}
	return err
}

// writeMigration writes one file, unless it is there.
func writeMigration(files fs.FS, name, path string) error {
	content, err := fs.ReadFile(files, name)
	if err != nil {
		return fmt.Errorf("read the migration %s: %w", name, err)
	}
	there, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return os.WriteFile(path, content, 0o640)
	case err == nil && !bytes.Equal(there, content):
		return fmt.Errorf("%s is there, and says something else; was it made for another TABLE_PREFIX?", path)
	}
	return err
}

// withDB runs do on the database as it is. Which one that is goes to standard error, for people.
func withDB(ctx context.Context, cfg app.Config, std streams, do func(*sqldb.DB) error) error {
	db, err := app.OpenDB(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	fmt.Fprintf(std.err, "database: %s\n", db)
	return do(db)
}

type backupCommand struct {
	settings
	File string `arg:"" optional:"" help:"File to write; it must not exist yet."`
	Note bool   `help:"Only note that the database has been backed up just now by another tool, such as pg_dump, for doctor to tell how long ago that was."`
}

// Validate has kong refuse what does not go together.
func (c *backupCommand) Validate() error {
	if (c.File == "") != c.Note {
		return errors.New("name the file to write, or give --note after a backup by another tool")
	}
	return nil
}

func (c *backupCommand) Run(ctx context.Context, std streams) error {
	return withDB(ctx, c.Config, std, func(db *sqldb.DB) error {
		if c.Note {
			return app.NoteBackup(ctx, db)
		}
		r, err := app.Backup(ctx, db, c.File)
		if err == nil {
			err = app.NoteBackup(ctx, db)
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(std.err, "wrote %s: %d bytes, %d episodes, events up to position %d; the copy was checked\n"+
			"Uploaded files and the secrets in DATA_DIR are not in it, see docs/operations.md.\n", c.File, r.Bytes, r.Episodes, r.Pos)
		return err
	})
}
