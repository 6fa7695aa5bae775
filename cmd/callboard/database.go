package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"callboard/app"
	"callboard/sqldb"
)

type migrateCommand struct {
	Up     migrateUp     `cmd:"" help:"Apply what is missing. The server does so by itself when it starts."`
	Down   migrateDown   `cmd:"" help:"Take back the newest migration. Data in its tables is lost; back up first."`
	Status migrateStatus `cmd:"" help:"List all migrations and when each was applied."`
}

type migrateUp struct{ settings }

func (c *migrateUp) Run(ctx context.Context) error {
	return withDB(ctx, c.Config, func(db *sqldb.DB) error { return app.Migrate(ctx, db) })
}

type migrateDown struct{ settings }

func (c *migrateDown) Run(ctx context.Context) error {
	return withDB(ctx, c.Config, func(db *sqldb.DB) error { return sqldb.MigrateDown(ctx, db, app.Migrations()...) })
}

type migrateStatus struct{ settings }

func (c *migrateStatus) Run(ctx context.Context, std streams) error {
	return withDB(ctx, c.Config, func(db *sqldb.DB) error {
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
			fmt.Fprintf(w, "%s\t%d\t%s\t%s\n", s.Set, s.Version, s.File, applied)
		}
		return w.Flush()
	})
}

func withDB(ctx context.Context, cfg app.Config, do func(*sqldb.DB) error) error {
	db, err := app.OpenDB(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	return do(db)
}

type backupCommand struct {
	settings
	File string `arg:"" help:"File to write; it must not exist yet."`
}

func (c *backupCommand) Run(ctx context.Context, std streams) error {
	return withDB(ctx, c.Config, func(db *sqldb.DB) error {
		if err := db.Backup(ctx, c.File); err != nil {
			return err
		}
		_, err := fmt.Fprintf(std.err, "wrote %s\n", c.File)
		return err
	})
}
