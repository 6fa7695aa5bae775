package presence

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/callboard/callboard"
)

// Status is how available a user says to be.
type Status string

// The statuses. Somebody who is connected and has chosen none is online; offline, when chosen, means invisible.
const (
	StatusOnline  Status = "online"
	StatusAway    Status = "away"
	StatusBusy    Status = "busy"
	StatusDND     Status = "dnd"
	StatusOffline Status = "offline"
)

// StatusChoice is a status that a user chose, with a text of at most MaxStatusText characters.
type StatusChoice struct {
	Status Status `json:"status" doc:"online, away, busy, dnd, or offline, which means invisible."`
	Text   string `json:"text,omitempty" doc:"What the user says beside it."`
}

// OnlineUser is a user with an open socket.
type OnlineUser struct {
	UserID string    `json:"user_id" doc:"ID of the user."`
	Name   string    `json:"name" doc:"Name of the user."`
	Status Status    `json:"status" doc:"online, away, busy or dnd."`
	Text   string    `json:"text,omitempty" doc:"What the user says beside it."`
	Since  time.Time `json:"since" doc:"When the user came online."`
}

// Connected notes that user has opened the given socket connection. Alive must follow well within the TTL, and
// Disconnected when it is gone.
func (s *Service) Connected(ctx context.Context, user callboard.UserRef, client string) error {
	return s.store.Touch(ctx, online, user, client, s.cfg.TTL, true)
}

// Alive notes that the connection is still there.
func (s *Service) Alive(ctx context.Context, user callboard.UserRef, client string) error {
	return s.store.Touch(ctx, online, user, client, s.cfg.TTL, false)
}

// Disconnected notes that the connection is gone. After the grace, the user is offline unless another one is there.
func (s *Service) Disconnected(ctx context.Context, user callboard.UserRef, client string) error {
	return s.store.Leave(ctx, online, user.ID, client, s.cfg.Grace)
}

// SetStatus keeps what user chose for StatusTTL, across connections. It is seen while the user is online.
func (s *Service) SetStatus(ctx context.Context, user callboard.UserRef, choice StatusChoice) error {
	var v callboard.Validator
	v.Check(choice.Status.known(), "status", "must be online, away, busy, dnd or offline")
	v.Check(utf8.ValidString(choice.Text) && utf8.RuneCountInString(choice.Text) <= MaxStatusText,
		"text", "must be at most %d characters", MaxStatusText)
	v.UserID("user_id", user.ID)
	if err := v.Err(); err != nil {
		return err
	}
	now := callboard.Now()
	if err := s.emit.record.status(ctx, user.ID, choice, now.Add(s.cfg.StatusTTL)); err != nil {
		return err
	}
	if err := s.store.SetStatus(ctx, user.ID, choice, now, now.Add(s.cfg.StatusTTL)); err != nil {
		return err
	}
	s.emit.statusChanged(user)
	return nil
}

// Status returns what the user chose, or online. It says nothing of whether the user is connected.
func (s *Service) Status(ctx context.Context, userID string) (StatusChoice, error) {
	chosen, err := s.store.Statuses(ctx, []string{userID})
	if err != nil {
		return StatusChoice{}, err
	}
	return choiceOf(chosen, userID), nil
}

// shownStatus returns what others see of user, whose name it fills in: offline without a text when not connected, or
// invisible.
func (s *Service) shownStatus(ctx context.Context, user *callboard.UserRef) (StatusChoice, error) {
	offline := StatusChoice{Status: StatusOffline}
	connected, err := s.store.Viewer(ctx, online, user.ID)
	if callboard.CodeOf(err) == callboard.CodeNotFound {
		return offline, nil
	}
	if err != nil {
		return offline, err
	}
	user.Name = connected.Name
	choice, err := s.Status(ctx, user.ID)
	if choice.Status == StatusOffline {
		choice = offline
	}
	return choice, err
}

func (s Status) known() bool {
	return slices.Contains([]Status{StatusOnline, StatusAway, StatusBusy, StatusDND, StatusOffline}, s)
}

func choiceOf(chosen map[string]StatusChoice, userID string) StatusChoice {
	if c, ok := chosen[userID]; ok {
		return c
	}
	return StatusChoice{Status: StatusOnline}
}

// onlineCursor is the place after a user in the list of online users.
type onlineCursor struct {
	Since  time.Time `json:"s"`
	UserID string    `json:"u"`
}

// OnlineUsers lists the users with an open socket, except those who chose to be invisible, those who came first first.
func (s *Service) OnlineUsers(ctx context.Context, page callboard.Page) (callboard.List[OnlineUser], error) {
	var none callboard.List[OnlineUser]
	var cursor onlineCursor
	if page.Cursor != "" {
		if err := callboard.DecodeCursor(page.Cursor, &cursor); err != nil {
			return none, err
		}
	}
	users, want := []OnlineUser{}, page.Size()+1
	after, more := Viewer{UserID: cursor.UserID, Since: cursor.Since}, true
	for more && len(users) < want {
		connected, _, err := s.store.Viewers(ctx, online, after, want)
		if err != nil {
			return none, err
		}
		visible, err := s.visible(ctx, connected)
		if err != nil {
			return none, err
		}
		users = append(users, visible...)
		if more = len(connected) == want; more {
			after = connected[want-1]
		}
	}
	users = users[:min(len(users), want)]
	return callboard.NewList(users, page.Size(), func(u OnlineUser) any { return onlineCursor{u.Since, u.UserID} }), nil
}

// visible returns those who are not invisible, with their statuses.
func (s *Service) visible(ctx context.Context, connected []Viewer) ([]OnlineUser, error) {
	ids := make([]string, len(connected))
	for i, v := range connected {
		ids[i] = v.UserID
	}
	chosen, err := s.store.Statuses(ctx, ids)
	if err != nil {
		return nil, err
	}
	users := make([]OnlineUser, 0, len(connected))
	for _, v := range connected {
		if c := choiceOf(chosen, v.UserID); c.Status != StatusOffline {
			users = append(users, OnlineUser{UserID: v.UserID, Name: v.Name, Status: c.Status, Text: c.Text, Since: v.Since})
		}
	}
	return users, nil
}
