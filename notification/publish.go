package notification

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"callboard"
	"callboard/sqldb"
)

// The names of the live messages on a user's channel.
const (
	EventNotification = "notification" // an entry is new, or has been added to
	EventUnreadCount  = "unread_count" // the number of unread entries has changed otherwise
)

// LivePublisher brings messages to the sockets of users.
type LivePublisher interface {
	// Hears reports whether a message to the user would reach anybody, now or when they are back shortly. It must not err on
	// the side of no.
	Hears(userID string) bool
	// PublishToUsers publishes the messages in their order. An error means that any of them may not have been.
	PublishToUsers(ctx context.Context, messages []LiveMessage) error
}

// LiveMessage is a message for all sockets of one user.
type LiveMessage struct {
	UserID  string
	Message callboard.Message
	// Key is the same whenever the same message is published again; empty for one that never is.
	Key string
}

// notificationData is the payload of EventNotification.
type notificationData struct {
	Notification Notification `json:"notification"`
	UnreadCount  int64        `json:"unread_count"`
}

// unreadData is the payload of EventUnreadCount.
type unreadData struct {
	UnreadCount int64 `json:"unread_count" doc:"Counted up to 1,000: more are 1,000 too."`
}

// Publish tells the users of the entries that Handle made of the events, as far as they want to be told now. The relay
// calls it after the commit. An entry that newer events have joined by now is told of by the newest of them.
//
// At least once, in the order of the positions: an error makes the relay call it again with the same events.
func (s *Service) Publish(ctx context.Context, events []callboard.Event) error {
	if s.cfg.Publisher == nil {
		return nil
	}
	entries, later, all := s.handed.look(events, s.now())
	var err error
	if all {
		err = s.tellNew(ctx, entries)
	} else {
		err = s.publishStored(ctx, events, later)
	}
	if err == nil {
		s.handed.drop(events)
	}
	return err
}

// tellNew tells the users of entries that were made a moment ago and have not changed since.
func (s *Service) tellNew(ctx context.Context, entries []*entry) error {
	now := s.now()
	at := newMoment(now)
	notifications := make([]Notification, 0, len(entries))
	for _, e := range entries {
		n := e.notification()
		expired := n.ExpiresAt != nil && !n.ExpiresAt.After(now)
		if !expired && (e.wishes == nil || e.wishes.live(&n, at)) {
			notifications = append(notifications, n)
		}
	}
	return s.push(ctx, notifications)
}

// publishStored is Publish from the table. Events with large audiences are left out: those of them that are known, and
// those that are still on their way.
func (s *Service) publishStored(ctx context.Context, events []callboard.Event, later map[int64]bool) error {
	events = slices.DeleteFunc(slices.Clone(events), func(e callboard.Event) bool { return len(e.Audience) == 0 || later[e.Pos] })
	if len(events) == 0 {
		return nil
	}
	away, err := underDelivery(ctx, s.db, idsOf(events))
	if err != nil {
		return err
	}
	return s.publishEntries(ctx, slices.DeleteFunc(events, func(e callboard.Event) bool { return away[e.ID] }))
}

func idsOf(events []callboard.Event) []string {
	ids := make([]string, len(events))
	for i := range events {
		ids[i] = events[i].ID
	}
	return ids
}

func (s *Service) publishEntries(ctx context.Context, events []callboard.Event) error {
	notifications, all, err := s.newEntries(ctx, events)
	if err != nil {
		return err
	}
	if !all {
		half := len(events) / 2
		if err := s.publishEntries(ctx, events[:half]); err != nil {
			return err
		}
		return s.publishEntries(ctx, events[half:])
	}
	return s.tell(ctx, notifications)
}

// tell tells users of entries, as far as they want to be told now.
func (s *Service) tell(ctx context.Context, notifications []Notification) error {
	notifications, err := s.audible(ctx, notifications)
	if err != nil {
		return err
	}
	return s.push(ctx, notifications)
}

// push publishes the notifications to those who hear them, each with the unread count of its user.
func (s *Service) push(ctx context.Context, notifications []Notification) error {
	notifications = slices.DeleteFunc(notifications, func(n Notification) bool { return !s.cfg.Publisher.Hears(n.UserID) })
	if len(notifications) == 0 {
		return nil
	}
	s.live.Lock()
	defer s.live.Unlock()
	messages, err := s.messages(ctx, notifications)
	if err != nil {
		return err
	}
	return s.cfg.Publisher.PublishToUsers(ctx, messages)
}

// maxLive bounds how many entries are published at once, in the memory of the process, except that those of one event
// always are.
const maxLive = 5000

// newEntries reads the unread entries of the events in one query, in the order of their positions. It reports whether
// these are all; several events may have too many.
func (s *Service) newEntries(ctx context.Context, events []callboard.Event) (_ []Notification, all bool, err error) {
	if len(events) == 0 {
		return nil, true, nil
	}
	limit := ""
	if len(events) > 1 {
		limit = fmt.Sprintf(" LIMIT %d", maxLive+1)
	}
	rows, err := s.db.QueryContext(ctx, `SELECT `+columns+` FROM notifications
		WHERE event_id IN (SELECT value FROM `+texts(s.db)+`) AND read_at IS NULL
			AND (expires_at IS NULL OR expires_at > $2)`+limit, encode(idsOf(events)), sqldb.Time{Time: s.now()})
	if err != nil {
		return nil, false, fmt.Errorf("read new entries: %w", err)
	}
	notifications, err := scanAll(rows, scanNotification)
	slices.SortFunc(notifications, func(a, b Notification) int {
		return cmp.Or(cmp.Compare(a.Pos, b.Pos), cmp.Compare(a.UserID, b.UserID))
	})
	return notifications, len(events) == 1 || len(notifications) <= maxLive, err
}

// entriesBetween reads the unread entries of one event, of the users between two IDs, the first excluded: the first page.
func (s *Service) entriesBetween(ctx context.Context, eventID, after, last string) ([]Notification, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT `+columns+` FROM notifications
		WHERE event_id = $1 AND user_id > $2 AND user_id <= $3 AND read_at IS NULL
			AND (expires_at IS NULL OR expires_at > $4)
		ORDER BY user_id LIMIT $5`, eventID, after, last, sqldb.Time{Time: s.now()}, tellPage)
	if err != nil {
		return nil, fmt.Errorf("read entries of an event: %w", err)
	}
	return scanAll(rows, scanNotification)
}

// audible leaves out what its user does not want to be pushed now.
func (s *Service) audible(ctx context.Context, notifications []Notification) ([]Notification, error) {
	if len(notifications) == 0 {
		return nil, nil
	}
	preferences, err := loadPreferences(ctx, s.db, recipientsOf(notifications))
	if err != nil {
		return nil, err
	}
	at := newMoment(s.now())
	return slices.DeleteFunc(notifications, func(n Notification) bool {
		p := preferences[n.UserID]
		return p != nil && !p.live(&n, at)
	}), nil
}

func recipientsOf(notifications []Notification) []string {
	seen := make(map[string]bool, len(notifications))
	var ids []string
	for i := range notifications {
		if id := notifications[i].UserID; !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids
}

// messages returns what to publish. The counts are those of now, so the last message of a user is right.
func (s *Service) messages(ctx context.Context, notifications []Notification) ([]LiveMessage, error) {
	counts, err := unreadCounts(ctx, s.db, recipientsOf(notifications), s.now())
	if err != nil {
		return nil, err
	}
	messages := make([]LiveMessage, len(notifications))
	for i, n := range notifications {
		data, err := json.Marshal(notificationData{n, counts[n.UserID]})
		if err != nil {
			return nil, fmt.Errorf("encode notification %s: %w", n.ID, err)
		}
		messages[i] = LiveMessage{UserID: n.UserID, Key: n.EventID + "/" + n.UserID, Message: callboard.Message{
			ID: n.EventID, Pos: n.Pos, Event: EventNotification, Timestamp: n.CreatedAt,
			Actor:    callboard.Ref{ID: n.ActorID, Name: n.ActorName},
			Resource: callboard.MessageResource{Type: n.ResourceType, ID: n.ResourceID},
			Data:     data,
		}}
	}
	return messages, nil
}

// pushUnreadAfter tells the user's sockets the unread count once tx has committed, without making anybody wait for it.
func (s *Service) pushUnreadAfter(tx *sqldb.Tx, userID string) {
	if s.cfg.Publisher != nil {
		tx.OnCommit(func() {
			s.handed.forget(userID)
			s.unread.push(userID)
		})
	}
}

// unreadTimeout bounds one round of unread counts.
const unreadTimeout = 10 * time.Second

// sendUnread publishes the unread counts of the users. It may lose one: the count comes with every notification, and a
// client asks for it when it connects.
func (s *Service) sendUnread(userIDs []string) {
	ctx, cancel := context.WithTimeout(context.Background(), unreadTimeout)
	defer cancel()
	s.live.Lock()
	defer s.live.Unlock()
	userIDs = slices.DeleteFunc(userIDs, func(id string) bool { return !s.cfg.Publisher.Hears(id) })
	now := s.now()
	counts, err := unreadCounts(ctx, s.db, userIDs, now)
	if err == nil {
		err = s.cfg.Publisher.PublishToUsers(ctx, unreadMessages(userIDs, counts, now))
	}
	if err != nil {
		s.log.Warn("unread counts were not pushed", "error", err, "users", len(userIDs))
	}
}

func unreadMessages(userIDs []string, counts map[string]int64, now time.Time) []LiveMessage {
	messages := make([]LiveMessage, len(userIDs))
	for i, id := range userIDs {
		messages[i] = LiveMessage{UserID: id, Message: callboard.Message{
			ID: callboard.NewID(), Event: EventUnreadCount, Timestamp: now,
			Data: json.RawMessage(encode(unreadData{counts[id]})),
		}}
	}
	return messages
}
