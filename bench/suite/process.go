package suite

import (
	"context"
	"fmt"
	"os"

	"github.com/callboard/callboard/bench/report"
)

// process measures what a server costs that nobody asks anything: CPU, memory, and the size of its binary.
func (s *Suite) process(ctx context.Context, g *report.Group) error {
	err := s.compare(ctx, g, comparison{
		entrants: s.callboards("callboard"),
		prepare: func(ctx context.Context, c *contender) error {
			idle, err := s.idleMemory(ctx, c)
			if err != nil {
				return err
			}
			binary, err := os.Stat(s.binaryOf(c.name))
			if err != nil {
				return fmt.Errorf("find the binary: %w", err)
			}
			c.add("idle RSS MB", idle)
			c.add("binary MB", megabytes(binary.Size()))
			return nil
		},
		turn: func(ctx context.Context, c *contender) error {
			before, err := c.CPU()
			if err != nil {
				return err
			}
			length := s.millis(5000, 2000)
			if err := pause(ctx, length); err != nil {
				return err
			}
			after, err := c.CPU()
			c.add("idle CPU %", 100*(after-before).Seconds()/length.Seconds())
			return err
		},
	})
	const server = "callboard SQLite"
	g.Median("idle: CPU of one core", "%", report.AtMost(1), server, "idle CPU %")
	g.Median("idle: memory", "MB", report.AtMost(60), server, "idle RSS MB")
	g.Median("binary", "MB", report.AtMost(60), server, "binary MB")
	return err
}
