package notification

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// maxPreferenceTypes bounds how many types a user may have set.
const maxPreferenceTypes = 200

// Preferences say what a user wants to hear of, and how. The zero value wants everything.
type Preferences struct {
	MuteAll    bool                `json:"mute_all" doc:"Nothing at all, not even in the inbox."`
	Types      map[string]Channels `json:"types" doc:"By type of notification. A type that is not named has both channels on."`
	QuietHours *QuietHours         `json:"quiet_hours,omitempty" doc:"When nothing but urgent notifications is pushed live, except the unread count."`
}

// Channels are the ways in which a notification reaches a user.
type Channels struct {
	InApp bool `json:"in_app" doc:"An entry in the inbox. Off mutes the type: then nothing is pushed live either."`
	Live  bool `json:"live" doc:"Pushed to the user's sockets. Off: only the unread count is."`
}

// of returns how the user wants notifications of the type. What is not in the inbox is not pushed live either.
func (p *Preferences) of(typ string) Channels {
	c, ok := p.Types[typ]
	inApp := !p.MuteAll && (!ok || c.InApp)
	return Channels{InApp: inApp, Live: inApp && (!ok || c.Live)}
}

// quiet reports whether quiet hours keep a notification of the priority from being pushed at the given moment.
func (p *Preferences) quiet(priority Priority, at *zoneClock) bool {
	return priority != PriorityUrgent && p.QuietHours != nil && p.QuietHours.cover(at)
}

// live reports whether n is to be pushed at the given moment.
func (p *Preferences) live(n *Notification, at *zoneClock) bool {
	return p.of(n.Type).Live && !p.quiet(n.Priority, at)
}

func (p *Preferences) validate() error {
	var v callboard.Validator
	v.Check(len(p.Types) <= maxPreferenceTypes, "types", "must name at most %d types", maxPreferenceTypes)
	for name := range p.Types {
		if !callboard.ValidName(name) {
			v.Add("types", "each type must be 1 to %d letters, digits, _ - or ., beginning with a letter or digit", callboard.MaxName)
			break
		}
	}
	if p.QuietHours != nil {
		p.QuietHours.validate(&v)
	}
	return v.Err()
}

// normal returns p as it is shown: a JSON object for the types even if there are none.
func (p Preferences) normal() Preferences {
	if p.Types == nil {
		p.Types = map[string]Channels{}
	}
	return p
}

func preferencesOf(ctx context.Context, q sqldb.Querier, userID string) (Preferences, error) {
	all, err := loadPreferences(ctx, q, []string{userID})
	if err != nil {
		return Preferences{}, err
	}
	if p := all[userID]; p != nil {
		return p.normal(), nil
	}
	return Preferences{}.normal(), nil
}

// loadPreferences returns the preferences of those of the users who have set some, in one query.
func loadPreferences(ctx context.Context, q sqldb.Querier, userIDs []string) (map[string]*Preferences, error) {
	//nolint:rowserrcheck // Each does
	rows, err := q.QueryContext(ctx, `SELECT user_id, settings FROM callboard_notification_preferences
		WHERE user_id IN (SELECT value FROM `+texts(q)+`)`, encode(userIDs))
	all := map[string]*Preferences{}
	return all, sqldb.Each(rows, err, "read preferences", func(row sqldb.Scanner) error {
		var userID, settings string
		if err := row.Scan(&userID, &settings); err != nil {
			return err
		}
		p := &Preferences{}
		if err := json.Unmarshal([]byte(settings), p); err != nil {
			return fmt.Errorf("decode preferences of user %s: %w", userID, err)
		}
		all[userID] = p
		return nil
	})
}

func savePreferences(ctx context.Context, tx *sqldb.Tx, userID string, p Preferences, now time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO callboard_notification_preferences (user_id, settings, updated_at) VALUES ($1, $2, $3)
		ON CONFLICT (user_id) DO UPDATE SET settings = excluded.settings, updated_at = excluded.updated_at`,
		userID, encode(p), sqldb.Time{Time: now})
	if err != nil {
		return fmt.Errorf("save preferences: %w", err)
	}
	return nil
}
