package suite

import (
	"context"
	"fmt"
	"time"

	"github.com/callboard/callboard/bench/load"
	"github.com/callboard/callboard/bench/process"
)

const recipients = 2 // users who are told of an episode: all admins and editors but the one who made it

// effect is a table of rows that follow from a write.
type effect struct {
	table string
	want  int    // rows per write
	query string // for the ID of the written and the number of its rows
}

func episodeRows() effect {
	return effect{"episodes", 1, `SELECT CAST(id AS TEXT), 1 FROM callboard_episodes`}
}

// followsFrom returns what follows from an episode, where id is the column of the notifications with its ID.
func followsFrom(id string) []effect {
	return []effect{
		{"activity", 1, `SELECT CAST(resource_id AS TEXT), count(*) FROM callboard_activity WHERE resource_type = 'episode' GROUP BY resource_id`},
		{"notifications", recipients, `SELECT ` + id + `, count(*) FROM callboard_notifications WHERE type = 'episode_created' GROUP BY 1`},
	}
}

// check holds a ledger against tables, once all that follows is there.
func (c *contender) check(ctx context.Context, ledger *load.Ledger, effects ...effect) error {
	if _, err := c.Settle(ctx); err != nil {
		return err
	}
	for _, e := range effects {
		rows, err := process.RowsByID(ctx, c.Database, e.query)
		if err != nil {
			return err
		}
		if err := ledger.Check(e.table, rows, e.want); err != nil {
			return err
		}
	}
	return nil
}

// checkEpisodes holds the ledger against the episodes, and against what follows from them where that is promised.
func (c *contender) checkEpisodes(ctx context.Context) error {
	effects := []effect{episodeRows()}
	if c.Kind == "callboard" && !c.Off {
		effects = append(effects, followsFrom("resource_id")...)
	}
	return c.check(ctx, c.ledger, effects...)
}

// addDelivered adds which part of what should follow is there. Express promises none of it, so a loss is shown and no error.
func (c *contender) addDelivered(ctx context.Context) error {
	for _, e := range followsFrom("data->>'resource_id'") {
		rows, err := process.RowsByID(ctx, c.Database, e.query)
		if err != nil {
			return err
		}
		c.add(e.table+" delivered %", 100*c.ledger.Share(rows, e.want))
	}
	return nil
}

// checkCount fails unless a table has so many rows. Conditions may follow its name.
func (c *contender) checkCount(ctx context.Context, want int64, table string) error {
	n, err := process.Count(ctx, c.Database, table)
	if err == nil && n != want {
		err = fmt.Errorf("there are %d %s, not %d", n, table, want)
	}
	return err
}

// awaitCount waits until it has.
func (c *contender) awaitCount(ctx context.Context, want int64, table string, args ...any) error {
	ctx, cancel := context.WithTimeout(ctx, settleTimeout)
	defer cancel()
	for {
		n, err := process.Count(ctx, c.Database, table, args...)
		if err != nil || n == want {
			return err
		}
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return fmt.Errorf("there are %d %s, not %d: %w", n, table, want, err)
		}
	}
}
