package notification

import (
	"context"
	"fmt"
	"slices"
	"time"

	"callboard"
	"callboard/sqldb"
)

// Name is the name of the handler in the outbox.
func (s *Service) Name() string { return "notification" }

// maxDeliveries bounds how many entries are worked on at once, in the memory of the process. An event with more
// recipients is still taken as a whole.
const maxDeliveries = 20_000

// delivery is one event for one user.
type delivery struct {
	userID string
	*content
}

// Handle writes the entries that follow from the events, and the watches. It is called by the relay, whose cursor moves
// in the same transaction: that is what makes entries exactly once, also where an event only adds to the count of one.
//
// The number of SQL statements depends neither on the number of events nor on that of recipients, except that every
// maxDeliveries entries are a round of their own.
func (s *Service) Handle(ctx context.Context, tx *sqldb.Tx, events []callboard.Event) error {
	notices, watches, err := s.read(events)
	if err != nil {
		return err
	}
	if len(notices) > 0 {
		d, err := s.loadDirectory(ctx, tx, notices, watches)
		if err != nil {
			return err
		}
		if err := s.deliverAll(ctx, tx, d, notices); err != nil {
			return err
		}
	}
	return insertWatches(ctx, tx, watches)
}

// read returns the events that notify somebody, and the watches that all of them add, in order.
func (s *Service) read(events []callboard.Event) ([]notice, []watch, error) {
	var notices []notice
	var watches []watch
	seen := map[watch]bool{}
	now := s.now()
	for i := range events {
		e := &events[i]
		c, ok, err := contentOf(e, now)
		if err != nil {
			return nil, nil, err
		}
		if ok {
			notices = append(notices, notice{content: c, to: s.audiences(e), before: len(watches)})
		}
		if w, ok := watchFrom(e); ok && !seen[w] {
			seen[w] = true
			watches = append(watches, w)
		}
	}
	return notices, watches, nil
}

// audiences reads the audiences of e. One that cannot be read notifies nobody, now or later, so it must not keep the
// others from being notified.
func (s *Service) audiences(e *callboard.Event) []callboard.Audience {
	var to []callboard.Audience
	for _, name := range e.Audience {
		a, err := callboard.ParseAudience(name)
		if err != nil {
			s.log.Warn("event with an unreadable audience", "event", e.Name, "id", e.ID, "pos", e.Pos)
			continue
		}
		to = append(to, a)
	}
	return to
}

// watchFrom returns the watch that follows from e, if its actor is a user.
func watchFrom(e *callboard.Event) (watch, bool) {
	t, known := callboard.LookupEvent(e.Name)
	ok := known && t.Watch && callboard.ValidID(e.Actor.ID) && e.Resource.ID != ""
	return watch{userID: e.Actor.ID, on: keyOf(e.Resource)}, ok
}

// deliverAll delivers the notices to their recipients, as many at once as memory allows.
func (s *Service) deliverAll(ctx context.Context, tx *sqldb.Tx, d *directory, notices []notice) error {
	var round []delivery
	for i := range notices {
		for _, id := range d.recipients(&notices[i]) {
			round = append(round, delivery{userID: id, content: notices[i].content})
		}
		if len(round) < maxDeliveries && i < len(notices)-1 {
			continue
		}
		if err := s.deliver(ctx, tx, round); err != nil {
			return err
		}
		round = round[:0]
	}
	return nil
}

// deliver writes one round: what each user wants, joined with what is unread and limited to the rate.
func (s *Service) deliver(ctx context.Context, tx *sqldb.Tx, round []delivery) error {
	round, err := undelivered(ctx, tx, round)
	if err != nil {
		return err
	}
	if round, err = wanted(ctx, tx, round); err != nil || len(round) == 0 {
		return err
	}
	now := s.now()
	box, err := s.openInboxes(ctx, tx, round, now)
	if err != nil {
		return err
	}
	for _, d := range round {
		box.put(d)
	}
	return box.save(ctx, tx, now)
}

// undelivered leaves out those deliveries that have an entry already.
func undelivered(ctx context.Context, tx *sqldb.Tx, round []delivery) ([]delivery, error) {
	if len(round) == 0 {
		return nil, nil
	}
	type pair struct{ event, user string }
	rows, err := tx.QueryContext(ctx, `SELECT event_id, user_id FROM notifications
		WHERE event_id IN (SELECT value FROM `+texts(tx)+`)`, encode(eventIDs(round)))
	if err != nil {
		return nil, fmt.Errorf("read entries of events: %w", err)
	}
	done := map[pair]bool{}
	err = eachRow(rows, func(scan scanFunc) error {
		var p pair
		err := scan(&p.event, &p.user)
		done[p] = true
		return err
	})
	if err != nil || len(done) == 0 {
		return round, err
	}
	return slices.DeleteFunc(round, func(d delivery) bool { return done[pair{d.EventID, d.userID}] }), nil
}

func eventIDs(round []delivery) []string {
	var ids []string
	for i, d := range round {
		if i == 0 || d.EventID != round[i-1].EventID {
			ids = append(ids, d.EventID)
		}
	}
	return ids
}

// wanted leaves out those deliveries that their users have muted.
func wanted(ctx context.Context, tx *sqldb.Tx, round []delivery) ([]delivery, error) {
	if len(round) == 0 {
		return nil, nil
	}
	preferences, err := loadPreferences(ctx, tx, usersOf(round))
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(round, func(d delivery) bool {
		p := preferences[d.userID]
		return p != nil && !p.inApp(d.Type)
	}), nil
}

// usersOf returns the users of the deliveries, each once.
func usersOf(round []delivery) []string {
	seen := make(map[string]bool, len(round))
	var ids []string
	for _, d := range round {
		if !seen[d.userID] {
			seen[d.userID] = true
			ids = append(ids, d.userID)
		}
	}
	return ids
}

// rateWindow is the span over which the rate limit counts.
const rateWindow = time.Hour

// recentCounts returns how many entries each of the users got within the window, up to limit, in one query.
func recentCounts(ctx context.Context, tx *sqldb.Tx, userIDs []string, limit int64, now time.Time) (map[string]int64, error) {
	return countByUser(ctx, tx, `first_at > $2`, limit, userIDs, now.Add(-rateWindow))
}
