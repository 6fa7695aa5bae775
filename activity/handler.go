package activity

import (
	"context"
	"encoding/json"
	"fmt"

	"callboard"
	"callboard/sqldb"
)

// Handler is the relay's stage 1 of the log: it writes an entry for each event that has one.
type Handler struct {
	users Users
	words memory[string]
	kinds memory[kind]
}

// Handler returns the handler to be given to the relay.
func (s *Service) Handler() *Handler {
	return &Handler{users: s.cfg.Users, words: newMemory[string](), kinds: newMemory[kind]()}
}

// ConsumerName is the name of the log's consumer.
const ConsumerName = "activity"

// Name returns ConsumerName.
func (*Handler) Name() string { return ConsumerName }

// Handle implements outbox.Handler. Exactly once: entry and position commit together in the relay's transaction, and the
// position is the primary key.
func (h *Handler) Handle(ctx context.Context, tx *sqldb.Tx, events []callboard.Event) error {
	entries := make([]Entry, 0, len(events))
	for _, e := range events {
		entry, ok, err := entryOf(e)
		if err != nil {
			return err
		}
		if ok {
			entries = append(entries, entry)
		}
	}
	if len(entries) == 0 {
		return nil
	}
	if err := h.nameUsers(ctx, tx, entries); err != nil {
		return err
	}
	return h.insertEntries(ctx, tx, entries)
}

// entryOf returns the entry that follows from e, if one does.
func entryOf(e callboard.Event) (Entry, bool, error) {
	entry := Entry{
		Pos: e.Pos, EventID: e.ID, UserID: e.Actor.ID, UserName: e.Actor.Name, Resource: e.Resource,
		Metadata: e.Data, Source: FromCallboard, IP: e.IP, UserAgent: e.UserAgent, CreatedAt: e.CreatedAt,
	}
	if e.Name == callboard.ActivityLogged.Name {
		err := entry.fromApplication(e)
		return entry, err == nil, err
	}
	kind, _ := callboard.LookupEvent(e.Name)
	entry.Action = kind.Action
	return entry, kind.Action != "", nil
}

// fromApplication takes action, user and metadata from the payload of an activity_logged event.
func (e *Entry) fromApplication(event callboard.Event) error {
	var data struct {
		UserID   string          `json:"user_id"`
		Action   string          `json:"action"`
		Metadata json.RawMessage `json:"metadata"`
	}
	if err := json.Unmarshal(event.Data, &data); err != nil {
		return fmt.Errorf("payload of event %s: %w", event.ID, err)
	}
	if data.UserID != e.UserID {
		e.UserID, e.UserName = data.UserID, ""
	}
	e.Action, e.Metadata, e.Source = data.Action, data.Metadata, FromApplication
	if len(e.Metadata) == 0 {
		e.Metadata = json.RawMessage("{}")
	}
	return nil
}

// nameUsers fills in the names of users that an application logged for.
func (h *Handler) nameUsers(ctx context.Context, tx *sqldb.Tx, entries []Entry) error {
	var ids []string
	for _, e := range entries {
		if e.UserName == "" && e.UserID != "" {
			ids = append(ids, e.UserID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	names, err := h.users.Names(ctx, tx, ids)
	if err != nil {
		return err
	}
	for i := range entries {
		if entries[i].UserName == "" {
			entries[i].UserName = names[entries[i].UserID]
		}
	}
	return nil
}
