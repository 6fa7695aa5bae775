package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

const userColumns = `id, email, name, role, password_hash, time_zone, disabled_at, created_at, updated_at, last_sign_in_at`

const selectUser = `SELECT ` + userColumns + `, EXISTS (SELECT 1 FROM callboard_second_factors f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL)
	FROM callboard_users u`

func scanUser(row sqldb.Scanner) (User, error) {
	var (
		u                                  User
		hash                               sql.NullString
		disabled, created, updated, signed sqldb.Time
	)
	err := row.Scan(&u.ID, &u.Email, &u.Name, &u.Role, &hash, &u.TimeZone, &disabled, &created, &updated, &signed, &u.SecondFactor)
	if errors.Is(err, sql.ErrNoRows) {
		return User{}, callboard.NotFound("user")
	}
	if err != nil {
		return User{}, fmt.Errorf("read a user: %w", err)
	}
	u.passwordHash, u.HasPassword = hash.String, hash.Valid
	u.Disabled, u.CreatedAt, u.UpdatedAt, u.LastSignInAt = !disabled.IsZero(), created.Time, updated.Time, signed.Ptr()
	return u, nil
}

// findUser finds a user by "id" or "email". lock is sqldb.ForUpdate, or empty.
func findUser(ctx context.Context, q sqldb.Querier, column, value, lock string) (User, error) {
	if lock != "" {
		// Apart from what is read: a statement that waits for a row has that row as it is then, but other tables, the second factors
		// among them, as they were when it began.
		var id string
		err := q.QueryRowContext(ctx, `SELECT id FROM callboard_users WHERE `+column+` = $1`+lock, value).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return User{}, callboard.NotFound("user")
		}
		if err != nil {
			return User{}, fmt.Errorf("lock a user: %w", err)
		}
	}
	return scanUser(q.QueryRowContext(ctx, selectUser+` WHERE `+column+` = $1`, value))
}

func nullable(s string) sql.NullString { return sql.NullString{String: s, Valid: s != ""} }

func insertUser(ctx context.Context, tx *sqldb.Tx, u User) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO callboard_users (`+userColumns+`) VALUES ($1, $2, $3, $4, $5, $6, NULL, $7, $7, NULL)`,
		u.ID, u.Email, u.Name, u.Role, nullable(u.passwordHash), u.TimeZone, sqldb.Time{Time: u.CreatedAt})
	if sqldb.IsUniqueViolation(err) {
		return callboard.Wrap(err, callboard.CodeConflict, "a user with this e-mail address exists already")
	}
	if err != nil {
		return fmt.Errorf("insert a user: %w", err)
	}
	return nil
}

// updateUser writes all that can change. disabled_at keeps the time of the first disabling.
func updateUser(ctx context.Context, tx *sqldb.Tx, u User) error {
	var disabled sqldb.Time
	if u.Disabled {
		disabled.Time = u.UpdatedAt
	}
	_, err := tx.ExecContext(ctx, `UPDATE callboard_users SET name = $1, role = $2, password_hash = $3, time_zone = $4, updated_at = $5,
		disabled_at = CASE WHEN $6 THEN COALESCE(disabled_at, $7) ELSE NULL END WHERE id = $8`,
		u.Name, u.Role, nullable(u.passwordHash), u.TimeZone, sqldb.Time{Time: u.UpdatedAt}, u.Disabled, disabled, u.ID)
	if err != nil {
		return fmt.Errorf("update a user: %w", err)
	}
	return nil
}

// lockAdmins returns the active admins and, where that is asked for, keeps every other transaction from changing who
// they are. It locks in the order of the IDs and before any other row of users, so that two of them cannot deadlock.
func lockAdmins(ctx context.Context, tx *sqldb.Tx, wanted bool) ([]string, error) {
	if !wanted {
		return nil, nil
	}
	rows, err := tx.QueryContext(ctx, `SELECT id FROM callboard_users WHERE role = $1 AND disabled_at IS NULL ORDER BY id`+
		sqldb.ForUpdate(tx), callboard.RoleAdmin)
	return sqldb.CollectValues[string](rows, err, "find the admins")
}
