package suite

import (
	"context"
	"fmt"

	"callboard/bench/process"
)

// recipients is how many users are told of an episode: all admins and editors but the one who made it.
const recipients = 2

// effect is a table of rows that follow from a creation.
type effect struct {
	table string
	want  int    // rows per episode
	query string // for the id of an episode and the number of its rows
}

// episodesQuery counts the episodes themselves.
const episodesQuery = `SELECT CAST(id AS TEXT), 1 FROM episodes`

func callboardEffects() []effect {
	return []effect{
		{"activity", 1, `SELECT resource_id, count(*) FROM activity WHERE resource_type = 'episode' GROUP BY resource_id`},
		{"notifications", recipients, `SELECT resource_id, count(*) FROM notifications WHERE resource_type = 'episode' GROUP BY resource_id`},
	}
}

func expressEffects() []effect {
	return []effect{
		{"activity", 1, `SELECT resource_id::text, count(*) FROM activity WHERE resource_type = 'episode' GROUP BY resource_id`},
		{"notifications", recipients, `SELECT data->>'resource_id', count(*) FROM notifications GROUP BY data->>'resource_id'`},
	}
}

// check holds the ledger against all tables.
func (c *contender) check(ctx context.Context) error {
	if err := c.checkEpisodes(ctx); err != nil {
		return err
	}
	return c.checkEffects(ctx)
}

// checkEpisodes holds the ledger against the table of episodes: neither may have what the other lacks.
func (c *contender) checkEpisodes(ctx context.Context) error {
	rows, err := process.RowsByID(ctx, c.Database, episodesQuery)
	if err != nil {
		return err
	}
	if err := c.ledger.Check("episodes", rows, 1); err != nil {
		return fmt.Errorf("%s: %w", c.name, err)
	}
	return nil
}

// checkEffects holds the ledger against the rows that follow. Callboard promises them.
func (c *contender) checkEffects(ctx context.Context) error {
	for _, e := range callboardEffects() {
		rows, err := process.RowsByID(ctx, c.Database, e.query)
		if err != nil {
			return err
		}
		if err := c.ledger.Check(e.table, rows, e.want); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

// shares returns which part of the rows that should follow is there. Express promises none of them, so what it lost is
// shown and is no error.
func (c *contender) shares(ctx context.Context) (map[string]float64, error) {
	parts := map[string]float64{}
	for _, e := range expressEffects() {
		rows, err := process.RowsByID(ctx, c.Database, e.query)
		if err != nil {
			return nil, err
		}
		parts[c.name+" "+e.table+" delivered %"] = 100 * c.ledger.Share(rows, e.want)
	}
	return parts, nil
}
