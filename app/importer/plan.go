package importer

import (
	"context"
	"fmt"
	"maps"
	"sync/atomic"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/sqldb"
)

// session is a plan or an import on its way.
type session struct {
	cfg     Config
	opts    Options
	saved   Mapping // that the show has, where the import goes by it
	hooks   Hooks
	write   bool
	entries func(ctx context.Context, yield func(entry) error) error
	header  []string
	total   int // rows of the file

	shows  *shows
	claims *claims
	past   effects      // of the batches that are done
	agree  int          // rows outside of shows that are there, see weigh
	differ int          // that are there in part
	loose  bool         // outside of shows a title or a number alone says which episode is meant
	size   atomic.Int64 // of the next batch, in rows
	report Report

	refused, others int // problems that the report lists, of rows that were refused and of others
}

// row is an entry and what becomes of it.
type row struct {
	entry
	scope    *scope           // what it belongs to; nil when it was refused before that was known
	known    *episode.Episode // whose ID the row has, deleted or not
	numbered bool             // brings the number of a place in a show along
	loose    bool             // brings a number along, outside of shows
	place    uint64           // that number with all that it is within
	name     uint64           // what it belongs to and its title; 0 without a title
	identity uint64           // what tells it from other rows, where neither an ID nor a place does; else 0
	content  uint64           // all that it says

	outcome Outcome
	reason  string           // why it is refused or skipped
	rules   []string         // by which rules it was taken for the episode, where a reader should know
	old     *episode.Episode // that it updates
	next    episode.Episode  // that it creates, or as it updates that
}

func (r *row) settle(o Outcome, format string, args ...any) {
	r.outcome, r.reason = o, fmt.Sprintf(format, args...)
}

func (r *row) refuse(format string, args ...any) { r.settle(Refused, format, args...) }

func (r *row) cameIn() bool { return r.outcome != Refused && r.outcome != Skipped }

// run reads the rows twice: what they lay claim to first, so that no row takes what a later one names.
func (r *session) run(ctx context.Context) error {
	r.report.Counts, r.report.Shows, r.report.ShowCount = r.hooks.Done.Counts, r.hooks.Done.Shows, r.hooks.Done.ShowCount
	r.claims, r.past = newClaims(), newEffects()
	r.size.Store(firstBatch)
	var err error
	if r.shows, err = newShows(ctx, r.cfg.Shows, r.opts); err != nil {
		return err
	}
	err = r.batches(ctx, 0, func() int { return mostBatch }, func(rows []*row) error {
		b := &batch{session: r, rows: rows, db: r.cfg.DB}
		if err := b.examine(ctx); err != nil {
			return err
		}
		r.claims.measure(rows)
		for _, row := range rows {
			r.claims.add(row)
		}
		if err := b.findTargets(ctx); err != nil {
			return err
		}
		return b.weigh(ctx)
	})
	if err != nil {
		return err
	}
	if r.opts.Mode != Create { // which moves nothing
		r.claims.settleMoves()
	}
	r.loose = r.agree > 0 && r.agree >= r.differ
	if r.hooks.Done.Rows > 0 { // its own rows agree by now
		r.loose = r.hooks.Done.Loose
	}
	if n := r.claims.unknown; n > 0 {
		r.report.Layout.Notes = append(r.report.Layout.Notes, fmt.Sprintf(
			"The IDs of %d rows are of no episode here; they go by number and title, and new episodes get new IDs.", n))
	}
	if err := r.recall(ctx); err != nil {
		return err
	}
	size := func() int { return int(r.size.Load()) }
	if !r.write {
		size = func() int { return mostBatch }
	}
	return r.batches(ctx, r.hooks.Done.Rows, size, func(rows []*row) error { return r.take(ctx, rows) })
}

// recall finds out what the rows have come to that are passed over, by what is there: the episodes that no other row is about, and the
// shows that are counted already.
func (r *session) recall(ctx context.Context) error {
	left := r.hooks.Done.Rows
	if left == 0 {
		return nil
	}
	return r.batches(ctx, 0, func() int { return mostBatch }, func(rows []*row) error {
		b := &batch{session: r, rows: rows[:min(len(rows), left)], db: r.cfg.DB}
		if left -= len(b.rows); len(b.rows) == 0 {
			return nil
		}
		err := b.decide(ctx)
		maps.Copy(r.past.used, b.effects.used)
		for _, row := range b.rows {
			exists := r.opts.Mode == Create && row.outcome == Refused && row.scope != nil && row.scope.id != ""
			if row.cameIn() || exists {
				row.scope.counted = true
			}
		}
		return err
	})
}

// batches calls each with as many rows at a time as size says, after those that are passed over. While one batch is dealt with the next
// one is read.
func (r *session) batches(ctx context.Context, passed int, size func() int, each func([]*row) error) error {
	reading, cancel := context.WithCancel(ctx)
	defer cancel()
	batches := make(chan []*row)
	var end error // why there are no more
	go func() {
		defer close(batches)
		end = r.read(reading, passed, size, batches)
	}()
	for rows := range batches {
		err := ctx.Err()
		if err == nil {
			err = each(rows)
		}
		if err != nil {
			cancel()
			for range batches { // until the reader has ended
			}
			return err
		}
	}
	return end
}

func (r *session) read(ctx context.Context, passed int, size func() int, batches chan<- []*row) error {
	var rows []*row
	bytes := 0
	send := func() error {
		select {
		case batches <- rows:
			rows, bytes = nil, 0
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	err := r.entries(ctx, func(e entry) error {
		if passed > 0 {
			passed--
			return nil
		}
		rows = append(rows, &row{entry: e})
		bytes += e.size()
		if len(rows) < size() && bytes < maxBatchBytes || r.claims.moves.holds(e.line) {
			return nil
		}
		return send()
	})
	switch {
	case err != nil:
		return err
	case passed > 0:
		return callboard.Errorf(callboard.CodeInvalid, "the file has fewer rows than were imported of it")
	case len(rows) == 0:
		return nil
	}
	return send()
}

// take decides what becomes of a batch, and carries it out unless this is a plan.
func (r *session) take(ctx context.Context, rows []*row) error {
	b := &batch{session: r, rows: rows, db: r.cfg.DB}
	err := b.decide(ctx)
	if err == nil && (r.write && b.changes() || r.hooks.Saved != nil) {
		err = r.writeBatch(ctx, b)
	}
	if err != nil {
		return err
	}
	return r.took(b)
}

// effects is what rows have changed that matters to later ones. An import finds it in the database too; a plan does not.
type effects struct {
	left    map[string]bool // IDs of episodes that are no longer where they were
	highest map[uint64]int  // by season, the highest number that was given or left
	used    map[string]int  // by ID of an episode that has a title of several rows, the line that it was found or made for
}

func newEffects() effects {
	return effects{left: map[string]bool{}, highest: map[uint64]int{}, used: map[string]int{}}
}

// add takes in those of rows that come after.
func (e effects) add(more effects) {
	maps.Copy(e.left, more.left)
	maps.Copy(e.highest, more.highest)
	maps.Copy(e.used, more.used)
}

// batch is rows that are decided on together, by what the database holds.
type batch struct {
	session *session
	rows    []*row
	db      sqldb.Querier // that is asked: the transaction of the batch, or before it and in a plan the database

	ids     map[*scope]string // of shows that were not there before this batch
	gone    map[string]bool   // IDs of shows that were deleted since
	made    map[*scope]bool   // shows that this batch has created
	effects effects

	highest map[uint64]int // by season, the highest number that is stored
	byPlace map[episode.Place]*episode.Episode
	byLoose map[episode.Place][]*episode.Episode // outside of shows
	byName  map[episode.Name][]*episode.Episode
}

// decide gives each row its outcome, as taking one after the other would. It may be repeated.
func (b *batch) decide(ctx context.Context) error {
	b.effects, b.highest = newEffects(), map[uint64]int{}
	if err := b.examine(ctx); err != nil {
		return err
	}
	for _, r := range b.rows {
		if first, clash := b.session.claims.first(r); clash != "" {
			r.repeat(first, clash)
		}
	}
	if err := b.findPlaces(ctx); err != nil {
		return err
	}
	if err := b.findNames(ctx); err != nil {
		return err
	}
	for _, r := range b.rows {
		if r.outcome != "" {
			continue
		}
		if err := b.decideRow(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// changes reports whether anything is to be written.
func (b *batch) changes() bool {
	for _, r := range b.rows {
		if r.outcome == Created || r.outcome == Updated {
			return true
		}
	}
	return false
}

func (b *batch) showID(s *scope) string {
	if s.id != "" {
		return s.id
	}
	return b.ids[s]
}

// examine applies the rules that need no look at other rows, and finds out what each row is about.
func (b *batch) examine(ctx context.Context) error {
	var ids []string
	for _, r := range b.rows {
		*r = row{entry: r.entry}
		switch {
		case r.skip != "":
			r.settle(Skipped, "%s", r.skip)
		case r.err != nil:
			r.refuse("%s", reasonOf(r.err))
		case callboard.ValidID(r.id):
			ids = append(ids, r.id)
		}
	}
	found, err := b.session.cfg.Episodes.FindByID(ctx, b.db, ids)
	if err != nil {
		return err
	}
	if err := b.session.shows.lookUp(ctx, b.db, b.rows); err != nil {
		return err
	}
	known := make(map[string]*episode.Episode, len(found))
	for i, e := range found {
		known[e.ID] = &found[i]
	}
	for _, r := range b.rows {
		if r.outcome != "" {
			continue
		}
		r.known = known[r.id]
		if err := b.examineRow(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) examineRow(ctx context.Context, r *row) error {
	if r.known != nil && r.known.DeletedAt != nil {
		r.refuse("id is that of an episode that was deleted; restore it, or leave the cell empty to create another one")
		return nil
	}
	s, err := b.session.shows.of(ctx, r)
	if err != nil {
		return settleError(r, err)
	}
	e := episode.Episode{Title: "-", Status: episode.Draft}
	if r.known != nil {
		e = *r.known
		if e.ShowID == nil != s.outside() || e.ShowID != nil && *e.ShowID != b.showID(s) {
			r.refuse("id is that of an episode that is not in this show")
			return nil
		}
	}
	if r.next, err = e.Patched(r.patch); err != nil {
		return settleError(r, err)
	}
	r.scope = s
	b.session.claims.label(r)
	return nil
}
