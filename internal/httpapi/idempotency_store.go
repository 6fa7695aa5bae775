package httpapi

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/keylock"
	"github.com/callboard/callboard/sqldb"
)

// sweepChunk is how many old responses one transaction deletes.
const sweepChunk = 1000

//go:embed migrations
var migrationFiles embed.FS

// Migrations returns the tables of this package.
func Migrations() sqldb.Migrations { return sqldb.EmbeddedMigrations("httpapi", migrationFiles) }

// idempotencyStore keeps the responses to requests with an Idempotency-Key, and lets repeats within this process wait for the
// first.
type idempotencyStore struct {
	db      *sqldb.DB
	running keylock.Mutex[keyID] // held by requests of this process
}

// keyID is a key of one who acts: a user, or an application, which is none.
type keyID struct{ actor, key string }

type storedResponse struct {
	fingerprint string
	status      int // 0: not known
	secret      bool
	headers     map[string]string
	body        []byte
	createdAt   time.Time
}

// find returns what is stored for a key, or an error with CodeNotFound.
func (s *idempotencyStore) find(ctx context.Context, id keyID) (storedResponse, error) {
	var (
		stored  storedResponse
		status  sql.NullInt64
		headers sql.NullString
		created sqldb.Time
	)
	err := s.db.QueryRowContext(ctx, `SELECT fingerprint, status, secret, headers, body, created_at
		FROM callboard_idempotency_keys WHERE user_id = $1 AND key = $2 AND created_at >= $3`,
		id.actor, id.key, sqldb.Time{Time: callboard.Now().Add(-keepResponses)},
	).Scan(&stored.fingerprint, &status, &stored.secret, &headers, &stored.body, &created)
	if errors.Is(err, sql.ErrNoRows) {
		return storedResponse{}, callboard.NotFound("answer")
	}
	if err != nil {
		return storedResponse{}, fmt.Errorf("find the answer to an idempotency key: %w", err)
	}
	stored.status, stored.createdAt = int(status.Int64), created.Time
	if headers.Valid {
		if err := json.Unmarshal([]byte(headers.String), &stored.headers); err != nil {
			return storedResponse{}, fmt.Errorf("headers of a kept answer: %w", err)
		}
	}
	return stored, nil
}

// claim takes part in the transaction of the change. It fails, and so rolls the change back, when the key is taken. A key
// older than 24 hours counts as free.
func (c *keyedCall) claim(ctx context.Context, tx *sqldb.Tx) error {
	now := callboard.Now()
	result, err := tx.ExecContext(ctx, `INSERT INTO callboard_idempotency_keys AS kept (user_id, key, fingerprint, created_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (user_id, key) DO UPDATE SET fingerprint = excluded.fingerprint, created_at = excluded.created_at,
			status = NULL, secret = FALSE, headers = NULL, body = NULL
		WHERE kept.created_at < $5`,
		c.id.actor, c.id.key, c.fingerprint(), sqldb.Time{Time: now}, sqldb.Time{Time: now.Add(-keepResponses)})
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

// save stores the response, when it is a success, beside its key.
func (c *keyedCall) save(ctx context.Context, tx *sqldb.Tx, response *responseBuffer) error {
	if response.status >= http.StatusMultipleChoices {
		return nil
	}
	headers := map[string]string{}
	for _, name := range []string{"Content-Type", "ETag", "Location"} {
		if value := response.header.Get(name); value != "" {
			headers[name] = value
		}
	}
	encoded, err := json.Marshal(headers)
	if err != nil {
		return fmt.Errorf("headers of an answer: %w", err)
	}
	body := response.body.Bytes()
	if c.secret {
		body = nil
	}
	_, err = tx.ExecContext(ctx, `UPDATE callboard_idempotency_keys SET status = $1, secret = $2, headers = $3, body = $4
		WHERE user_id = $5 AND key = $6 AND fingerprint = $7`,
		response.status, c.secret, string(encoded), body, c.id.actor, c.id.key, c.fingerprint())
	if err != nil {
		return fmt.Errorf("keep an answer: %w", err)
	}
	return nil
}

// sweep deletes what is older than 24 hours, in chunks, so that no writer waits long.
func (s *idempotencyStore) sweep(ctx context.Context) (total int, err error) {
	for deleted := int64(sweepChunk); deleted == sweepChunk; total += int(deleted) {
		deleted = 0
		err := s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
			result, err := tx.ExecContext(ctx, `DELETE FROM callboard_idempotency_keys WHERE (user_id, key) IN (
				SELECT user_id, key FROM callboard_idempotency_keys WHERE created_at < $1 LIMIT $2)`,
				sqldb.Time{Time: callboard.Now().Add(-keepResponses)}, sweepChunk)
			if err != nil {
				return fmt.Errorf("sweep idempotency keys: %w", err)
			}
			deleted, err = result.RowsAffected()
			return err
		})
		if err != nil {
			return total, err
		}
	}
	return total, nil
}
