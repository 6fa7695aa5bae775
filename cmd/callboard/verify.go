package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/callboard/callboard/activity"
	"github.com/callboard/callboard/app"
)

type verifyCommand struct {
	settings
	Checkpoint []string `type:"existingfile" xor:"against" help:"File with a checkpoint that was kept elsewhere: what it signed must still be there. An answer of GET /api/v1/activity/checkpoint, its note, or a bundle. May be repeated."`
	Key        []string `help:"Public key that is trusted, beside those in log_public_keys of DATA_DIR. May be repeated." sep:"none"`
	Bundle     string   `type:"existingfile" xor:"against" help:"Check this bundle of GET /api/v1/activity/bundle instead; no database is needed."`
	JSON       bool     `name:"json" help:"Print what was found as JSON."`
}

// Run prints a line per finding. A fault is an error, so that the exit code tells.
func (c *verifyCommand) Run(ctx context.Context, std streams) error {
	if _, err := activity.ParseKeys(c.Key...); err != nil {
		return exitError{2, fmt.Errorf("--key: %w", err)}
	}
	options := app.VerifyOptions{Keys: c.Key, Checkpoints: map[string]string{}}
	for _, path := range c.Checkpoint {
		text, err := readStart(path)
		if err != nil {
			return fmt.Errorf("read the checkpoint: %w", err)
		}
		options.Checkpoints[path] = string(text)
	}
	findings, failed := c.verify(ctx, options)
	if failed != nil && len(findings) == 0 {
		return failed
	}
	faults := 0
	for _, p := range findings {
		if p.Fault {
			faults++
		}
	}
	if err := errors.Join(failed, c.print(std, findings, faults == 0 && failed == nil)); err != nil {
		return err
	}
	if faults > 0 {
		return errors.New("this is not as it was")
	}
	return nil
}

// readStart reads as much of a file as a checkpoint may take: it may be a bundle, which has it in its first line.
func readStart(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, 64<<10))
}

func (c *verifyCommand) verify(ctx context.Context, options app.VerifyOptions) ([]app.Verified, error) {
	if c.Bundle == "" {
		return app.Verify(ctx, c.Config, options)
	}
	f, err := os.Open(c.Bundle)
	if err != nil {
		return nil, fmt.Errorf("read the bundle: %w", err)
	}
	defer f.Close()
	return app.VerifyBundle(ctx, c.Config, f, options)
}

func (c *verifyCommand) print(std streams, findings []app.Verified, ok bool) error {
	if c.JSON {
		out := json.NewEncoder(std.out)
		out.SetIndent("", "  ")
		out.SetEscapeHTML(false)
		if err := out.Encode(map[string]any{"ok": ok, "findings": findings}); err != nil {
			return fmt.Errorf("print what was found: %w", err)
		}
		return nil
	}
	for _, p := range findings {
		if p.Fault {
			fmt.Fprintf(std.out, "BAD  %s: %s: %s\n", p.Part, printable(p.Place), printable(p.Text))
		} else {
			fmt.Fprintf(std.out, "ok   %s: %s\n", p.Part, printable(p.Text))
		}
	}
	return nil
}
