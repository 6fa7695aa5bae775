//go:build linux

package faults

import (
	"context"
	"fmt"
	"time"

	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// count is what became of the work of a round.
type count struct {
	acknowledged, lost, doubled, reordered, missing int
	unsure                                          int // had no answer or an error, could not be sent again for want of a key, and had happened
	repeated                                        int // messages that a client had to drop
	wrong                                           []string
	late                                            []string // all works again, and not as soon as is promised
}

// settle waits until all that follows from the work has followed, at every node and every client.
func (c *cluster) settle() {
	c.t.Helper()
	for _, n := range c.nodes {
		n.Settle()
	}
	var newest int64
	c.withDB(func(db *sqldb.DB) {
		newest = sqldbtest.Column[int64](c.t, db, `SELECT coalesce(max(pos), 0) FROM (`+broadcastPositions+`) AS p`)[0]
	})
	ctx, cancel := context.WithTimeout(c.t.Context(), patience)
	defer cancel()
	for _, l := range c.clients {
		_ = l.await(ctx, func() bool { return l.handled >= newest }) // what does not come is counted as missing
	}
}

// broadcastPositions are those of the events that every client hears. On SQLite the ID is the position.
const broadcastPositions = `SELECT coalesce(pos, id) AS pos FROM callboard_outbox WHERE channels LIKE '%"broadcast"%'`

// audit holds the ledger of a round against the database and the clients, once all is calm.
func (c *cluster) audit(round string, writes []*write) (n count) {
	c.t.Helper()
	c.withDB(func(db *sqldb.DB) {
		found := c.find(db, round)
		for _, w := range writes {
			times := found[w.tag]
			switch {
			case w.wrong != "":
				n.wrong = append(n.wrong, w.tag+": "+w.wrong)
			case w.acked.IsZero() && times.least > 0:
				n.unsure++
			}
			if !w.acked.IsZero() {
				n.acknowledged++
				if times.least < 1 && (c.forgotten == nil || !c.forgotten(w)) {
					n.lost++
					n.wrong = append(n.wrong, fmt.Sprintf("%s, acknowledged at %s with ID %s, is lost: %+v", w.tag, w.acked.Format(time.StampMilli), w.id, times))
				}
			}
			if times.most > 1 {
				n.doubled++
				n.wrong = append(n.wrong, fmt.Sprintf("%s, sent %d times, is there more than once: %+v", w.tag, w.tried, times))
			}
		}
		positions := sqldbtest.Column[int64](c.t, db, broadcastPositions)
		for _, l := range c.clients {
			l.set(func() {
				for _, pos := range positions {
					if pos > l.began && !l.seen[pos] {
						n.missing++
						n.wrong = append(n.wrong, fmt.Sprintf("%s has not heard of position %d", l.user.Name, pos))
						l.seen[pos] = true // it counts once
					}
				}
				n.repeated += l.repeated
				n.reordered += l.reordered
				l.repeated, l.reordered = 0, 0
			})
		}
	})
	c.forgotten = nil
	if n.reordered > 0 {
		n.wrong = append(n.wrong, fmt.Sprintf("%d messages were out of order", n.reordered))
	}
	for _, bad := range c.verify() {
		n.wrong = append(n.wrong, "verify: "+bad)
	}
	return n
}

// effects are how often what follows from a write is there: the rarest and the most frequent of row, event, entry and notification.
type effects struct{ least, most int }

// find looks for what the writes of a round have left, by tag.
func (c *cluster) find(db *sqldb.DB, round string) map[string]effects {
	c.t.Helper()
	users := c.nodes[0].Users
	found := map[string]effects{}
	for _, query := range []string{
		// Episodes by their titles: rows, events, entries, and notifications of the admin, who has not made them.
		effectsOf("title", round, "episode_created", "created_episode", users.Admin),
		// Changes of them, of which the editor hears, who has made them.
		effectsOf("description", round, "episode_updated", "updated_episode", users.Editor),
	} {
		for tag, e := range collect(c, db, query, 4) {
			found[tag] = e
		}
	}
	for tag, e := range collect(c, db, `SELECT o.resource_id, count(*), max(coalesce(a.times, 0)) FROM callboard_outbox o
		LEFT JOIN (SELECT resource_id, count(*) AS times FROM callboard_activity WHERE resource_type = 'fault' GROUP BY resource_id) a
			ON a.resource_id = o.resource_id
		WHERE o.resource_type = 'fault' AND o.name = 'activity_logged' AND o.resource_id LIKE '`+round+`-%' GROUP BY o.resource_id`, 2) {
		found[tag] = e
	}
	for tag, e := range collect(c, db, `SELECT resource_id, CAST(sum(count) AS BIGINT) FROM callboard_notifications WHERE type = 'fault'
		AND resource_id LIKE '`+round+`-%' GROUP BY resource_id`, 1) {
		found[tag] = e
	}
	return found
}

// effectsOf counts the rows, the events, the entries and the notifications of somebody that follow from changes of episodes, by the field
// that has the tag.
func effectsOf(field, round, event, action string, who apptest.User) string {
	return `SELECT e.` + field + `, count(*), max(coalesce(o.times, 0)), max(coalesce(a.times, 0)), max(coalesce(n.times, 0)) FROM callboard_episodes e
		LEFT JOIN (SELECT resource_id, count(*) AS times FROM callboard_outbox WHERE name = '` + event + `' GROUP BY resource_id) o ON o.resource_id = e.id
		LEFT JOIN (SELECT resource_id, count(*) AS times FROM callboard_activity WHERE resource_type = 'episode' AND action = '` + action + `'
			GROUP BY resource_id) a ON a.resource_id = e.id
		LEFT JOIN (SELECT resource_id, CAST(sum(count) AS BIGINT) AS times FROM callboard_notifications WHERE type = '` + event + `'
			AND user_id = '` + who.ID + `' GROUP BY resource_id) n ON n.resource_id = e.id
		WHERE e.` + field + ` LIKE '` + round + `-%' GROUP BY e.` + field
}

// collect runs a query of a tag and so many counts.
func collect(c *cluster, db *sqldb.DB, query string, counts int) map[string]effects {
	type row struct {
		tag string
		e   effects
	}
	found := map[string]effects{}
	for _, r := range sqldbtest.Collect(c.t, db, query, func(scan func(...any) error) (r row, err error) {
		n := make([]int, counts)
		into := []any{&r.tag}
		for i := range n {
			into = append(into, &n[i])
		}
		err = scan(into...)
		r.e = effects{least: n[0], most: n[0]}
		for _, times := range n {
			r.e.least, r.e.most = min(r.e.least, times), max(r.e.most, times)
		}
		return r, err
	}) {
		found[r.tag] = r.e
	}
	return found
}
