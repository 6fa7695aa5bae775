package file

import (
	"context"
	"errors"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// topic is raised when contents have become garbage that is due.
const topic = "files"

const (
	// sweepChunk is how many files or contents one transaction takes, so that it never holds up the writes beside it for long.
	sweepChunk = 100
	// maxFailures is after how many failures in a row a sweep takes storage to be away. What failed comes last next time.
	maxFailures = 20
)

// Run removes contents as soon as their files are deleted, until ctx ends. What it cannot remove waits for the next Sweep.
func (s *Service) Run(ctx context.Context) error {
	deleted, stop := s.db.Listen(topic)
	defer stop()
	for {
		if err := s.collect(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "contents of deleted files are left to the sweep", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-deleted:
		}
	}
}

// Sweep deletes files that have expired, those of episodes that were deleted longer ago than they are kept, and the contents
// that no file has any more. A content that cannot be removed is tried again at the next turn, and holds up no other.
func (s *Service) Sweep(ctx context.Context) error {
	ctx = callboard.WithActor(ctx, callboard.System("Callboard"))
	return errors.Join(s.expire(ctx), s.purge(ctx), s.collect(ctx))
}

// expire deletes the files whose end has come.
func (s *Service) expire(ctx context.Context) error {
	return s.removeAll(ctx, func(ctx context.Context, tx *sqldb.Tx) ([]File, error) {
		return selectFiles(ctx, tx, ` WHERE expires_at <= $1 AND variant_of IS NULL ORDER BY expires_at LIMIT $2`+
			sqldb.ForUpdate(tx), sqldb.Time{Time: s.cfg.Now()}, sweepChunk)
	})
}

// removeAll removes what next returns, at most sweepChunk files at a time, until it returns fewer.
func (s *Service) removeAll(ctx context.Context, next func(ctx context.Context, tx *sqldb.Tx) ([]File, error)) error {
	for {
		n := 0
		err := s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
			files, err := next(ctx, tx)
			if n = len(files); err != nil {
				return err
			}
			return s.remove(ctx, tx, files)
		})
		if err != nil || n < sweepChunk {
			return err
		}
	}
}

// purge deletes the files of episodes that were deleted too long ago to be restored with them.
func (s *Service) purge(ctx context.Context) error {
	before := s.cfg.Now().Add(-s.cfg.DeletedEpisodeRetention)
	for last := ""; ; {
		ids, err := selectEpisodeIDs(ctx, s.db, last, sweepChunk)
		if err != nil || len(ids) == 0 {
			return err
		}
		last = ids[len(ids)-1]
		gone, err := s.cfg.Episodes.DeletedAmong(ctx, s.db, ids, before)
		if err != nil {
			return err
		}
		for _, id := range gone {
			if err := s.purgeEpisode(ctx, id, before); err != nil {
				return err
			}
		}
	}
}

func (s *Service) purgeEpisode(ctx context.Context, id string, before time.Time) error {
	return s.removeAll(ctx, func(ctx context.Context, tx *sqldb.Tx) ([]File, error) {
		gone, err := s.cfg.Episodes.DeletedAmong(ctx, tx, []string{id}, before)
		if err != nil || len(gone) == 0 {
			return nil, err // restored meanwhile
		}
		return selectFiles(ctx, tx, ` WHERE episode_id = $1 AND variant_of IS NULL ORDER BY id LIMIT $2`+
			sqldb.ForUpdate(tx), id, sweepChunk)
	})
}

// collect removes the contents that are due. It returns the last error of storage.
func (s *Service) collect(ctx context.Context) error {
	var trouble error
	failures := 0
	for start, last := s.cfg.Now(), (garbage{}); ; {
		due, err := selectGarbage(ctx, s.db, start, last, sweepChunk)
		if err != nil || len(due) == 0 {
			return errors.Join(err, trouble)
		}
		last = due[len(due)-1]
		var removed, left []any
		for _, g := range due {
			if err := s.cfg.Storage.Delete(ctx, g.key); err != nil {
				trouble, failures, left = err, failures+1, append(left, g.key)
			} else {
				failures, removed = 0, append(removed, g.key)
			}
			if failures == maxFailures || ctx.Err() != nil {
				break
			}
		}
		err = s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
			if err := deleteGarbage(ctx, tx, removed); err != nil {
				return err
			}
			return postponeGarbage(ctx, tx, left, s.cfg.Now().Add(time.Microsecond)) // not in this turn
		})
		if err != nil {
			return err
		}
		if failures == maxFailures {
			return trouble
		}
	}
}
