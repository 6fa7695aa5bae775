package notification

import (
	"context"
	"slices"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// The names of this package's consumers.
const (
	ConsumerInbox = "inbox"      // writes the entries
	ConsumerLive  = "inbox_live" // pushes them to the sockets
)

// Consumers returns the consumers of the log: one writes the entries that follow from events, and the watches; the other,
// which follows it, pushes the entries to the sockets of their users.
func (s *Service) Consumers() []outbox.Consumer {
	notifies := func(e *callboard.Event) bool { return len(e.Audience) > 0 }
	inbox := outbox.Consumer{Name: ConsumerInbox, HandlePart: s.handle, Measures: notifies, Wants: func(e *callboard.Event) bool {
		_, watches := s.watchFrom(e)
		return watches || len(e.Audience) > 0 || s.isCanary(e)
	}}
	if s.cfg.Publisher == nil {
		return []outbox.Consumer{inbox}
	}
	return []outbox.Consumer{inbox, {Name: ConsumerLive, Send: s.send, Measures: notifies, Follows: []string{ConsumerInbox}}}
}

const (
	// maxInline is how many recipients an event may have that is delivered along with others, in one transaction, for
	// which on SQLite all other writes wait. An event that may have more is delivered in chunks, a transaction each.
	maxInline = 100

	// fanOutChunk is how many members of a large audience one transaction looks at: a few milliseconds on SQLite.
	fanOutChunk = 100

	// maxDeliveries bounds how many entries are worked on at once, in the memory of the process.
	maxDeliveries = 20_000
)

// pending is an event that notifies, with its audience not yet resolved.
type pending struct {
	*content
	index   int                  // of the event in its batch
	to      []callboard.Audience // those of the audience that can be read
	watches int                  // how many watches the batch itself adds before this event
}

// delivery is one event for one user.
type delivery struct {
	userID string
	*content
}

// handle writes the entries and the watches that follow from the events. The cursor of the consumer moves in the same
// transaction: that is what makes entries exactly once, also where an event only adds to the count of one. sub is the last
// user of a large audience who has got the first event.
//
// The number of SQL statements depends neither on the number of events nor on that of recipients, except that every
// maxDeliveries entries are a round of their own.
func (s *Service) handle(ctx context.Context, tx *sqldb.Tx, events []callboard.Event, sub string) (int, string, error) {
	if sub != "" {
		return s.fanOut(ctx, tx, &events[0], sub)
	}
	if err := s.rehearse(ctx, tx, events); err != nil {
		return 0, "", err
	}
	toNotify, watches, err := s.read(events)
	if err != nil {
		return 0, "", err
	}
	d, err := s.loadGroups(ctx, tx, toNotify, watches)
	if err != nil {
		return 0, "", err
	}
	large := slices.IndexFunc(toNotify, func(p pending) bool { return d.size(&p) > maxInline })
	switch {
	case large < 0:
	case toNotify[large].index == 0:
		return s.fanOut(ctx, tx, &events[0], "")
	default: // those before it now, and then the large one by itself
		events = events[:toNotify[large].index]
		toNotify, d.added = toNotify[:large], watches[:toNotify[large].watches]
	}
	if err := s.loadInactive(ctx, d, toNotify); err != nil {
		return 0, "", err
	}
	if err := s.deliverAll(ctx, tx, d, toNotify); err != nil {
		return 0, "", err
	}
	if err := insertWatches(ctx, tx, d.added); err != nil {
		return 0, "", err
	}
	return len(events), "", forgetWatches(ctx, tx, goneFrom(toNotify), beyondIDs)
}

// isCanary reports whether e only tests whether a notification could be written.
func (s *Service) isCanary(e *callboard.Event) bool {
	t, _ := s.cfg.Log.Registry().TypeOf(e)
	return t.Name == callboard.Canary.Name
}

// rehearse delivers canaries to the users whom they are about, and takes that back.
func (s *Service) rehearse(ctx context.Context, tx *sqldb.Tx, events []callboard.Event) error {
	var round []delivery
	for i := range events {
		e := &events[i]
		if s.isCanary(e) {
			round = append(round, delivery{userID: e.Resource.ID, content: &content{
				Type: e.Name, Message: e.Name, Data: "{}", Priority: PriorityNormal, ActorID: e.Actor.ID, ActorName: e.Actor.Name,
				EventID: e.ID, Pos: e.Pos, CreatedAt: e.CreatedAt.UnixMicro(), once: true,
			}})
		}
	}
	if len(round) == 0 {
		return nil
	}
	return tx.Rehearse(ctx, func(ctx context.Context) error { return s.deliver(ctx, tx, round) })
}

// fanOut delivers an event to the next chunk of a large audience, those after the user sub. It reads who belongs to the
// audience as it goes: somebody who begins to watch before it is their turn is notified too.
func (s *Service) fanOut(ctx context.Context, tx *sqldb.Tx, e *callboard.Event, sub string) (int, string, error) {
	toNotify, watches, err := s.read([]callboard.Event{*e})
	if err != nil {
		return 0, "", err
	}
	if len(toNotify) == 0 { // it has expired meanwhile
		return 1, "", insertWatches(ctx, tx, watches)
	}
	chunk, err := s.recipientsAfter(ctx, tx, &toNotify[0], sub, fanOutChunk)
	if err != nil {
		return 0, "", err
	}
	round := make([]delivery, len(chunk.ids))
	for i, id := range chunk.ids {
		round[i] = delivery{userID: id, content: toNotify[0].content}
	}
	if err := s.deliver(ctx, tx, round); err != nil {
		return 0, "", err
	}
	if err := forgetWatches(ctx, tx, goneFrom(toNotify), chunk.last); err != nil || !chunk.final {
		return 0, chunk.last, err
	}
	return 1, "", insertWatches(ctx, tx, watches)
}

// read returns the events that notify somebody, and the watches that all of them add, in order.
func (s *Service) read(events []callboard.Event) ([]pending, []watch, error) {
	var toNotify []pending
	var watches []watch
	seen := map[watch]bool{}
	now := s.now()
	for i := range events {
		e := &events[i]
		c, ok, err := s.contentOf(e, now)
		if err != nil {
			return nil, nil, err
		}
		if ok {
			toNotify = append(toNotify, pending{content: c, index: i, to: s.audiences(e), watches: len(watches)})
		}
		if w, ok := s.watchFrom(e); ok && !seen[w] {
			seen[w] = true
			watches = append(watches, w)
		}
	}
	return toNotify, watches, nil
}

// audiences parses the audiences of e. One that cannot be read notifies nobody, now or later, so it must not keep the
// others from being notified.
func (s *Service) audiences(e *callboard.Event) []callboard.Audience {
	to := make([]callboard.Audience, 0, len(e.Audience))
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
func (s *Service) watchFrom(e *callboard.Event) (watch, bool) {
	t, known := s.cfg.Log.Registry().TypeOf(e)
	ok := known && t.Watch && callboard.ValidUserID(e.Actor.ID) && e.Resource.ID != ""
	return watch{userID: e.Actor.ID, on: keyOf(e.Resource)}, ok
}

// goneFrom returns the resources that the events end for good. A deleted episode can be restored; a deleted show not.
func goneFrom(toNotify []pending) []resourceKey {
	var gone []resourceKey
	for _, p := range toNotify {
		if p.Type == callboard.ShowDeleted.Name && !p.sent && p.resource.id != "" {
			gone = append(gone, p.resource)
		}
	}
	return gone
}

// deliverAll delivers the events to their recipients, as many at once as memory allows.
func (s *Service) deliverAll(ctx context.Context, tx *sqldb.Tx, d *directory, toNotify []pending) error {
	var round []delivery
	for i := range toNotify {
		for _, id := range d.recipients(&toNotify[i]) {
			round = append(round, delivery{userID: id, content: toNotify[i].content})
		}
		if len(round) < maxDeliveries && i < len(toNotify)-1 {
			continue
		}
		if err := s.deliver(ctx, tx, round); err != nil {
			return err
		}
		round = round[:0]
	}
	return nil
}

// deliver writes one round: what each user has not muted, joined with what is unread and limited to the rate.
func (s *Service) deliver(ctx context.Context, tx *sqldb.Tx, round []delivery) error {
	if len(round) == 0 {
		return nil
	}
	preferences, err := loadPreferences(ctx, tx, usersOf(round))
	if err != nil {
		return err
	}
	round = slices.DeleteFunc(round, func(d delivery) bool {
		p := preferences[d.userID]
		return p != nil && !p.of(d.Type).InApp
	})
	a, err := s.loadAggregator(ctx, tx, round, s.now())
	if err != nil {
		return err
	}
	for _, d := range round {
		a.put(d)
	}
	return a.save(ctx, tx)
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
