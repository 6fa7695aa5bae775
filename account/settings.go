package account

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// Limits of the settings of a user.
const (
	MaxSettings     = 200      // names
	MaxSettingsSize = 32 << 10 // bytes of all, as JSON
)

// Settings are what pages keep of their own for a user, such as the theme, so that all devices of the user agree. Callboard reads none.
type Settings map[string]any

// Settings returns the settings of the actor of ctx; without any it is empty.
func (s *Service) Settings(ctx context.Context) (Settings, error) {
	return readSettings(ctx, s.db, callboard.ActorFrom(ctx).ID, "")
}

// UpdateSettings changes those settings of the actor of ctx that changes names, and returns all: nil takes one away. Others stay, so that
// two devices that change different ones do not undo each other. The error is a *callboard.Error with CodeInvalid for a name that breaks
// callboard.ValidName, and where there would be more than the limits allow.
func (s *Service) UpdateSettings(ctx context.Context, changes Settings) (Settings, error) {
	actor := callboard.ActorFrom(ctx)
	if actor.Service {
		return nil, callboard.Errorf(callboard.CodeForbidden, "an application has no settings, and cannot change those of users")
	}
	var v callboard.Validator
	for name := range changes {
		v.Check(callboard.ValidName(name), "settings", "each name must be 1 to %d letters, digits, _ - or ., beginning with a letter or digit", callboard.MaxName)
	}
	if err := v.Err(); err != nil {
		return nil, err
	}
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (Settings, error) {
		now := sqldb.Time{Time: s.now()}
		_, err := tx.ExecContext(ctx, `INSERT INTO callboard_user_settings (user_id, settings, updated_at) VALUES ($1, '{}', $2)
			ON CONFLICT (user_id) DO NOTHING`, actor.ID, now)
		if err != nil {
			return nil, fmt.Errorf("make settings: %w", err)
		}
		settings, err := readSettings(ctx, tx, actor.ID, sqldb.ForUpdate(tx))
		if err != nil {
			return nil, err
		}
		maps.Copy(settings, changes)
		maps.DeleteFunc(settings, func(_ string, value any) bool { return value == nil })
		text, err := json.Marshal(settings)
		var v callboard.Validator
		v.Check(len(settings) <= MaxSettings, "settings", "must be at most %d with those that are there", MaxSettings)
		v.Check(err == nil && len(text) <= MaxSettingsSize, "settings", "must be at most %d KB of JSON with those that are there", MaxSettingsSize>>10)
		if err := v.Err(); err != nil {
			return nil, err
		}
		_, err = tx.ExecContext(ctx, `UPDATE callboard_user_settings SET settings = $2, updated_at = $3 WHERE user_id = $1`, actor.ID, string(text), now)
		if err != nil {
			return nil, fmt.Errorf("keep settings: %w", err)
		}
		return settings, nil
	})
}

func readSettings(ctx context.Context, q sqldb.Querier, userID, lock string) (Settings, error) {
	var text string
	settings := Settings{}
	err := q.QueryRowContext(ctx, `SELECT settings FROM callboard_user_settings WHERE user_id = $1`+lock, userID).Scan(&text)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return settings, nil
	case err == nil:
		err = json.Unmarshal([]byte(text), &settings)
	}
	if err != nil {
		return nil, fmt.Errorf("read settings: %w", err)
	}
	return settings, nil
}
