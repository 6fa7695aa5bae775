package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/callboard/callboard/app"
)

type doctorCommand struct {
	settings
	JSON bool `name:"json" help:"Print the findings as JSON."`
}

// Run prints a line per finding. Trouble is an error, so that the exit code tells.
func (c *doctorCommand) Run(ctx context.Context, std streams) error {
	findings := app.Doctor(ctx, c.Config)
	troubles := 0
	for _, f := range findings {
		if f.Trouble {
			troubles++
		}
	}
	if c.JSON {
		out := json.NewEncoder(std.out)
		out.SetIndent("", "  ")
		out.SetEscapeHTML(false)
		if err := out.Encode(map[string]any{"ok": troubles == 0, "findings": findings}); err != nil {
			return fmt.Errorf("print the findings: %w", err)
		}
	} else {
		for _, f := range findings {
			if !f.Trouble {
				fmt.Fprintf(std.out, "ok   %s: %s\n", f.Part, f.Text)
				continue
			}
			fmt.Fprintf(std.out, "BAD  %s: %s\n     why: %s\n     fix: %s\n", f.Part, f.Text, f.Why, f.Fix)
		}
	}
	if troubles > 0 {
		return errors.New("there is trouble")
	}
	return nil
}
