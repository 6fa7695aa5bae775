package importer

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/show"
	"github.com/callboard/callboard/sqldb"
)

// Sizes of a batch, in rows. They follow the time that one takes. On SQLite all who write wait while it is written; measured, 16 ms
// imports 6,500 rows/s and 8 ms 5,000, with a p99 of other writes five times and four times that without an import. On PostgreSQL
// only those wait who give numbers in the same shows, and each batch has a dozen round trips: 16 ms 1,500 rows/s, 250 ms 2,800.
const (
	firstBatch        = 64
	leastBatch        = 16
	mostBatch         = 512
	maxBatchBytes     = 4 << 20 // of the cells
	batchTime         = 16 * time.Millisecond
	batchTimePostgres = 250 * time.Millisecond
)

// writeBatch carries out what a batch came to. It is decided anew within the transaction, by what is there then.
func (r *session) writeBatch(ctx context.Context, b *batch) error {
	write := r.cfg.DB.Write
	if r.hooks.Write != nil {
		write = r.hooks.Write
	}
	changes := r.write && b.changes() // else only how far the import has come is saved
	var took time.Duration
	err := write(sqldb.LowPriority(ctx), func(ctx context.Context, tx *sqldb.Tx) error {
		start := time.Now()
		if changes {
			if err := b.write(ctx, tx); err != nil {
				return err
			}
		}
		took = time.Since(start)
		if r.hooks.Saved == nil {
			return nil
		}
		return r.hooks.Saved(ctx, tx, r.after(b), b.problems())
	})
	if changes {
		r.resize(took)
	}
	return err
}

// resize chooses a power of two, of which a bulk insert makes one statement.
func (r *session) resize(took time.Duration) {
	limit := batchTime
	if r.cfg.DB.Dialect() == sqldb.Postgres {
		limit = batchTimePostgres
	}
	switch {
	case took > limit:
		r.size.Store(max(r.size.Load()/2, leastBatch))
	case took < limit/3:
		r.size.Store(min(r.size.Load()*2, mostBatch))
	}
}

func (b *batch) write(ctx context.Context, tx *sqldb.Tx) error {
	b.db = tx
	if err := b.lockShows(ctx, tx); err != nil {
		return err
	}
	if err := b.decideLocked(ctx, tx); err != nil {
		return err
	}
	if err := b.createShows(ctx, tx); err != nil {
		return err
	}
	return b.writeEpisodes(ctx, tx)
}

// lockShows takes the shows of a batch exclusively, since numbers are given in them: titles first, then shows in the order of their
// IDs, so that two imports never wait for each other.
func (b *batch) lockShows(ctx context.Context, tx *sqldb.Tx) error {
	b.ids, b.gone, b.made = map[*scope]string{}, map[string]bool{}, map[*scope]bool{}
	scopes := map[*scope]bool{}
	planned := false
	for _, r := range b.rows {
		if r.outcome == Created || r.outcome == Updated {
			scopes[r.scope] = !r.scope.outside()
			planned = planned || !r.scope.outside() && r.scope.id == ""
		}
	}
	if planned {
		if err := b.session.cfg.Shows.LockTitles(ctx, tx); err != nil {
			return err
		}
	}
	for s, isShow := range scopes {
		if !isShow || s.id != "" {
			continue
		}
		found, err := b.session.cfg.Shows.FindByTitleTx(ctx, tx, s.title)
		if err == nil {
			b.ids[s] = found.ID // somebody else has created it
		} else if callboard.CodeOf(err) != callboard.CodeNotFound {
			return err
		}
	}
	var ids []string
	for s, isShow := range scopes {
		if id := b.showID(s); isShow && id != "" {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for _, id := range ids {
		err := b.session.cfg.Shows.Lock(ctx, tx, id, true)
		if callboard.CodeOf(err) == callboard.CodeNotFound {
			b.gone[id] = true
		} else if err != nil {
			return err
		}
	}
	return nil
}

// decideLocked decides by episodes that nobody else changes until the transaction ends: those that it updates are locked only once they
// are known, and read again when they were changed before.
func (b *batch) decideLocked(ctx context.Context, tx *sqldb.Tx) error {
	for {
		if err := b.decide(ctx); err != nil {
			return err
		}
		read := map[string]int64{}
		for _, r := range b.rows {
			if r.outcome == Updated {
				read[r.old.ID] = r.old.Version
			}
		}
		locked, err := b.session.cfg.Episodes.LockAll(ctx, tx, slices.Collect(maps.Keys(read)))
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(locked, func(e episode.Episode) bool { return e.Version != read[e.ID] }) {
			return nil
		}
	}
}

// createShows creates the shows that rows come into.
func (b *batch) createShows(ctx context.Context, tx *sqldb.Tx) error {
	for _, r := range b.rows {
		if r.outcome != Created || r.scope.outside() || b.showID(r.scope) != "" {
			continue
		}
		created, err := b.session.cfg.Shows.CreateTx(ctx, tx, show.Input{Title: r.scope.title})
		if err != nil {
			return err
		}
		b.ids[r.scope], b.made[r.scope] = created.ID, true
	}
	return nil
}

// writeEpisodes updates before it creates, since what moves may make room.
func (b *batch) writeEpisodes(ctx context.Context, tx *sqldb.Tx) error {
	var revisions []episode.Revision
	var created []episode.Episode
	for _, r := range b.rows {
		switch r.outcome {
		case Updated:
			revisions = append(revisions, episode.Revision{Old: *r.old, New: r.next})
		case Created:
			if id := b.showID(r.scope); id != "" {
				r.next.ShowID = &id
			}
			created = append(created, r.next)
		}
	}
	taken, err := b.session.cfg.Episodes.UpdateAllTx(ctx, tx, revisions)
	if err != nil {
		return err
	}
	ids, err := b.session.cfg.Episodes.CreateAllTx(ctx, tx, created)
	if err != nil {
		return err
	}
	n := 0
	for _, r := range b.rows { // somebody who needs no lock of the show may have been faster
		clash := r.outcome == Updated && taken[r.old.ID]
		if r.outcome == Created {
			if clash = ids[n] == ""; !clash {
				b.uses(r, ids[n])
			}
			n++
		}
		if clash {
			r.refuse("episode_number is taken in this season of the show")
		}
	}
	return nil
}
