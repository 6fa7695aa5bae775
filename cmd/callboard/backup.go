package main

import (
	"context"
	"fmt"

	"callboard/sqldb"
)

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
