package account

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/callboard/callboard/internal/sqltext"
	"github.com/callboard/callboard/sqldb"
)

const (
	flushEvery = 10 * time.Second
	// keepRevoked is how long a revoked or expired token stays in the table, so that people can see what it was.
	keepRevoked = 30 * 24 * time.Hour
)

// usedIDs collects which tokens, or sessions, were used, for Flush. What is lost with a crash is a minute's precision.
type usedIDs struct {
	mu  sync.Mutex
	ids map[string]bool
}

func (u *usedIDs) add(id string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.ids == nil {
		u.ids = map[string]bool{}
	}
	u.ids[id] = true
}

func (u *usedIDs) take() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	ids := slices.Sorted(maps.Keys(u.ids)) // two nodes lock rows in one order
	clear(u.ids)
	return ids
}

// Run writes in the background when tokens were used here, and renews the sessions that are in use, until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	flush := time.NewTicker(flushEvery)
	defer flush.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return s.Flush(context.WithoutCancel(ctx))
		case <-flush.C:
			err = s.Flush(ctx)
		}
		if err != nil && ctx.Err() == nil {
			s.logger.WarnContext(ctx, "account upkeep failed; it is tried again", "error", err)
		}
	}
}

// Flush writes the collected uses now. Run calls it every few seconds.
func (s *Service) Flush(ctx context.Context) error {
	tokens, sessions := s.usedTokens.take(), s.usedSessions.take()
	if len(tokens) == 0 && len(sessions) == 0 {
		return nil
	}
	now := sqldb.Time{Time: s.now()}
	return s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		err := updateChunks(ctx, tx, `UPDATE callboard_api_tokens SET last_used_at = $1 WHERE id IN `, []any{now}, tokens)
		if err != nil {
			return err
		}
		return updateChunks(ctx, tx, `UPDATE callboard_sessions SET renewed_at = $1, expires_at = $2 WHERE id IN `,
			[]any{now, sqldb.Time{Time: now.Add(sessionLife)}}, sessions)
	})
}

func updateChunks(ctx context.Context, tx *sqldb.Tx, update string, args []any, ids []string) error {
	for chunk := range slices.Chunk(ids, idChunk) {
		all := slices.Clone(args)
		for _, id := range chunk {
			all = append(all, id)
		}
		if _, err := tx.ExecContext(ctx, update+`(`+sqltext.Placeholders(len(args)+1, len(chunk))+`)`, all...); err != nil {
			return fmt.Errorf("update used credentials: %w", err)
		}
	}
	return nil
}

// Sweep deletes expired sessions, set-up links and invitations, second factors that were never confirmed, tokens that have been dead for 30 days, and what is known of users of applications
// who were not here for a year.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.now()
	for statement, before := range map[string]time.Time{
		`DELETE FROM callboard_sessions WHERE expires_at <= $1`:                                now,
		`DELETE FROM callboard_setup_links WHERE expires_at <= $1`:                             now,
		`DELETE FROM callboard_invitations WHERE expires_at <= $1`:                             now,
		`DELETE FROM callboard_used_sign_ins WHERE expires_at <= $1`:                           now,
		`DELETE FROM callboard_second_factors WHERE confirmed_at IS NULL AND created_at <= $1`: now.Add(-enrolmentLife),
		`DELETE FROM callboard_api_tokens WHERE COALESCE(revoked_at, expires_at) <= $1`:        now.Add(-keepRevoked),
		`DELETE FROM callboard_external_users WHERE seen_at <= $1`:                             now.Add(-keepExternal),
		`DELETE FROM callboard_user_settings WHERE updated_at <= $1 AND user_id NOT IN (SELECT id FROM callboard_users)
			AND user_id NOT IN (SELECT id FROM callboard_external_users)`: now.Add(-keepExternal),
	} {
		err := s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, statement, sqldb.Time{Time: before})
			return err
		})
		if err != nil {
			return errors.Join(errors.New("sweep credentials"), err)
		}
	}
	return nil
}
