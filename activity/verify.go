package activity

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// verifyPage is how many rows are read, and held in memory, at a time.
const verifyPage = 500

// pruned is how far the retention has deleted entries.
type pruned struct {
	upto   int64 // position; -1 for nothing
	cutoff time.Time
}

func readPruned(ctx context.Context, q sqldb.Querier) (pruned, error) {
	p := pruned{upto: -1}
	var cutoff sqldb.Time
	err := q.QueryRowContext(ctx, `SELECT upto, cutoff FROM callboard_activity_pruned ORDER BY upto DESC LIMIT 1`).Scan(&p.upto, &cutoff)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return p, fmt.Errorf("read how far the log was swept: %w", err)
	}
	p.cutoff = cutoff.Time
	return p, nil
}

// EventVerifier compares the log with the events that it follows from.
type EventVerifier struct {
	s      *Service
	q      sqldb.Querier
	tell   outbox.Tell
	cursor int64
	pruned pruned

	entries, behind, unknown, faults int64
}

// NewEventVerifier returns a verifier that reads with q, which must see one moment.
func (s *Service) NewEventVerifier(ctx context.Context, q sqldb.Querier, tell outbox.Tell) (*EventVerifier, error) {
	v := &EventVerifier{s: s, q: q, tell: tell}
	var err error
	if v.cursor, _, err = outbox.Cursor(ctx, q, ConsumerName); err == nil {
		v.pruned, err = readPruned(ctx, q)
	}
	return v, err
}

// Check compares the next events with the entries at their positions: each event that leaves an entry has left one that says the same, unless it
// is a dead letter or was swept, and no entry is there without an event.
func (v *EventVerifier) Check(ctx context.Context, events []callboard.Event) error {
	if len(events) == 0 {
		return nil
	}
	first, last := events[0].Pos, events[len(events)-1].Pos
	entries, err := queryEntries(ctx, v.q, `SELECT `+columnsOfA()+` FROM callboard_activity a WHERE a.pos BETWEEN $1 AND $2 ORDER BY a.pos`, first, last)
	if err != nil {
		return err
	}
	letters, err := outbox.DeadLetters(ctx, v.q, ConsumerName, first, last)
	if err != nil {
		return err
	}
	found := make(map[int64]*Entry, len(entries))
	for i := range entries {
		found[entries[i].Pos] = &entries[i]
	}
	for i := range events {
		e := &events[i]
		v.one(e, found[e.Pos], letters[e.Pos])
		delete(found, e.Pos)
	}
	for pos := range found {
		v.fault(pos, "the entry follows from no event")
	}
	return nil
}

func (v *EventVerifier) fault(pos int64, format string, args ...any) {
	v.faults++
	v.tell.Fault(fmt.Sprintf("position %d", pos), format, args...)
}

// one compares an event with its entry, which is nil where there is none.
func (v *EventVerifier) one(e *callboard.Event, entry *Entry, letter bool) {
	_, known := v.s.cfg.Log.Registry().TypeOf(e)
	wanted := v.s.wants(e)
	switch {
	case !known && !e.Direct:
		v.unknown++ // whether it left an entry nobody can tell any more
	case entry == nil && !wanted:
	case entry == nil && (letter || e.Pos <= v.pruned.upto && e.CreatedAt.Before(v.pruned.cutoff)):
	case entry == nil && e.Pos > v.cursor:
		v.behind++
	case entry == nil:
		v.fault(e.Pos, "the event %s has left no entry", e.Name)
	case !wanted:
		v.fault(e.Pos, "the event %s leaves no entry, and there is one", e.Name)
	default:
		v.entries++
		v.compare(e, entry)
	}
}

func (v *EventVerifier) compare(e *callboard.Event, entry *Entry) {
	want, err := v.s.entryOf(e)
	if err != nil {
		v.fault(e.Pos, "the payload of the event %s cannot be read", e.Name)
		return
	}
	for _, field := range []struct{ name, want, has string }{
		{"event_id", want.EventID, entry.EventID}, {"user_id", want.UserID, entry.UserID},
		{"user_name", cmp.Or(want.UserName, entry.UserName), entry.UserName}, // who was logged for was named later
		{"action", want.Action, entry.Action}, {"source", string(want.Source), string(entry.Source)},
		{"resource_type", want.Resource.Type, entry.Resource.Type}, {"resource_id", want.Resource.ID, entry.Resource.ID},
		{"resource_name", want.Resource.Name, entry.Resource.Name}, {"metadata", string(want.Metadata), string(entry.Metadata)},
		{"ip", want.IP, entry.IP}, {"user_agent", want.UserAgent, entry.UserAgent},
		{"created_at", want.CreatedAt.String(), entry.CreatedAt.String()},
	} {
		if field.want != field.has {
			v.fault(e.Pos, "the entry has another %s than its event", field.name)
			return
		}
	}
}

// Close tells what was found in all.
func (v *EventVerifier) Close() {
	if v.faults == 0 {
		v.tell.OK("%d entries follow from their events, as far back as events are kept", v.entries)
	}
	if v.behind > 0 {
		v.tell.OK("%d events have not come into the log yet", v.behind)
	}
	if v.unknown > 0 {
		v.tell.OK("%d events are of types that are not known here, so their entries were not compared", v.unknown)
	}
}

// SignedNote is a checkpoint from outside of the database.
type SignedNote struct {
	From string // for people
	Text string
	Last bool // it is the last one that this node has signed, so the database must have it or a later one
}

// VerifyTree checks the log against its tree, the tree against itself, and against all checkpoints: those in the database and those that are
// given. It also counts the entries again. q must see one moment.
func (s *Service) VerifyTree(ctx context.Context, q sqldb.Querier, tell outbox.Tell, keys Keys, given ...SignedNote) error {
	v := &treeVerifier{q: q, tell: tell, keys: keys, now: s.cfg.Now(), counts: map[countKey]int64{}}
	v.oldest = v.now
	var err error
	if v.pruned, err = readPruned(ctx, q); err != nil {
		return err
	}
	for _, note := range given {
		if err := v.give(ctx, note); err != nil {
			return err
		}
	}
	slices.SortStableFunc(v.given, func(a, b namedCheckpoint) int { return cmp.Compare(a.Size, b.Size) })
	if err := v.walk(ctx); err != nil {
		return err
	}
	if err := v.checkpointsUpTo(ctx, math.MaxInt64); err != nil {
		return err
	}
	if err := v.notInTree(ctx); err != nil {
		return err
	}
	if err := v.twice(ctx); err != nil {
		return err
	}
	v.conclude()
	return v.compareCounts(ctx)
}

type countKey struct {
	day    int64
	source Source
}

// namedCheckpoint is a checkpoint and where it is from.
type namedCheckpoint struct {
	Checkpoint
	from string
}

// treeVerifier goes through the tree leaf by leaf and holds no more of it than its edge.
type treeVerifier struct {
	q      sqldb.Querier
	tell   outbox.Tell
	keys   Keys
	now    time.Time
	pruned pruned

	tree    edge
	top     int64 // the highest position in the tree
	damaged bool  // the tree cannot be followed any further
	faults  int

	given   []namedCheckpoint // by size
	stored  []namedCheckpoint // a page of those in the database, by size
	last    int64             // size of the last one read
	allRead bool
	signed  namedCheckpoint // the largest that the tree goes together with, of a trusted key
	good    int64           // size of the largest that it goes together with

	entries, gone, behind int64
	oldest                time.Time // when the first entry was written
	counts                map[countKey]int64
}

func (v *treeVerifier) fault(place, format string, args ...any) {
	v.faults++
	v.tell.Fault(place, format, args...)
}

func atPos(pos int64) string { return fmt.Sprintf("position %d", pos) }

// give takes a checkpoint from elsewhere.
func (v *treeVerifier) give(ctx context.Context, n SignedNote) error {
	c, err := v.keys.Open(n.Text)
	if err != nil {
		v.fault("checkpoint "+n.From, "%v", err)
		return nil
	}
	v.given = append(v.given, namedCheckpoint{c, n.From})
	if !n.Last {
		return nil
	}
	var there bool
	err = v.q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM callboard_activity_checkpoints WHERE size >= $1)`, c.Size).Scan(&there)
	if err != nil {
		return fmt.Errorf("look for the last checkpoint: %w", err)
	}
	if !there {
		v.fault("checkpoint "+n.From, "the database has neither it nor a later one: they were deleted there, or an older backup was restored")
	}
	return nil
}

// leafRow is a leaf with its entry, which is nil where it is gone.
type leafRow struct {
	leaf, pos    int64
	salt, hashes []byte
	entry        *Entry
}

func (v *treeVerifier) walk(ctx context.Context) error {
	for !v.damaged {
		rows, err := v.q.QueryContext(ctx, `SELECT leaf, pos, salt, hashes FROM callboard_activity_tree WHERE leaf >= $1 ORDER BY leaf LIMIT $2`, v.tree.size, verifyPage)
		page, err := sqldb.Collect(rows, err, "read the tree", func(row sqldb.Scanner) (l leafRow, err error) {
			return l, row.Scan(&l.leaf, &l.pos, &l.salt, &l.hashes)
		})
		if err != nil {
			return err
		}
		if len(page) == 0 {
			return nil
		}
		if err := v.attach(ctx, page); err != nil {
			return err
		}
		for i := range page {
			if err := v.leaf(ctx, &page[i]); err != nil {
				return err
			}
			if v.damaged {
				break
			}
		}
	}
	return nil
}

// attach reads the entries of a page of leaves: those between their positions, of which nearly all are theirs.
func (v *treeVerifier) attach(ctx context.Context, page []leafRow) error {
	first, last := page[0].pos, page[0].pos
	leaves := make(map[int64]*leafRow, len(page))
	for i := range page {
		first, last = min(first, page[i].pos), max(last, page[i].pos)
		leaves[page[i].pos] = &page[i]
	}
	for first <= last {
		entries, err := queryEntries(ctx, v.q, `SELECT `+columnsOfA()+` FROM callboard_activity a WHERE a.pos BETWEEN $1 AND $2 ORDER BY a.pos LIMIT $3`,
			first, last, verifyPage)
		if err != nil {
			return err
		}
		for i := range entries {
			if l := leaves[entries[i].Pos]; l != nil && l.entry == nil {
				l.entry = &entries[i]
			}
		}
		if len(entries) < verifyPage {
			return nil
		}
		first = entries[len(entries)-1].Pos + 1
	}
	return nil
}

// leaf checks the next leaf.
func (v *treeVerifier) leaf(ctx context.Context, l *leafRow) error {
	place := fmt.Sprintf("leaf %d", v.tree.size)
	if l.leaf != v.tree.size {
		v.damaged = true
		v.fault(place, "it is missing from the tree, which cannot be followed from here on")
		return nil
	}
	if len(l.hashes) < tlog.HashSize || len(l.hashes)%tlog.HashSize != 0 {
		v.damaged = true
		v.fault(place, "its hash is damaged, and the tree cannot be followed from here on")
		return nil
	}
	v.top = max(v.top, l.pos)
	v.entry(l)
	hashes, err := v.tree.add(tlog.Hash(l.hashes[:tlog.HashSize]))
	if err != nil {
		return err
	}
	if string(encodeHashes(hashes)) != string(l.hashes) {
		v.fault(place, "the hashes in the tree do not go together (position %d): what is before it was changed, or they were", l.pos)
	}
	return v.checkpointsUpTo(ctx, v.tree.size)
}

// prunedSlack is for entries that came into the tree some time after they were written.
const prunedSlack = 24 * time.Hour

// entry checks the entry of a leaf.
func (v *treeVerifier) entry(l *leafRow) {
	e := l.entry
	switch {
	case e == nil && l.pos <= v.pruned.upto:
		v.gone++
		// What came after a checkpoint was written after it, and is too young for a retention that has not come so far.
		if v.signed.Size > 0 && v.signed.SignedAt.After(v.pruned.cutoff.Add(prunedSlack)) {
			v.fault(atPos(l.pos), "the retention is said to have deleted what is from before %s, and the entry came after what was signed on %s: "+
				"somebody else deleted it, unless an application had dated it back", v.pruned.cutoff.Format(time.RFC3339), v.signed.SignedAt.Format(time.RFC3339))
		}
	case e == nil:
		v.fault(atPos(l.pos), "the entry was deleted, and not by the retention")
	case e.leafHash(l.salt) != tlog.Hash(l.hashes[:tlog.HashSize]):
		v.count(e)
		v.fault(atPos(l.pos), "the entry is not the one that was added to the tree")
	default:
		v.count(e)
		if l.pos <= v.pruned.upto && e.CreatedAt.Before(v.pruned.cutoff) {
			v.fault(atPos(l.pos), "the retention is said to have deleted all up to position %d from before %s, and here one is: "+
				"entries before may have been deleted by somebody else", v.pruned.upto, v.pruned.cutoff.Format(time.RFC3339))
		}
	}
}

func (v *treeVerifier) count(e *Entry) {
	v.entries++
	if e.CreatedAt.Before(v.oldest) {
		v.oldest = e.CreatedAt
	}
	v.counts[countKey{dayOf(e.CreatedAt), e.Source}]++
}

// checkpointsUpTo holds the tree against the checkpoints of up to a size, each when the tree has come to it.
func (v *treeVerifier) checkpointsUpTo(ctx context.Context, size int64) error {
	for {
		c, ok, err := v.nextCheckpoint(ctx, size)
		if err != nil || !ok {
			return err
		}
		v.checkpoint(c)
	}
}

// nextCheckpoint takes the next checkpoint of at most a size, by size.
func (v *treeVerifier) nextCheckpoint(ctx context.Context, size int64) (c namedCheckpoint, ok bool, err error) {
	if len(v.stored) == 0 && !v.allRead {
		if err := v.readCheckpoints(ctx); err != nil {
			return c, false, err
		}
	}
	from := &v.given
	if len(v.given) == 0 || len(v.stored) > 0 && v.stored[0].Size <= v.given[0].Size {
		from = &v.stored
	}
	if len(*from) == 0 || (*from)[0].Size > size {
		return c, false, nil
	}
	c, *from = (*from)[0], (*from)[1:]
	return c, true, nil
}

// readCheckpoints reads the next page of those in the database.
func (v *treeVerifier) readCheckpoints(ctx context.Context) error {
	//nolint:rowserrcheck // Each does
	rows, err := v.q.QueryContext(ctx, `SELECT size, note FROM callboard_activity_checkpoints WHERE size > $1 ORDER BY size LIMIT $2`, v.last, verifyPage)
	n := 0
	err = sqldb.Each(rows, err, "read checkpoints", func(row sqldb.Scanner) error {
		var text string
		if err := row.Scan(&v.last, &text); err != nil {
			return err
		}
		n++
		c, err := v.keys.Open(text)
		if err == nil && c.Size != v.last {
			err = fmt.Errorf("it was signed for %d entries", c.Size)
		}
		if err != nil {
			v.fault(fmt.Sprintf("checkpoint of %d entries", v.last), "%v", err)
			return nil
		}
		v.stored = append(v.stored, namedCheckpoint{c, "in the database"})
		return nil
	})
	v.allRead = n < verifyPage
	return err
}

// checkpoint holds a checkpoint against the tree, which has come to its size, or ends before.
func (v *treeVerifier) checkpoint(c namedCheckpoint) {
	place := fmt.Sprintf("checkpoint of %d entries, %s", c.Size, c.from)
	if c.Size > v.tree.size {
		if !v.damaged {
			v.fault(place, "the tree has only %d leaves: its end was cut off, or an older backup was restored", v.tree.size)
		}
		return
	}
	root, err := v.tree.root()
	if err != nil || root != c.Root {
		v.fault(place, "the tree is another one: what it holds between leaf %d and leaf %d was changed after it had been signed on %s",
			v.good, c.Size-1, c.SignedAt.Format(time.RFC3339))
		return
	}
	v.good, v.signed = c.Size, c
}

// notInTree checks the entries that are in no leaf: those that the tree has not come to yet are fine.
func (v *treeVerifier) notInTree(ctx context.Context) error {
	cursor, within, err := outbox.Cursor(ctx, v.q, TreeConsumerName)
	if err != nil {
		return err
	}
	written, _, err := outbox.Cursor(ctx, v.q, ConsumerName)
	if err != nil {
		return err
	}
	letters, err := outbox.DeadLetters(ctx, v.q, TreeConsumerName, 0, math.MaxInt64)
	if err != nil || v.damaged {
		return err
	}
	//nolint:rowserrcheck // Each does
	rows, err := v.q.QueryContext(ctx, `SELECT a.pos, a.created_at, a.source FROM callboard_activity a
		WHERE NOT EXISTS (SELECT 1 FROM callboard_activity_tree t WHERE t.pos = a.pos AND t.leaf BETWEEN 0 AND $1) ORDER BY a.pos`, v.tree.size-1)
	return sqldb.Each(rows, err, "compare the log with the tree", func(row sqldb.Scanner) error {
		var e Entry
		var created sqldb.Time
		if err := row.Scan(&e.Pos, &created, &e.Source); err != nil {
			return err
		}
		e.CreatedAt = created.Time
		v.count(&e)
		v.entries--
		if e.Pos > written {
			v.fault(atPos(e.Pos), "the entry was put into the log by somebody else: that has come to position %d only", written)
			return nil
		}
		// A log that is older than the tree is added from its beginning on, while the cursor is ahead.
		filling := e.Pos > v.top && (within || v.tree.size == 0)
		if e.Pos <= cursor && !filling && !letters[e.Pos] {
			v.fault(atPos(e.Pos), "the entry is not in the tree: it was put into the log afterwards, or taken out of the tree")
			return nil
		}
		v.behind++
		return nil
	})
}

// twice finds entries that were put beside another one at its position, which the table does not take unless somebody has changed it.
func (v *treeVerifier) twice(ctx context.Context) error {
	//nolint:rowserrcheck // Each does
	rows, err := v.q.QueryContext(ctx, `SELECT pos, count(*) FROM callboard_activity GROUP BY pos HAVING count(*) > 1 ORDER BY pos`)
	return sqldb.Each(rows, err, "look for entries that are there twice", func(row sqldb.Scanner) error {
		var pos, n int64
		if err := row.Scan(&pos, &n); err != nil {
			return err
		}
		v.fault(atPos(pos), "there are %d entries, and the log writes one", n)
		return nil
	})
}

// signedWithin is how soon a log has its first checkpoint, with patience for a slow start: see firstCheckpoint.
const signedWithin = 5 * time.Minute

// conclude tells what holds.
func (v *treeVerifier) conclude() {
	if v.keys.any && v.signed.Size == 0 && v.faults == 0 && (v.gone > 0 || v.now.Sub(v.oldest) > signedWithin) {
		v.fault("checkpoints", "there is none, and the log is older than %v: they were deleted, or no server has signed it yet, "+
			"which one does at once, with the first event after an upgrade", signedWithin)
	}
	if v.behind > 0 {
		v.tell.OK("the last %d entries are not in the tree yet", v.behind)
	}
	switch {
	case v.faults > 0:
	case v.tree.size == 0:
		v.tell.OK("the tree has no entries yet")
	case v.signed.Size == 0 && !v.keys.any:
		v.tell.OK("%d entries are as they were added to the tree, of which nothing is signed, and no key is known here: both could have been replaced together", v.entries)
	case v.signed.Size == 0:
		v.tell.OK("%d entries are as they were added to the tree, of which nothing is signed yet: both could have been replaced together", v.entries)
	default:
		v.tell.OK("%d entries are as they were added to the tree, %d more were deleted by the retention", v.entries, v.gone)
		v.tell.OK("the tree goes together with all checkpoints; the last, of %d entries, was signed on %s (%s), and %d entries came after it",
			v.signed.Size, v.signed.SignedAt.Format(time.RFC3339), v.signed.from, v.tree.size-v.signed.Size)
	}
}

// compareCounts holds the daily counts of the statistics against the entries. Of the days that the retention has reached there may be none.
func (v *treeVerifier) compareCounts(ctx context.Context) error {
	if v.damaged {
		return nil // not all entries were counted
	}
	since := int64(math.MinInt64)
	if v.pruned.upto >= 0 {
		since = dayOf(v.pruned.cutoff) + 1
	}
	//nolint:rowserrcheck // Each does
	rows, err := v.q.QueryContext(ctx, `SELECT day, source, CAST(sum(entries) AS BIGINT) FROM callboard_activity_daily GROUP BY day, source ORDER BY day, source`)
	faults := 0
	wrong := func(key countKey, counted int64) {
		if has := v.counts[key]; key.day >= since && has != counted {
			faults++
			v.fault("day "+time.Unix(key.day*24*60*60, 0).UTC().Format(time.DateOnly), "the statistics count %d entries of %s, and there are %d", counted, key.source, has)
		}
		delete(v.counts, key)
	}
	err = sqldb.Each(rows, err, "read counts of activity", func(row sqldb.Scanner) error {
		var key countKey
		var counted int64
		if err := row.Scan(&key.day, &key.source, &counted); err != nil {
			return err
		}
		wrong(key, counted)
		return nil
	})
	for key := range v.counts {
		wrong(key, 0)
	}
	if err == nil && faults == 0 {
		v.tell.OK("the statistics count each entry once")
	}
	return err
}
