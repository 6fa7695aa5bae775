package outbox

import (
	"context"
	"strings"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/rights"
)

// feedScan is how many events one page of the feed looks at, at the most, to fill itself with those that the caller may
// read.
const feedScan = 2000

// Feed is a page of the events after a position.
type Feed struct {
	Events []callboard.Event // in position order, only those that the actor may read
	Pos    int64             // the page is complete up to here: ask for what comes after it next
	Last   int64             // the newest position there is
}

// More reports whether there are events after this page.
func (f Feed) More() bool { return f.Pos < f.Last }

// Events returns the events after a position, at most limit of them, and fewer where they are large. An admin reads every event, so without gaps; others
// read what they may hear live. A position from before the retention, or from the future, which only a database that was
// set back has not seen, is CodeGone: the caller starts anew.
func (l *Log) Events(ctx context.Context, after int64, limit int) (Feed, error) {
	last, err := LastPos(ctx, l.cfg.DB)
	if err != nil {
		return Feed{}, err
	}
	oldest, err := oldestPos(ctx, l.cfg.DB, last)
	if err != nil {
		return Feed{}, err
	}
	if after < oldest-1 || after > last {
		return Feed{}, gone(oldest, last)
	}
	return l.readable(ctx, Feed{Pos: after, Last: last}, limit)
}

func gone(oldest, last int64) error {
	return callboard.Errorf(callboard.CodeGone,
		"events are kept from position %d to %d; read the lists anew and go on from there", oldest, last)
}

// readable fills f with events that the actor may read. Positions have no gaps, so one means that a sweep came between.
func (l *Log) readable(ctx context.Context, f Feed, limit int) (Feed, error) {
	actor := callboard.ActorFrom(ctx)
	reader := rights.NewReader(l.cfg.Access, actor)
	for scanned := 0; scanned < feedScan && f.More() && len(f.Events) < limit; {
		events, full, err := eventsWithin(ctx, l.cfg.DB, f.Pos, f.Pos+int64(limit))
		if err != nil || len(events) == 0 {
			return f, err
		}
		if first := events[0].Pos; first != f.Pos+1 {
			return Feed{}, gone(first, f.Last)
		}
		for _, e := range events {
			if len(f.Events) == limit {
				return f, nil
			}
			may, err := mayRead(ctx, actor, reader, e)
			if err != nil {
				return Feed{}, err
			}
			if may {
				f.Events = append(f.Events, e)
			}
			f.Pos = e.Pos
		}
		if scanned += len(events); full {
			return f, nil
		}
	}
	return f, nil
}

// mayRead reports whether actor may read e: an admin all, others what goes to a channel that they may listen to. An event
// without channels is for admins alone.
func mayRead(ctx context.Context, actor callboard.Actor, reader *rights.Reader, e callboard.Event) (bool, error) {
	if actor.IsZero() || actor.Role == callboard.RoleAdmin {
		return !actor.IsZero(), nil
	}
	for _, channel := range e.Channels {
		if channel == callboard.UserChannel(actor.ID) {
			return true, nil
		}
		if callboard.PrivateChannel(channel) {
			continue
		}
		typ, id, _ := strings.Cut(channel, ":")
		if may, err := reader.MayRead(ctx, callboard.Resource{Type: typ, ID: id}); may || err != nil {
			return may, err
		}
	}
	return false, nil
}
