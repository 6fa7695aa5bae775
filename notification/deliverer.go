package notification

import (
	"context"
	"errors"
	"sync"
	"time"

	"callboard/sqldb"
)

// What a slice of a large audience may cost. On SQLite other writes wait as long as it takes; on PostgreSQL only the relay
// does, and what costs most there is the way to the database and back.
const (
	sliceTime = 2 * time.Millisecond
	minSlice  = 25 // users; with fewer the statements cost more than the rows
	maxSlice  = 250
)

// deliveryPoll is how often the deliverer looks without being woken. The table is the truth, also after a restart.
const deliveryPoll = time.Second

// tellPage is how many users are told of their entries at once.
const tellPage = 250

// deliverer brings events to large audiences. One goroutine writes the entries, in slices of one transaction each, so that
// other writes get their turn in between. Another one follows it and tells the users, and never writes: how far it has
// come is saved with the next slice. So a publisher that fails or is slow holds up no entries.
//
// The entries are exactly once, since the cursor moves in the transaction of the slice; the messages are at least once.
type deliverer struct {
	s       *Service
	leading func() bool
	size    int          // of the next slice
	written sqldb.Wakeup // there may be somebody to tell
	settled sqldb.Wakeup // all of a mailing may have been told

	mu   sync.Mutex
	told map[int64]string // how far each mailing has been told, by position; ahead of the table
}

// Run brings events with large audiences to their users until ctx ends. Several nodes may run it on one database: it works
// while leading says so, and where two do for a moment, each slice is still written once.
//
// It is no error that the database is away: it is logged and tried again.
func (s *Service) Run(ctx context.Context, leading func() bool) error {
	d := &deliverer{
		s: s, leading: leading, size: minSlice, written: sqldb.NewWakeup(), settled: sqldb.NewWakeup(), told: map[int64]string{},
	}
	if s.db.Dialect() != sqldb.SQLite {
		d.size = maxSlice
	}
	var telling sync.WaitGroup
	telling.Go(func() { d.tellLoop(ctx) })
	d.writeLoop(ctx)
	telling.Wait()
	return nil
}

func (d *deliverer) writeLoop(ctx context.Context) {
	wake, stop := d.s.db.Listen(deliveriesTopic)
	defer stop()
	ticker := time.NewTicker(deliveryPoll)
	defer ticker.Stop()
	for ctx.Err() == nil {
		if err := d.writeAll(ctx); err != nil && ctx.Err() == nil {
			d.s.log.Error("delivery to a large audience failed; it goes on where it stopped", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-wake:
		case <-d.settled:
		case <-ticker.C:
		}
	}
}

// writeAll ends what is done, and then works on all other mailings, the oldest first. One that fails does not keep the
// others from their turn.
func (d *deliverer) writeAll(ctx context.Context) error {
	if !d.leading() {
		return nil
	}
	if err := d.finishAll(ctx); err != nil {
		return err
	}
	mailings, err := d.s.openMailings(ctx)
	if err != nil {
		return err
	}
	for _, m := range mailings {
		err = errors.Join(err, d.write(ctx, m))
	}
	return err
}

// finishAll ends the mailings whose users all have their entry and were told of it.
func (d *deliverer) finishAll(ctx context.Context) error {
	all, err := readProgress(ctx, d.s.db)
	if err != nil {
		return err
	}
	d.forgetOthers(all)
	for _, p := range all {
		if !p.completed || d.toldOf(&p) < p.after {
			continue
		}
		err := d.s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error { return deleteMailing(ctx, tx, p.pos) })
		if err != nil {
			return err
		}
		d.s.delivered.Raise()
	}
	return nil
}

// write brings a mailing to all of its users who have not got it yet.
func (d *deliverer) write(ctx context.Context, m *mailing) error {
	for !m.completed && ctx.Err() == nil && d.leading() {
		err := d.slice(ctx, m)
		if errors.Is(err, errMoved) {
			return nil
		}
		if err != nil {
			return err
		}
		d.written.Raise()
	}
	return nil
}

// errMoved says that another process works on the mailing.
var errMoved = errors.New("somebody else has moved the delivery on")

// slice writes the entries of the next users.
func (d *deliverer) slice(ctx context.Context, m *mailing) error {
	page, err := d.nextPage(ctx, m)
	if err != nil {
		return err
	}
	next := m.progress
	next.after, next.completed, next.told = page.last, page.final, d.toldOf(&m.progress)
	var took time.Duration
	err = d.s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		start := time.Now() // not before: on SQLite the transaction first waits for its turn
		defer func() { took = time.Since(start) }()
		return d.s.writeSlice(ctx, tx, m, next, page.ids)
	})
	if err != nil {
		return err
	}
	m.progress = next
	d.adapt(len(page.ids), took)
	if d.s.db.Dialect() == sqldb.SQLite {
		sqldb.Wait(ctx, took) // half of the time belongs to the others: what waits for the writer is small and has somebody waiting
	}
	return nil
}

// nextPage returns the next users, or nobody any more once the event has expired.
func (d *deliverer) nextPage(ctx context.Context, m *mailing) (recipientPage, error) {
	if m.ExpiresAt != nil && *m.ExpiresAt <= d.s.now().UnixMicro() {
		return recipientPage{last: m.after, final: true}, nil
	}
	return d.s.recipientsAfter(ctx, m, d.size)
}

// adapt chooses the size of the next slice: as many users as fit into sliceTime, going by the last one, and at most twice
// as many as that had.
func (d *deliverer) adapt(users int, took time.Duration) {
	if users == 0 || took <= 0 || d.s.db.Dialect() != sqldb.SQLite {
		return
	}
	fit := int(int64(users) * int64(sliceTime) / int64(took))
	d.size = min(max(fit, minSlice), 2*d.size, maxSlice)
}

// writeSlice does all of a slice: the cursor, the entries, and forgetting who watched what is gone.
func (s *Service) writeSlice(ctx context.Context, tx *sqldb.Tx, m *mailing, next progress, userIDs []string) error {
	if err := lockInboxes(ctx, tx); err != nil {
		return err
	}
	moved, err := advance(ctx, tx, m.progress, next, s.now())
	if err != nil {
		return err
	}
	if !moved {
		return errMoved
	}
	round := make([]delivery, len(userIDs))
	for i, id := range userIDs {
		round[i] = delivery{userID: id, content: m.content}
	}
	if _, err := s.deliver(ctx, tx, round); err != nil {
		return err
	}
	if res, gone := goneFrom(m.content); gone {
		return forgetWatches(ctx, tx, []resourceKey{res}, next.after)
	}
	return nil
}

func (d *deliverer) tellLoop(ctx context.Context) {
	ticker := time.NewTicker(deliveryPoll)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-d.written:
		}
		if err := d.tellAll(ctx); err != nil && ctx.Err() == nil {
			d.s.log.Warn("telling a large audience failed; it resumes at its cursor", "error", err)
			sqldb.Wait(ctx, deliveryPoll)
		}
	}
}

func (d *deliverer) tellAll(ctx context.Context) error {
	if !d.leading() {
		return nil
	}
	all, err := readProgress(ctx, d.s.db)
	if err != nil {
		return err
	}
	for _, p := range all {
		if err := d.tell(ctx, p); err != nil {
			return err // the publisher would not take the others either
		}
	}
	return nil
}

// tell publishes the entries that were written to their users. At least once: the cursor moves in memory after the
// publisher has taken a page, and reaches the table with the next slice. Who has got a newer event with theirs is told by that.
func (d *deliverer) tell(ctx context.Context, p progress) error {
	told := d.toldOf(&p)
	for told < p.after {
		entries, err := d.s.entriesBetween(ctx, p.eventID, told, p.after)
		if err != nil {
			return err
		}
		if told = p.after; len(entries) == tellPage {
			told = entries[tellPage-1].UserID // before telling, which leaves out entries in place
		}
		if err := d.s.tell(ctx, entries); err != nil {
			return err
		}
		d.setTold(p.pos, told)
	}
	if p.completed {
		d.settled.Raise()
	}
	return nil
}

// toldOf returns how far a mailing has been told.
func (d *deliverer) toldOf(p *progress) string {
	if d.s.cfg.Publisher == nil {
		return p.after
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return max(p.told, d.told[p.pos])
}

func (d *deliverer) setTold(pos int64, userID string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.told[pos] = userID
}

// forgetOthers drops what is remembered of mailings that have ended.
func (d *deliverer) forgetOthers(all []progress) {
	d.mu.Lock()
	defer d.mu.Unlock()
	kept := make(map[int64]string, len(all))
	for _, p := range all {
		if told, ok := d.told[p.pos]; ok {
			kept[p.pos] = told
		}
	}
	d.told = kept
}

// Delivered returns when nothing is on its way to a large audience, or with the error of ctx. It is for tests; where no Run
// works it waits in vain.
func (s *Service) Delivered(ctx context.Context) error {
	for {
		d, err := s.Deliveries(ctx)
		if err != nil || d.Count == 0 {
			return err
		}
		timer := time.NewTimer(deliveryPoll)
		select {
		case <-ctx.Done():
			err = ctx.Err()
		case <-s.delivered:
		case <-timer.C:
		}
		timer.Stop()
		if err != nil {
			return err
		}
	}
}
