package presence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/callboard/callboard"
)

// A message between nodes is a byte with its version and then JSON, one value a line: a header, and for changes and snapshots the items.
// What a node does not know it leaves out, so a new member or kind of item needs no new version: nodes of two releases run side by side
// while one takes the place of the other.
const messageVersion = 1

const (
	// maxMessage bounds the bytes of a message that is sent, and maxReceived those of one that is looked at.
	maxMessage  = 256 << 10
	maxReceived = 1 << 20
	// maxUserName bounds the bytes of a user's name, as applications may have longer ones.
	maxUserName = 4 * callboard.MaxTitle
)

// Kinds of messages.
const (
	kindChanges  = "changes"  // Seq is its number, one more than that of the changes before
	kindBeat     = "beat"     // Seq is the number of the newest changes
	kindAsk      = "ask"      // for a snapshot; Seq is the number of the newest changes that the asker has, 0 where it never had any
	kindSnapshot = "snapshot" // one chunk of all that the node has; Seq is the number of the newest changes that are in it
	kindBye      = "bye"      // the node stops
)

type header struct {
	Kind     string `json:"k"`
	Seq      uint64 `json:"s,omitempty"`
	Snapshot uint64 `json:"n,omitempty"` // its number
	Chunk    int    `json:"c,omitempty"` // from 0 on
	Last     bool   `json:"l,omitempty"`
	Settled  bool   `json:"d,omitempty"` // of a snapshot and a beat: the node waits for nobody whom it knows from the record alone
	Lost     bool   `json:"o,omitempty"` // of an ask: the asker had let go all that it knew of the one that is asked
}

// What an item says.
const (
	doHave       = ""            // what the node has of a viewer, all of it
	doStatus     = "status"      // what a user chose
	doRemove     = "remove"      // an act
	doRemoveUser = "remove_user" // an act
	doEndEdit    = "end_edit"    // an act
)

type item struct {
	Do      string   `json:"d,omitempty"`
	Type    string   `json:"t,omitempty"`
	ID      string   `json:"i,omitempty"`
	User    string   `json:"u"`
	Name    string   `json:"n,omitempty"`
	Hold    hold     `json:"h,omitempty"`
	Since   int64    `json:"s,omitempty"` // microseconds since 1970, as all times
	Editing []string `json:"e,omitempty"`
	Status  Status   `json:"c,omitempty"`
	Text    string   `json:"x,omitempty"`
	At      int64    `json:"a,omitempty"`
	Until   int64    `json:"l,omitempty"`
	Act     uint64   `json:"o,omitempty"` // in a snapshot: the number of the changes that brought the act,
	Age     int64    `json:"g,omitempty"` // and how many milliseconds ago it was
}

func (it *item) resource() callboard.Resource { return callboard.Resource{Type: it.Type, ID: it.ID} }

// parcel is a message that is being made.
type parcel struct{ bytes.Buffer }

func newParcel(h header) *parcel {
	p := &parcel{}
	p.WriteByte(messageVersion)
	p.add(h)
	return p
}

// add appends a header or an item.
func (p *parcel) add(value any) {
	enc := json.NewEncoder(p)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(value) // these types have nothing that cannot be encoded
}

// full reports whether another item might exceed maxMessage. The largest one has a name of control characters, each of which is six
// bytes.
func (p *parcel) full() bool { return p.Len() > maxMessage-8<<10 }

// errUnknownVersion is of a message that another release has sent.
var errUnknownVersion = errors.New("the version of the message is not known")

// readMessage returns the header and the items of a message. Items that make no sense are left out and counted.
func readMessage(data []byte) (h header, items []item, refused int, err error) {
	switch {
	case len(data) == 0 || len(data) > maxReceived:
		return h, nil, 0, fmt.Errorf("the message has %d bytes", len(data))
	case data[0] != messageVersion:
		return h, nil, 0, errUnknownVersion
	}
	lines := bytes.Split(bytes.TrimSuffix(data[1:], []byte("\n")), []byte("\n"))
	if err := json.Unmarshal(lines[0], &h); err != nil {
		return h, nil, 0, fmt.Errorf("the header: %w", err)
	}
	for _, line := range lines[1:] {
		var it item
		if err := json.Unmarshal(line, &it); err != nil || !it.valid() {
			refused++
			continue
		}
		items = append(items, it)
	}
	return h, items, refused, nil
}

// valid reports whether an item could have been made by a node.
func (it *item) valid() bool {
	var v callboard.Validator
	v.UserID("user", it.User)
	if res := it.resource(); it.Do != doStatus && it.Do != doRemoveUser && res != online {
		v.Resource("", res)
	}
	v.Check(len(it.Name) <= maxUserName, "name", "too long")
	v.Check(len(it.Editing) <= MaxEditing && (it.Do != doEndEdit || len(it.Editing) == 1), "editing", "too many")
	for _, field := range it.Editing {
		v.Name("editing", field)
	}
	switch it.Do {
	case doHave:
		v.Check(it.Hold >= holdNothing && it.Hold <= holdSocket, "hold", "not known")
		v.Check(it.Hold == holdNothing || plausible(it.Since), "since", "not a time of now")
	case doStatus:
		v.Check(it.Status == "" || it.Status.known(), "status", "not known")
		v.Check(utf8.RuneCountInString(it.Text) <= MaxStatusText, "text", "too long")
		v.Check(plausible(it.At) && plausible(it.Until), "at", "not a time of now")
	case doRemove, doRemoveUser, doEndEdit:
		v.Check(it.Age >= 0 && it.Age <= (2*actsKept).Milliseconds(), "age", "not kept for so long")
	default:
		return false
	}
	return v.Err() == nil
}

// plausible keeps out times that cannot be calculated with.
func plausible(micro int64) bool {
	year := time.UnixMicro(micro).Year()
	return year >= 2000 && year < 2200
}
