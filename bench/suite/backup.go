package suite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"

	"github.com/callboard/callboard/bench/load"
	"github.com/callboard/callboard/bench/process"
	"github.com/callboard/callboard/bench/report"
)

// backups measures for how long others wait who write while a large SQLite database is backed up.
func (s *Suite) backups(ctx context.Context, g *report.Group) error {
	const server, beside = "callboard backup", "callboard backup beside"
	size := int64(pick(s, 1_000, 50)) * 1_000_000
	err := s.compare(ctx, g, comparison{
		entrants: s.onSQLite(server, process.Config{}),
		prepare:  func(ctx context.Context, c *contender) error { return c.fillTo(ctx, size) },
		turn: func(ctx context.Context, c *contender) error {
			if err := s.createSome(ctx, c, c.name, s.millis(20_000, 400)); err != nil {
				return err
			}
			enough, stop := context.WithCancel(ctx)
			done := make(chan error, 1)
			go func() { done <- s.backUp(enough, c) }()
			err := s.createSome(ctx, c, beside, s.millis(60_000, 400)) // a whole backup, its check too
			stop()
			return errors.Join(err, <-done)
		},
	})
	g.Ratio("creates by others while "+short(int(size/1_000_000))+" MB are backed up ÷ without, on SQLite: p99", report.AtMost(2), beside, server, p99)
	g.Median("a backup of it beside them", "s", report.Target{}, server, "backup s")
	return err
}

// fillTo writes entries of the log until the database file has a size, in bytes.
func (c *contender) fillTo(ctx context.Context, size int64) error {
	const perCall = 50
	entries := make([]map[string]any, perCall)
	for i := range entries {
		entries[i] = map[string]any{
			"action": "noted_take", "resource_type": "take", "resource_id": strconv.Itoa(i), "metadata": map[string]any{"note": strings.Repeat("sound is too low; ", 800)},
		}
	}
	request := load.Request("POST", c.URL+"/api/v1/activity/bulk", c.Tokens["ada"], bulkBody(entries))
	for {
		file, err := os.Stat(c.Database)
		if err != nil || file.Size() >= size {
			return err
		}
		if _, err := load.Run(ctx, load.Plan{Connections: 2, Requests: 40, Request: func(int) vegeta.Target { return request }}); err != nil {
			return fmt.Errorf("fill the log: %w", err)
		}
		if _, err := c.Settle(ctx); err != nil {
			return err
		}
	}
}

// backUp makes one backup after the other until ctx ends, the last one to its end.
func (s *Suite) backUp(ctx context.Context, c *contender) error {
	for ctx.Err() == nil {
		path, began := filepath.Join(s.Folder, "copy.db"), time.Now()
		cmd := exec.Command(s.binaryOf(c.name), "backup", path)
		cmd.Env = append(os.Environ(), "DATA_DIR="+filepath.Dir(c.Database), "DATABASE_URL="+c.Database)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("callboard backup: %w: %s", err, out)
		}
		c.add("backup s", time.Since(began).Seconds())
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return nil
}
