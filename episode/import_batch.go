package episode

import (
	"context"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// Sizes of a batch, in rows. On SQLite all who write wait while one is written, so the size follows the time that it takes.
const (
	firstBatch    = 64
	leastBatch    = 16
	mostBatch     = 512
	maxBatchBytes = 4 << 20 // of the cells
	batchTime     = 15 * time.Millisecond
)

// writeBatch creates the episodes of a batch, with their events, and sets the outcome of each row. All but what depends on
// other episodes is done before its turn to write.
func (im *importer) writeBatch(ctx context.Context, batch []namedRow, outcomes []error) error {
	drafts := make([]Episode, len(batch))
	drafted := make([]error, len(batch))
	for i, r := range batch {
		in, err := im.input(r)
		if err == nil {
			drafts[i], err = draft(ctx, in)
		}
		drafted[i] = err
	}
	write := im.service.db.Write
	if im.opts.Write != nil {
		write = im.opts.Write
	}
	var took time.Duration
	err := write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		start := time.Now()
		copy(outcomes, drafted) // anew, since it may run more than once
		if err := im.addAll(ctx, tx, drafts, outcomes); err != nil {
			return err
		}
		if im.opts.Saved != nil {
			state, bad := im.after(batch, outcomes)
			if err := im.opts.Saved(ctx, tx, state, bad); err != nil {
				return err
			}
		}
		took = time.Since(start)
		return nil
	})
	im.resize(took)
	return err
}

// resize chooses a power of two, of which a bulk insert makes one statement.
func (im *importer) resize(took time.Duration) {
	switch {
	case took > batchTime:
		im.size = max(im.size/2, leastBatch)
	case took < batchTime/3:
		im.size = min(im.size*2, mostBatch)
	}
}

// addAll writes the drafts that have no outcome yet, as adding one after the other would: a clash of numbers is the outcome of
// the later one, and a number that is missing is the next after those before it.
func (im *importer) addAll(ctx context.Context, tx *sqldb.Tx, drafts []Episode, outcomes []error) error {
	numbers := &numbering{showID: im.opts.ShowID, seen: map[int64]int{}, highest: map[int64]int{}}
	if err := im.lockShow(ctx, tx, numbers); err != nil {
		return err
	}
	var added []Episode
	var rows []int // of added
	for i, e := range drafts {
		if outcomes[i] != nil {
			continue
		}
		outcomes[i] = numbers.assign(ctx, tx, &e)
		if fatal(outcomes[i]) {
			return outcomes[i]
		}
		if outcomes[i] == nil {
			added, rows = append(added, e), append(rows, i)
		}
	}
	written, err := insertFree(ctx, tx, added)
	if err != nil {
		return err
	}
	events := make([]callboard.Event, 0, len(written))
	for i, e := range added {
		if written[e.ID] {
			events = append(events, callboard.EpisodeCreated.New(ctx, e.Resource(), e.data(nil)))
		} else {
			outcomes[rows[i]] = errNumberTaken(nil)
		}
	}
	return im.service.cfg.Log.Append(ctx, tx, events...)
}

// fatal reports whether err is not the row's fault, so that the import cannot go on.
func fatal(err error) bool {
	switch callboard.CodeOf(err) {
	case "", callboard.CodeInvalid, callboard.CodeConflict, callboard.CodeTooLarge:
		return false
	}
	return true
}

// lockShow takes the show for a whole batch, exclusively, as rows without a number need it: two imports into one show that
// took it row by row would wait for each other. A show that is gone is an error of each row.
func (im *importer) lockShow(ctx context.Context, tx *sqldb.Tx, numbers *numbering) error {
	if im.opts.ShowID == nil {
		return nil
	}
	err := im.service.cfg.Shows.Lock(ctx, tx, *im.opts.ShowID, true)
	if callboard.CodeOf(err) == callboard.CodeNotFound {
		numbers.gone = true
		return nil
	}
	return err
}

// numbering gives numbers to the episodes of a batch, which the database does not have yet. The show is held exclusively.
type numbering struct {
	showID  *string
	gone    bool          // the show
	seen    map[int64]int // by season, the highest that rows bring with them
	highest map[int64]int // by season, of all; once it was asked for
}

func (n *numbering) assign(ctx context.Context, tx *sqldb.Tx, e *Episode) error {
	season := orMinusOne(e.SeasonNumber)
	switch {
	case n.gone:
		return errNoShow()
	case n.showID == nil:
		return nil
	case e.EpisodeNumber != nil:
		n.seen[season] = max(n.seen[season], *e.EpisodeNumber)
		return nil
	}
	if _, known := n.highest[season]; !known {
		next, err := nextNumber(ctx, tx, *n.showID, e.SeasonNumber)
		if err != nil {
			return err
		}
		n.highest[season] = next - 1
	}
	next := max(n.highest[season], n.seen[season]) + 1
	if next > MaxNumber {
		return errNoNumberLeft()
	}
	n.highest[season], e.EpisodeNumber = next, &next
	return nil
}
