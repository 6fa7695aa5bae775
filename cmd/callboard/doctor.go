package main

import (
	"context"
	"fmt"

	"callboard/app"
)

type doctorCommand struct{ settings }

// Run prints a line per finding. Trouble is an error, so that the exit code tells.
func (c *doctorCommand) Run(ctx context.Context, std streams) error {
	return withApp(ctx, c.Config, func(a *app.App) error {
		report, err := a.Diagnose(ctx)
		for _, f := range report {
			mark := "ok  "
			if f.Trouble {
				mark = "BAD "
			}
			fmt.Fprintf(std.out, "%s %s\n", mark, f.Text)
		}
		return err
	})
}
