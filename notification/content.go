package notification

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/callboard/callboard"
)

// maxEventData bounds how much of an event's payload its entries keep, in bytes: there may be many of them.
const maxEventData = 4 << 10

// content is what an event says to each of its recipients.
type content struct {
	Type      string   `json:"type"`
	Message   string   `json:"message"`
	Data      string   `json:"data"`
	Priority  Priority `json:"-"`
	ActorID   string   `json:"actor_id"`
	ActorName string   `json:"actor_name"`
	EventID   string   `json:"event_id"`
	Pos       int64    `json:"pos"`
	CreatedAt int64    `json:"created_at"` // microseconds
	ExpiresAt *int64   `json:"expires_at"` // microseconds

	resource resourceKey
	once     bool // nothing earlier can tell of the same
	sent     bool // by somebody who chose the recipients, rather than as the consequence of a change
	asDigest *content
}

// contentOf returns what e says, and false when it notifies nobody: it has no audience, its name is a caller's own, or
// it has expired on its way.
func (s *Service) contentOf(e *callboard.Event, now time.Time) (*content, bool, error) {
	t, known := s.cfg.Log.Registry().TypeOf(e)
	if !known || len(e.Audience) == 0 {
		return nil, false, nil
	}
	c := &content{
		Type: e.Name, Priority: PriorityNormal, ActorID: e.Actor.ID, ActorName: cleanText(e.Actor.Name),
		EventID: e.ID, Pos: e.Pos, CreatedAt: e.CreatedAt.UnixMicro(), resource: keyOf(e.Resource), once: t.Once,
	}
	if e.Name != callboard.NotificationCreated.Name {
		c.Message, c.Data = eventMessage(t, e), eventData(e.Data)
		return c, true, nil
	}
	expired, err := c.fill(e.Data, now)
	return c, !expired, err
}

// joins reports whether an entry may tell of several such events.
func (c *content) joins() bool { return c.resource.id != "" && !c.once }

// own reports whether c is of what the user did, which is not notified: except of what the sender addressed to itself by name.
func (c *content) own(userID string, named bool) bool {
	return userID == c.ActorID && !(named && c.sent)
}

// fill takes over what the sender of a notification wrote, and reports whether it has expired.
func (c *content) fill(payload []byte, now time.Time) (expired bool, err error) {
	var d callboard.NotificationData
	if err := json.Unmarshal(payload, &d); err != nil {
		return false, fmt.Errorf("decode notification of event %s: %w", c.EventID, err)
	}
	c.sent, c.Type, c.Message, c.Data = true, d.Type, cleanText(d.Message), "{}"
	if p := Priority(d.Priority); p.rank() > 0 {
		c.Priority = p
	}
	if d.Data != nil {
		c.Data = encode(d.Data)
	}
	if d.ExpiresAt != nil {
		at := d.ExpiresAt.UnixMicro()
		c.ExpiresAt, expired = &at, !d.ExpiresAt.After(now)
	}
	return expired, nil
}

// eventMessage fills names and fields into the text of the registry.
func eventMessage(t callboard.EventType, e *callboard.Event) string {
	if t.Message == "" {
		t.Message = e.Name + ": {resource}"
	}
	var data map[string]json.RawMessage
	text := t.Text(func(name string) string {
		switch name {
		case callboard.ActorPlaceholder:
			return cmp.Or(e.Actor.Name, "Someone")
		case callboard.ResourcePlaceholder:
			return resourceName(e.Resource)
		}
		if data == nil && json.Unmarshal(e.Data, &data) != nil {
			return noValue
		}
		return fieldText(data[name])
	})
	return truncate(cleanText(text), MaxMessage)
}

// noValue stands in a message for a field that the payload does not have.
const noValue = "–"

// fieldText returns a field of the payload as part of a message: on one line, and not so long that nothing else has room.
func fieldText(field json.RawMessage) string {
	var text string
	if len(field) == 0 || json.Unmarshal(field, &text) != nil {
		if text = string(field); strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
			text = ""
		}
	}
	if callboard.Blank(text) {
		return noValue
	}
	return truncate(strings.Join(strings.Fields(text), " "), callboard.MaxTitle)
}

func resourceName(res callboard.Resource) string {
	switch {
	case res.Name != "":
		return res.Name
	case res.Type != "":
		return "the " + strings.ReplaceAll(res.Type, "_", " ")
	}
	return "something"
}

// truncate cuts s to at most limit characters.
func truncate(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return string([]rune(s)[:limit-1]) + "…"
}

// eventData returns the payload as entries keep it. Where it is too large, the names of the changed fields stand for the
// changes; where that is still too large, it is left out.
func eventData(payload json.RawMessage) string {
	if len(payload) <= maxEventData {
		return objectOr(payload)
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(payload, &fields) != nil {
		return "{}"
	}
	var changes map[string]json.RawMessage
	if json.Unmarshal(fields["changes"], &changes) == nil {
		delete(fields, "changes")
		fields["changed"] = json.RawMessage(encode(slices.Sorted(maps.Keys(changes))))
	}
	if short := encode(fields); len(short) <= maxEventData {
		return short
	}
	return "{}"
}

func objectOr(payload json.RawMessage) string {
	if len(payload) == 0 || payload[0] != '{' {
		return "{}"
	}
	return string(payload)
}

// digest returns what c says where it only counts: the message is that of the entry. It is the same for all users.
func (c *content) digest() *content {
	if c.asDigest == nil {
		c.asDigest = &content{
			Type: TypeDigest, Data: "{}", Priority: PriorityLow, EventID: c.EventID, Pos: c.Pos, CreatedAt: c.CreatedAt,
		}
	}
	return c.asDigest
}

func digestMessage(n int64) string {
	if n == 1 {
		return "1 more update"
	}
	return fmt.Sprintf("%d more updates", n)
}
