package notification

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// The names of the live messages on a user's channel.
const (
	EventNotification = "notification" // an entry is new, or has been added to
	EventUnreadCount  = "unread_count" // the number of unread entries has changed otherwise, or without a message that the user wants
)

// LivePublisher brings messages to the sockets of users.
type LivePublisher interface {
	// HasSubscribers reports whether a message to the user would reach anybody, now or when they are back shortly. It must
	// not err on the side of no.
	HasSubscribers(userID string) bool
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

// pushData is the payload of EventNotification.
type pushData struct {
	Notification Notification `json:"notification" doc:"The entry as GET /notifications shows it."`
	UnreadCount  int64        `json:"unread_count" doc:"How many the user has not read, counted up to 1,000."`
}

// unreadData is the payload of EventUnreadCount.
type unreadData struct {
	UnreadCount int64 `json:"unread_count" doc:"Counted up to 1,000: more are 1,000 too."`
}

// LivePayloads returns the zero value of the data of each live message of this package, by its name.
func LivePayloads() map[string]any {
	return map[string]any{EventNotification: pushData{}, EventUnreadCount: unreadData{}}
}

// send pushes the entries that follow from the events to their users, as far as they want them now. An entry that
// newer events have joined by now is pushed with the newest of them.
func (s *Service) send(ctx context.Context, events []callboard.Event) error {
	var ids []string
	for _, e := range events {
		if len(e.Audience) > 0 {
			ids = append(ids, e.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	entries, err := s.entriesOf(ctx, ids)
	if err != nil {
		return err
	}
	if len(entries) < livePage {
		return s.push(ctx, entries)
	}
	for _, id := range ids { // too many for the memory of one page: event by event, in pages
		for after := ""; ; {
			if entries, err = s.entriesAfter(ctx, id, after); err != nil {
				return err
			}
			if len(entries) == 0 {
				break
			}
			after = entries[len(entries)-1].UserID // before push, which works in place
			if err := s.push(ctx, entries); err != nil {
				return err
			}
		}
	}
	return nil
}

// livePage is how many entries are pushed at once.
const livePage = 1000

// entriesOf reads the unread entries of the events, at most a page, in the order of positions and users.
func (s *Service) entriesOf(ctx context.Context, eventIDs []string) ([]Notification, error) {
	matching := `read_at IS NULL AND (expires_at IS NULL OR expires_at > $2)`
	rows, err := s.db.QueryContext(ctx, `SELECT `+columns+` FROM (SELECT value FROM `+texts(s.db)+`) k
		CROSS JOIN `+lookUpEach(s.db, "callboard_notifications", `event_id = k.value`, matching)+` LIMIT $3`,
		encode(eventIDs), sqldb.Time{Time: s.now()}, livePage)
	entries, err := sqldb.Collect(rows, err, "read entries of events", scanNotification)
	slices.SortFunc(entries, func(a, b Notification) int {
		return cmp.Or(cmp.Compare(a.Pos, b.Pos), cmp.Compare(a.UserID, b.UserID))
	})
	return entries, err
}

// entriesAfter reads the unread entries of one event, of users after the given one: a page. It asks for the order of the index of
// the event, so that PostgreSQL takes that one also while it has no statistics.
func (s *Service) entriesAfter(ctx context.Context, eventID, after string) ([]Notification, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT `+columns+` FROM callboard_notifications
		WHERE (event_id, user_id) > ($1, $2) AND event_id <= $1 AND read_at IS NULL AND (expires_at IS NULL OR expires_at > $3)
		ORDER BY event_id, user_id LIMIT $4`, eventID, after, sqldb.Time{Time: s.now()}, livePage)
	return sqldb.Collect(rows, err, "read entries of an event", scanNotification)
}

// push publishes the entries to those who listen, each with the unread count of its user. Who does not want an entry live, or
// has quiet hours, gets the count alone: it disturbs nobody, and what pages show of it stays right.
func (s *Service) push(ctx context.Context, entries []Notification) error {
	entries = slices.DeleteFunc(entries, func(n Notification) bool { return !s.cfg.Publisher.HasSubscribers(n.UserID) })
	if len(entries) == 0 {
		return nil
	}
	preferences, err := loadPreferences(ctx, s.db, recipientsOf(entries))
	if err != nil {
		return err
	}
	users, now := recipientsOf(entries), s.now()
	at := newZoneClock(now)
	entries = slices.DeleteFunc(entries, func(n Notification) bool {
		p := preferences[n.UserID]
		return p != nil && !p.live(&n, at)
	})
	told := setOf(recipientsOf(entries))
	countOnly := slices.DeleteFunc(slices.Clone(users), func(id string) bool { return told[id] })
	s.live.Lock()
	defer s.live.Unlock()
	counts, err := unreadCounts(ctx, s.db, users, now) // those of now, so the last message of a user is right
	if err != nil {
		return err
	}
	messages, err := notificationMessages(entries, counts)
	if err != nil {
		return err
	}
	return s.cfg.Publisher.PublishToUsers(ctx, append(messages, unreadMessages(countOnly, counts, now)...))
}

func recipientsOf(entries []Notification) []string {
	seen := make(map[string]bool, len(entries))
	var ids []string
	for i := range entries {
		if id := entries[i].UserID; !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids
}

func notificationMessages(notifications []Notification, counts map[string]int64) ([]LiveMessage, error) {
	messages := make([]LiveMessage, len(notifications))
	for i, n := range notifications {
		data, err := json.Marshal(pushData{n, counts[n.UserID]})
		if err != nil {
			return nil, fmt.Errorf("encode notification %s: %w", n.ID, err)
		}
		messages[i] = LiveMessage{UserID: n.UserID, Key: n.EventID + "/" + n.UserID, Message: callboard.Message{
			ID: n.EventID, Pos: n.Pos, Event: EventNotification, Timestamp: n.CreatedAt,
			Actor:    callboard.UserRef{ID: n.ActorID, Name: n.ActorName},
			Resource: callboard.MessageResource{Type: n.ResourceType, ID: n.ResourceID},
			Data:     data,
		}}
	}
	return messages, nil
}

// pushUnreadAfter tells the user's sockets the unread count once tx has committed, without making anybody wait for it.
func (s *Service) pushUnreadAfter(tx *sqldb.Tx, userID string) {
	if s.cfg.Publisher != nil {
		tx.OnCommit(func() { s.unread.push(userID) })
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
	userIDs = slices.DeleteFunc(userIDs, func(id string) bool { return !s.cfg.Publisher.HasSubscribers(id) })
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

// unreadPusher sends unread counts in the background, each user's once however often it changed meanwhile. Its goroutine
// runs only while there is something to send.
type unreadPusher struct {
	send func(userIDs []string)

	mu      sync.Mutex
	pending map[string]bool
	running chan struct{} // closed when the goroutine ends; nil when there is none
	closed  bool
}

func newUnreadPusher(send func([]string)) *unreadPusher {
	return &unreadPusher{send: send, pending: map[string]bool{}}
}

func (p *unreadPusher) push(userID string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	p.pending[userID] = true
	if p.running == nil {
		p.running = make(chan struct{})
		go p.run(p.running)
	}
}

func (p *unreadPusher) run(done chan struct{}) {
	defer close(done)
	for userIDs := p.take(); len(userIDs) > 0; userIDs = p.take() {
		p.send(userIDs)
	}
}

// take returns the users to send to. When there are none, the goroutine has ended as far as others can see.
func (p *unreadPusher) take() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	userIDs := slices.Sorted(maps.Keys(p.pending))
	clear(p.pending)
	if len(userIDs) == 0 {
		p.running = nil
	}
	return userIDs
}

// close refuses further users and waits for those that are pending, or until ctx ends.
func (p *unreadPusher) close(ctx context.Context) error {
	p.mu.Lock()
	p.closed = true
	running := p.running
	p.mu.Unlock()
	if running == nil {
		return nil
	}
	select {
	case <-running:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
