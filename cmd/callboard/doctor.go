package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/callboard/callboard/app"
)

type doctorCommand struct {
	settings
	URL          string        `name:"url" help:"Where people reach the board, such as https://board.example.org: the address, its certificate and the proxy are looked at, too."`
	MaxBackupAge time.Duration `name:"max-backup-age" default:"48h" help:"How old the last backup may be."`
	MinFreeMB    int           `name:"min-free-mb" default:"1024" type:"megabytes" help:"Room that should be on the disk, in MB, or with a unit: 4GB."`
	Timeout      time.Duration `name:"timeout" default:"2500ms" help:"How long all checks together may take. What has not ended by then is a finding."`
	JSON         bool          `name:"json" help:"Print the findings as JSON."`
}

// The exit codes of doctor. Those of all commands are 1 for what went wrong and 2 for arguments that cannot be used.
const (
	exitWarnings = 3
	exitCritical = 4
)

// Run prints a line per finding. How bad they are is the exit code.
func (c *doctorCommand) Run(ctx context.Context, std streams) error {
	findings := app.Doctor(ctx, c.Config, app.DoctorOptions{URL: c.URL, MaxBackupAge: c.MaxBackupAge, MinFreeMB: c.MinFreeMB, Timeout: c.Timeout})
	worst := app.Worst(findings)
	if c.JSON {
		out := json.NewEncoder(std.out)
		out.SetIndent("", "  ")
		out.SetEscapeHTML(false)
		if err := out.Encode(map[string]any{"ok": worst == app.SeverityOK, "severity": worst, "findings": findings}); err != nil {
			return fmt.Errorf("print the findings: %w", err)
		}
	} else {
		printFindings(std, findings)
	}
	switch worst {
	case app.SeverityCritical:
		return exitError{exitCritical, errors.New("there is trouble")}
	case app.SeverityWarning:
		return exitError{exitWarnings, errors.New("there are warnings")}
	}
	return nil
}

func printFindings(std streams, findings []app.Finding) {
	marks := map[app.Severity]string{app.SeverityOK: "ok  ", app.SeverityWarning: "WARN", app.SeverityCritical: "BAD "}
	for _, f := range findings {
		fmt.Fprintf(std.out, "%s %s: %s\n", marks[f.Severity], f.Part, printable(f.Text))
		if f.Severity != app.SeverityOK {
			fmt.Fprintf(std.out, "     why: %s\n     fix: %s\n", f.Why, f.Fix)
		}
	}
}
