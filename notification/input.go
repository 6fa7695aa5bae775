package notification

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/callboard/callboard"
)

// Priority says how much a notification matters.
type Priority string

// The priorities. High and urgent ones are exempt from the rate limit; urgent ones also break quiet hours.
const (
	PriorityLow    Priority = "low"
	PriorityNormal Priority = "normal" // the default
	PriorityHigh   Priority = "high"
	PriorityUrgent Priority = "urgent"
)

func (p Priority) rank() int {
	switch p {
	case PriorityLow:
		return 1
	case PriorityNormal:
		return 2
	case PriorityHigh:
		return 3
	case PriorityUrgent:
		return 4
	}
	return 0
}

// limited reports whether the rate limit holds for p.
func (p Priority) limited() bool { return p.rank() < PriorityHigh.rank() }

// TypeDigest is the type of the entry that collects what goes beyond the rate limit. Senders cannot use it.
const TypeDigest = "digest"

// Limits of a notification.
const (
	MaxRecipients = 1000     // names in Input.To
	MaxMessage    = 1000     // characters
	MaxData       = 16 << 10 // bytes of the encoded data
)

// Input is a notification to be sent.
type Input struct {
	// To names the recipients, at most 1,000: user IDs, "role:<role>", "group:<name>", "watchers:<type>:<id>" or "all". The sender
	// hears of it only when named by ID.
	To       []string
	Type     string             // a name as callboard.ValidName allows
	Message  string             // 1–1,000 characters
	Data     map[string]any     // at most 16 KB as JSON
	Priority Priority           // empty means normal
	Resource callboard.Resource // what it is about; may be empty. Unread repeats about the same resource become one entry
	// ExpiresAt is when the entry disappears by itself; nil means never.
	ExpiresAt *time.Time
}

func (in *Input) validate(now time.Time) error {
	var v callboard.Validator
	in.checkRecipientNames(&v)
	v.Name("type", in.Type)
	v.Check(in.Type != TypeDigest, "type", "is reserved")
	length := utf8.RuneCountInString(in.Message)
	v.Check(length >= 1 && length <= MaxMessage, "message", "must have 1 to %d characters", MaxMessage)
	v.Check(in.Message == "" || !callboard.Blank(in.Message), "message", "must have a character that can be seen")
	v.Check(cleanText(in.Message) == in.Message, "message", "must be text without NUL characters")
	in.checkData(&v)
	v.Check(in.Priority == "" || in.Priority.rank() > 0, "priority", "must be low, normal, high or urgent")
	in.checkResource(&v)
	v.Check(in.ExpiresAt == nil || in.ExpiresAt.After(now), "expires_at", "must be in the future")
	return v.Err()
}

func (in *Input) checkRecipientNames(v *callboard.Validator) {
	if len(in.To) < 1 || len(in.To) > MaxRecipients {
		v.Add("user_id", "must name 1 to %d recipients", MaxRecipients)
		return
	}
	for i, name := range in.To {
		if _, err := callboard.ParseAudience(name); err != nil {
			v.Add(recipientField(in.To, i), callboard.AudienceRule)
		}
	}
}

func (in *Input) checkData(v *callboard.Validator) {
	if in.Data == nil {
		return
	}
	b, err := json.Marshal(in.Data)
	v.Check(err == nil, "data", "must be a JSON object")
	v.Check(len(b) <= MaxData, "data", "must be at most %d KB", MaxData>>10)
}

func (in *Input) checkResource(v *callboard.Validator) {
	if in.Resource.Type == "" && in.Resource.ID == "" {
		return
	}
	v.Resource("", in.Resource)
}

func (in *Input) event(ctx context.Context) callboard.Event {
	priority := in.Priority
	if priority == "" {
		priority = PriorityNormal
	}
	data := callboard.NotificationData{
		Type: in.Type, Message: in.Message, Priority: string(priority), Data: in.Data, ExpiresAt: in.ExpiresAt,
	}
	e := callboard.NotificationCreated.New(ctx, in.Resource, data)
	e.Audience = in.To
	return e
}

// unknownRecipients is the error that names the entries of to that are unknown, or nil.
func unknownRecipients(to []string, unknown map[string]bool) error {
	var v callboard.Validator
	for i, id := range to {
		v.Check(!unknown[id], recipientField(to, i), "no such user")
	}
	return v.Err()
}

// recipientField is how the i-th recipient is named in errors: a single one may have come as a plain string.
func recipientField(to []string, i int) string {
	if len(to) == 1 {
		return "user_id"
	}
	return fmt.Sprintf("user_id[%d]", i)
}

// cleanText returns s as both databases can keep it: valid UTF-8 without NUL.
func cleanText(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

func setOf(items []string) map[string]bool {
	set := make(map[string]bool, len(items))
	for _, item := range items {
		set[item] = true
	}
	return set
}
