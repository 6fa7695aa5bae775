package callboard

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxEventText bounds the names in an event, its IP and its user agent, in characters: lists show many of them.
const maxEventText = 1_000

// fault says what of the event cannot be kept or sent, or returns "". It is asked before a statement runs: one that PostgreSQL
// refuses would end the transaction of the application.
func (e *Event) fault() string {
	switch {
	case !ValidID(e.ID):
		return "its ID must be a UUID in lower case: callboard.NewID makes one"
	case e.CreatedAt.IsZero() || e.CreatedAt.Year() < 1 || e.CreatedAt.Year() > 9999:
		return "its CreatedAt must be a time of the years 1 to 9999"
	case !validActorID(e.Actor.ID):
		return "its Actor must have the ID of a user, of an application or of the system"
	case e.err == nil && !soundData(e.Data):
		return "its Data must be a JSON object in UTF-8"
	}
	for _, part := range []struct{ name, text string }{
		{"Actor.Name", e.Actor.Name}, {"Resource.Name", e.Resource.Name}, {"IP", e.IP}, {"UserAgent", e.UserAgent},
	} {
		if !utf8.ValidString(part.text) || strings.IndexByte(part.text, 0) >= 0 || utf8.RuneCountInString(part.text) > maxEventText {
			return fmt.Sprintf("its %s must be UTF-8 without NUL characters, and at most %d characters long", part.name, maxEventText)
		}
	}
	return ""
}

// soundData reports whether data is a payload: a JSON object, or nothing at all.
func soundData(data json.RawMessage) bool {
	return len(data) == 0 || bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{")) && utf8.Valid(data) && json.Valid(data)
}

// validActorID reports whether id can be that of who acts; see UserRef.
func validActorID(id string) bool {
	return ValidUserID(id) || id == SystemID || id == applicationID || strings.HasPrefix(id, applicationID+"-") && validLabel(id)
}

// misdirected says which of the channels and audiences of an application's event nobody could be reached by, or returns "".
func (e *Event) misdirected() string {
	unknown := func(channel string) bool { return strings.HasPrefix(channel, "{") || !validChannel(channel) }
	if i := slices.IndexFunc(e.Channels, unknown); i >= 0 {
		return fmt.Sprintf("its Channels[%d] must be broadcast, room:<name> or <type>:<id>", i)
	}
	if i := slices.IndexFunc(e.Audience, func(a string) bool { _, err := ParseAudience(a); return err != nil }); i >= 0 {
		return fmt.Sprintf("its Audience[%d] %s", i, AudienceRule)
	}
	return ""
}
