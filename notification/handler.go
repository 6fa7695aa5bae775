package notification

import (
	"context"
	"fmt"
	"slices"

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
// An event with a large audience leaves one row here, from which Run makes the entries; exactly once, for the same reason.
//
// The number of SQL statements depends neither on the number of events nor on that of recipients, except that every
// maxDeliveries entries are a round of their own.
func (s *Service) Handle(ctx context.Context, tx *sqldb.Tx, events []callboard.Event) error {
	notices, watches, err := s.read(events)
	if err != nil {
		return err
	}
	done := newHanded(events, s.now())
	if len(notices) > 0 {
		if err := s.notify(ctx, tx, notices, watches, done); err != nil {
			return err
		}
	}
	if err := insertWatches(ctx, tx, watches); err != nil {
		return err
	}
	if s.cfg.Publisher != nil {
		tx.OnCommit(func() { s.handed.add(done) })
	}
	return forgetWatches(ctx, tx, done.gone, beyondIDs)
}

// notify delivers the notices, or hands those with large audiences over.
func (s *Service) notify(ctx context.Context, tx *sqldb.Tx, notices []notice, watches []watch, done *handed) error {
	if err := lockInboxes(ctx, tx); err != nil {
		return err
	}
	d, err := s.loadGroups(ctx, tx, notices, watches)
	if err != nil {
		return err
	}
	inline, deferred := d.split(notices)
	for _, n := range inline {
		if res, gone := goneFrom(n.content); gone {
			done.gone = append(done.gone, res)
		}
	}
	for _, n := range deferred {
		done.later[n.Pos] = true
	}
	if err := s.loadInactive(ctx, tx, d, inline); err != nil {
		return err
	}
	if err := s.deliverAll(ctx, tx, d, inline, done); err != nil {
		return err
	}
	return handOver(ctx, tx, deferred, s.now())
}

// inboxLock is the key of the lock that lockInboxes takes. Any constant does that others do not use.
const inboxLock = 0x63625f69_6e626f78 // "cb_inbox"

// lockInboxes has the relay and the slices of large audiences write one after the other on PostgreSQL, as they do on
// SQLite anyway. Otherwise two events of the same kind could each make an entry where the later should join the earlier, and
// users would get more than their limit.
func lockInboxes(ctx context.Context, tx *sqldb.Tx) error {
	if tx.Dialect() != sqldb.Postgres {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(inboxLock)); err != nil {
		return fmt.Errorf("lock inboxes: %w", err)
	}
	return nil
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
			to := s.audiences(e)
			notices = append(notices, notice{content: c, audience: e.Audience, to: to, before: len(watches)})
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
	to := parseAudiences(e.Audience)
	if len(to) < len(e.Audience) {
		s.log.Warn("event with an unreadable audience", "event", e.Name, "id", e.ID, "pos", e.Pos)
	}
	return to
}

// parseAudiences returns those of the audiences that can be read.
func parseAudiences(names []string) []callboard.Audience {
	to := make([]callboard.Audience, 0, len(names))
	for _, name := range names {
		if a, err := callboard.ParseAudience(name); err == nil {
			to = append(to, a)
		}
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
func (s *Service) deliverAll(ctx context.Context, tx *sqldb.Tx, d *directory, notices []notice, done *handed) error {
	var round []delivery
	for i := range notices {
		for _, id := range d.recipients(&notices[i]) {
			round = append(round, delivery{userID: id, content: notices[i].content})
		}
		if len(round) < maxDeliveries && i < len(notices)-1 {
			continue
		}
		changed, err := s.deliver(ctx, tx, round)
		if err != nil {
			return err
		}
		done.note(changed)
		round = round[:0]
	}
	return nil
}

// deliver writes one round: what each user wants, joined with what is unread and limited to the rate. It returns the
// entries that it made or changed.
func (s *Service) deliver(ctx context.Context, tx *sqldb.Tx, round []delivery) ([]*entry, error) {
	round, preferences, err := wanted(ctx, tx, round)
	if err != nil || len(round) == 0 {
		return nil, err
	}
	box, err := s.openInboxes(ctx, tx, round, s.now())
	if err != nil {
		return nil, err
	}
	for _, d := range round {
		box.put(d)
	}
	for _, e := range box.order {
		e.wishes = preferences[e.userID]
	}
	return box.order, box.save(ctx, tx)
}

// wanted leaves out those deliveries that their users have muted. It also returns the preferences of the users.
func wanted(ctx context.Context, tx *sqldb.Tx, round []delivery) ([]delivery, map[string]*Preferences, error) {
	if len(round) == 0 {
		return nil, nil, nil
	}
	preferences, err := loadPreferences(ctx, tx, usersOf(round))
	if err != nil {
		return nil, nil, err
	}
	return slices.DeleteFunc(round, func(d delivery) bool {
		p := preferences[d.userID]
		return p != nil && !p.inApp(d.Type)
	}), preferences, nil
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
