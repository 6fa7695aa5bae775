package activity

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// ConsumerName is the name of the log's consumer.
const ConsumerName = "activity"

// Consumer returns the consumer of the outbox that writes the log.
func (s *Service) Consumer() outbox.Consumer {
	return outbox.Consumer{Name: ConsumerName, Handle: s.handle, Wants: func(e *callboard.Event) bool { return s.wants(e) || s.isCanary(e) }}
}

// wants reports whether an entry follows from e.
func (s *Service) wants(e *callboard.Event) bool {
	t, _ := s.cfg.Log.Registry().TypeOf(e)
	return t.Action != "" || t.Name == callboard.ActivityLogged.Name
}

// isCanary reports whether e only tests whether an entry could be written.
func (s *Service) isCanary(e *callboard.Event) bool {
	t, _ := s.cfg.Log.Registry().TypeOf(e)
	return t.Name == callboard.Canary.Name
}

// handle writes the entries of a batch of events. Exactly once: they commit with the cursor in tx, and the position is their
// primary key.
func (s *Service) handle(ctx context.Context, tx *sqldb.Tx, events []callboard.Event) error {
	entries := make([]Entry, 0, len(events))
	for i := range events {
		entry, err := s.entryOf(&events[i])
		if err != nil {
			return err
		}
		if entry.Action != "" {
			entries = append(entries, entry)
		}
		if s.isCanary(&events[i]) {
			entry.Action = callboard.Canary.Name
			err := tx.Rehearse(ctx, func(ctx context.Context) error { return s.insertEntries(ctx, tx, []Entry{entry}) })
			if err != nil {
				return err
			}
		}
	}
	if len(entries) == 0 {
		return nil
	}
	if err := s.nameUsers(ctx, entries); err != nil {
		return err
	}
	return s.insertEntries(ctx, tx, entries)
}

// entryOf returns the entry that follows from e. It has no action when there is none.
func (s *Service) entryOf(e *callboard.Event) (Entry, error) {
	kind, _ := s.cfg.Log.Registry().TypeOf(e)
	entry := Entry{
		Pos: e.Pos, EventID: e.ID, UserID: e.Actor.ID, UserName: e.Actor.Name, Action: kind.Action, Source: FromCallboard,
		Resource: e.Resource, Metadata: e.Data, IP: e.IP, UserAgent: e.UserAgent, CreatedAt: e.CreatedAt,
	}
	if kind.Name != callboard.ActivityLogged.Name {
		return entry, nil
	}
	var data struct {
		UserID   string          `json:"user_id"`
		Action   string          `json:"action"`
		Metadata json.RawMessage `json:"metadata"`
	}
	if err := json.Unmarshal(e.Data, &data); err != nil {
		return Entry{}, fmt.Errorf("payload of event %s: %w", e.ID, err)
	}
	if data.UserID != entry.UserID {
		entry.UserID, entry.UserName = data.UserID, ""
	}
	entry.Action, entry.Metadata, entry.Source = data.Action, data.Metadata, FromApplication
	if len(entry.Metadata) == 0 {
		entry.Metadata = json.RawMessage("{}")
	}
	return entry, nil
}

// nameUsers fills in the names of users that an application logged for.
func (s *Service) nameUsers(ctx context.Context, entries []Entry) error {
	var ids []string
	for _, e := range entries {
		if e.UserName == "" && e.UserID != "" {
			ids = append(ids, e.UserID)
		}
	}
	known, err := s.resolve(ctx, ids)
	if err != nil {
		return err
	}
	for i := range entries {
		if entries[i].UserName == "" {
			entries[i].UserName = known[entries[i].UserID].Name
		}
	}
	return nil
}
