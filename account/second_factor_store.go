package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// storedFactor is the second factor of a user as it is stored.
type storedFactor struct {
	sealed             string // the secret, encrypted
	usedStep           int64
	created, confirmed sqldb.Time
}

func findSecondFactor(ctx context.Context, q sqldb.Querier, userID string) (f storedFactor, err error) {
	err = q.QueryRowContext(ctx, `SELECT secret, used_step, created_at, confirmed_at FROM callboard_second_factors WHERE user_id = $1`, userID).
		Scan(&f.sealed, &f.usedStep, &f.created, &f.confirmed)
	if errors.Is(err, sql.ErrNoRows) {
		return f, callboard.NotFound("second factor")
	}
	if err != nil {
		return f, fmt.Errorf("read a second factor: %w", err)
	}
	return f, nil
}

// startSecondFactor stores one that is to be confirmed, in the place of an earlier one that never was.
func startSecondFactor(ctx context.Context, tx *sqldb.Tx, userID, sealed string, now time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO callboard_second_factors (user_id, secret, used_step, created_at) VALUES ($1, $2, 0, $3)
		ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at`, userID, sealed, sqldb.Time{Time: now})
	if err != nil {
		return fmt.Errorf("begin a second factor: %w", err)
	}
	return nil
}

func confirmSecondFactor(ctx context.Context, tx *sqldb.Tx, userID string, step int64, now time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE callboard_second_factors SET used_step = $1, confirmed_at = $2 WHERE user_id = $3`,
		step, sqldb.Time{Time: now}, userID)
	if err != nil {
		return fmt.Errorf("confirm a second factor: %w", err)
	}
	return nil
}

func useStep(ctx context.Context, tx *sqldb.Tx, userID string, step int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE callboard_second_factors SET used_step = $1 WHERE user_id = $2`, step, userID)
	if err != nil {
		return fmt.Errorf("use a code: %w", err)
	}
	return nil
}

func deleteSecondFactor(ctx context.Context, tx *sqldb.Tx, userID string) error {
	for _, statement := range []string{`DELETE FROM callboard_recovery_codes WHERE user_id = $1`, `DELETE FROM callboard_second_factors WHERE user_id = $1`} {
		if _, err := tx.ExecContext(ctx, statement, userID); err != nil {
			return fmt.Errorf("delete a second factor: %w", err)
		}
	}
	return nil
}

// deleteBegun deletes what was begun for a user under the password of before, or before the user was disabled, and waits to be finished by who
// has its secret: a second factor that no code has confirmed, and an invitation.
func deleteBegun(ctx context.Context, tx *sqldb.Tx, userID string) error {
	for _, statement := range []string{
		`DELETE FROM callboard_second_factors WHERE user_id = $1 AND confirmed_at IS NULL`, `DELETE FROM callboard_invitations WHERE user_id = $1`,
	} {
		if _, err := tx.ExecContext(ctx, statement, userID); err != nil {
			return fmt.Errorf("delete what was begun for a user: %w", err)
		}
	}
	return nil
}

// storeRecoveryCodes puts codes in the place of those that there are.
func storeRecoveryCodes(ctx context.Context, tx *sqldb.Tx, userID string, codes []string) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM callboard_recovery_codes WHERE user_id = $1`, userID); err != nil {
		return fmt.Errorf("delete recovery codes: %w", err)
	}
	for _, code := range codes {
		_, err := tx.ExecContext(ctx, `INSERT INTO callboard_recovery_codes (user_id, code_hash) VALUES ($1, $2)`, userID, hashSecret(plainCode(code)))
		if err != nil {
			return fmt.Errorf("store a recovery code: %w", err)
		}
	}
	return nil
}

func useRecoveryCode(ctx context.Context, tx *sqldb.Tx, userID, code string) error {
	result, err := tx.ExecContext(ctx, `DELETE FROM callboard_recovery_codes WHERE user_id = $1 AND code_hash = $2`, userID, hashSecret(code))
	if err != nil {
		return fmt.Errorf("use a recovery code: %w", err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return fmt.Errorf("use a recovery code: %w", err)
	}
	if n == 0 {
		return wrongCode()
	}
	return nil
}
