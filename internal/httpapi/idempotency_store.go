package httpapi

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"callboard"
	"callboard/sqldb"
)

// sweepChunk is how many old answers one transaction deletes.
const sweepChunk = 1000

// answers keeps the answers to requests with an Idempotency-Key, and lets repeats within this process wait for the first.
type answers struct {
	db  *sqldb.DB
	now func() time.Time

	mu      sync.Mutex
	running map[answerKey]chan struct{} // closed when the request is done
}

type answerKey struct{ user, key string }

type keptAnswer struct {
	fingerprint string
	status      int // 0: not known
	secret      bool
	headers     map[string]string
	body        []byte
	createdAt   time.Time
}

func newAnswers(db *sqldb.DB) *answers {
	return &answers{db: db, now: callboard.Now, running: map[answerKey]chan struct{}{}}
}

// enter waits until no other request of this process has the key. The returned function lets the next one in.
func (a *answers) enter(ctx context.Context, key answerKey) (leave func(), err error) {
	for {
		a.mu.Lock()
		other, busy := a.running[key]
		if !busy {
			done := make(chan struct{})
			a.running[key] = done
			a.mu.Unlock()
			return func() { a.leave(key, done) }, nil
		}
		a.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (a *answers) leave(key answerKey, done chan struct{}) {
	a.mu.Lock()
	delete(a.running, key)
	a.mu.Unlock()
	close(done)
}

// find returns what is kept for a key, or an error with CodeNotFound.
func (a *answers) find(ctx context.Context, key answerKey) (keptAnswer, error) {
	var (
		kept    keptAnswer
		status  sql.NullInt64
		headers sql.NullString
		created sqldb.Time
	)
	err := a.db.QueryRowContext(ctx, `SELECT fingerprint, status, secret, headers, body, created_at
		FROM idempotency_keys WHERE user_id = $1 AND key = $2 AND created_at >= $3`,
		key.user, key.key, sqldb.Time{Time: a.now().Add(-keepAnswers)},
	).Scan(&kept.fingerprint, &status, &kept.secret, &headers, &kept.body, &created)
	if errors.Is(err, sql.ErrNoRows) {
		return keptAnswer{}, callboard.NotFound("answer")
	}
	if err != nil {
		return keptAnswer{}, fmt.Errorf("find the answer to an idempotency key: %w", err)
	}
	kept.status, kept.createdAt = int(status.Int64), created.Time
	if headers.Valid {
		if err := json.Unmarshal([]byte(headers.String), &kept.headers); err != nil {
			return keptAnswer{}, fmt.Errorf("headers of a kept answer: %w", err)
		}
	}
	return kept, nil
}

// claim takes part in the transaction of the change. It fails, and so rolls the change back, when the key is taken. A key
// older than 24 hours counts as free.
func (c *keyedCall) claim(ctx context.Context, tx *sqldb.Tx) error {
	now := callboard.Now()
	result, err := tx.ExecContext(ctx, `INSERT INTO idempotency_keys AS kept (user_id, key, fingerprint, created_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (user_id, key) DO UPDATE SET fingerprint = excluded.fingerprint, created_at = excluded.created_at,
			status = NULL, secret = FALSE, headers = NULL, body = NULL
		WHERE kept.created_at < $5`,
		c.key.user, c.key.key, c.fingerprint, sqldb.Time{Time: now}, sqldb.Time{Time: now.Add(-keepAnswers)})
	if err != nil {
		return fmt.Errorf("claim an idempotency key: %w", err)
	}
	rows, err := result.RowsAffected()
	if err != nil {
		return fmt.Errorf("claim an idempotency key: %w", err)
	}
	c.lost.Store(rows == 0)
	if rows == 0 {
		return conflictInFlight()
	}
	tx.OnCommit(func() { c.committed.Store(true) })
	return nil
}

// keep stores the answer beside its key.
func (a *answers) keep(ctx context.Context, call *keyedCall, answer *capture) error {
	headers := map[string]string{}
	for _, name := range []string{"Content-Type", "ETag", "Location"} {
		if value := answer.header.Get(name); value != "" {
			headers[name] = value
		}
	}
	encoded, err := json.Marshal(headers)
	if err != nil {
		return fmt.Errorf("headers of an answer: %w", err)
	}
	body := answer.body.Bytes()
	if call.secret {
		body = nil
	}
	return a.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE idempotency_keys SET status = $1, secret = $2, headers = $3, body = $4
			WHERE user_id = $5 AND key = $6 AND fingerprint = $7`,
			answer.status, call.secret, string(encoded), body, call.key.user, call.key.key, call.fingerprint)
		return err
	})
}

// sweep deletes what is older than 24 hours, in chunks, so that no writer waits long.
func (a *answers) sweep(ctx context.Context) (int, error) {
	total := 0
	for {
		n, err := a.sweepChunk(ctx)
		total += n
		if err != nil || n < sweepChunk {
			return total, err
		}
	}
}

func (a *answers) sweepChunk(ctx context.Context) (int, error) {
	var deleted int64
	err := a.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		result, err := tx.ExecContext(ctx, `DELETE FROM idempotency_keys WHERE (user_id, key) IN (
			SELECT user_id, key FROM idempotency_keys WHERE created_at < $1 LIMIT $2)`,
			sqldb.Time{Time: a.now().Add(-keepAnswers)}, sweepChunk)
		if err != nil {
			return fmt.Errorf("sweep idempotency keys: %w", err)
		}
		deleted, err = result.RowsAffected()
		return err
	})
	if err != nil {
		return 0, err
	}
	return int(deleted), nil
}
