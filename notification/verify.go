package notification

import (
	"context"
	"fmt"

	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// Verify checks that every notification follows from an event that is there, that has an audience, and that the inbox has come to. That
// none is missing cannot be told from what is there: people delete their own and mute what they like.
func Verify(ctx context.Context, q sqldb.Querier, tell outbox.Tell) error {
	pos, within, err := outbox.Cursor(ctx, q, ConsumerInbox)
	if err != nil {
		return err
	}
	if within { // a large audience is being served
		pos++
	}
	column := "pos"
	if q.Dialect() == sqldb.SQLite {
		column = "id"
	}
	faults := 0
	//nolint:rowserrcheck // Each does
	rows, err := q.QueryContext(ctx, `SELECT n.id, n.user_id, n.pos, coalesce(e.event_id, ''), n.event_id, n.pos > $1
		FROM callboard_notifications n LEFT JOIN callboard_outbox e ON e.`+column+` = n.pos
		WHERE n.pos >= coalesce((SELECT min(`+column+`) FROM callboard_outbox), $1 + 1)
			AND (n.pos > $1 OR e.event_id IS NULL OR e.event_id <> n.event_id OR e.audience = '[]')
		ORDER BY n.pos, n.id`, pos)
	err = sqldb.Each(rows, err, "compare notifications with events", func(row sqldb.Scanner) error {
		var id, user, found, named string
		var at int64
		var ahead bool
		if err := row.Scan(&id, &user, &at, &found, &named, &ahead); err != nil {
			return err
		}
		faults++
		place := fmt.Sprintf("position %d", at)
		switch {
		case ahead:
			tell.Fault(place, "the notification %s of the user %s is of an event that the inbox has not come to", id, user)
		case found != named:
			tell.Fault(place, "the notification %s of the user %s follows from no event", id, user)
		default:
			tell.Fault(place, "the notification %s of the user %s is of an event that notifies nobody", id, user)
		}
		return nil
	})
	if err == nil && faults == 0 {
		tell.OK("each notification follows from its event, as far back as events are kept")
	}
	return err
}
