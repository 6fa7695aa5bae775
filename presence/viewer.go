package presence

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/callboard/callboard"
)

// audience is who looks at a resource.
type audience struct {
	resource callboard.Resource
	viewers  map[string]*viewer
	order    []*viewer // as Viewers returns them: those who edit first, without those who are hidden
	head     []Viewer  // the first MaxAnswered of them, as it was last asked for; nil after a change
	sessions int
}

type viewer struct {
	Viewer
	of       *audience
	since    time.Time // of the first of sessions
	sessions []session
	edits    []edit // the one that was typed in last is last
	parts    []part // what other nodes have
	held     int    // sessions and parts, as they were counted last
	due      int64  // its second in the calendar: not later than the first expiry
	told     hold   // by what this node has it, as others have been told
	hidden   bool   // not listed: the user has chosen to be invisible
	recorded bool   // this node's record should have it
}

type session struct {
	id      string
	expires time.Duration
	leaving bool
}

// edit is a field that the viewer edits.
type edit struct {
	field   string
	expires time.Duration
}

func (v *viewer) extend(to session, revive bool) {
	at := slices.IndexFunc(v.sessions, func(s session) bool { return s.id == to.id })
	switch {
	case at >= 0 && v.sessions[at].leaving && !revive:
	case at >= 0:
		v.sessions[at] = to
	case len(v.sessions) < maxSessions:
		v.sessions = append(v.sessions, to)
	default:
		*v.first() = to
	}
}

// first returns the session that expires first.
func (v *viewer) first() *session {
	first := &v.sessions[0]
	for i := range v.sessions {
		if s := &v.sessions[i]; s.expires < first.expires {
			first = s
		}
	}
	return first
}

func (s *session) leave(at time.Duration) {
	s.expires, s.leaving = min(s.expires, at), true
}

// add admits a viewer, who has no session yet.
func (m *MemoryStore) add(res callboard.Resource, user callboard.UserRef) (*viewer, error) {
	res.Name = ""
	var err error
	a := m.resources[res]
	switch {
	case res != online && len(m.users[user.ID]) >= m.limits.PerUser:
		err = full(callboard.CodeRateLimited, "the user looks at too many things at once already")
	case m.counts.Viewers >= m.limits.Viewers:
		err = full(callboard.CodeUnavailable, "too many viewers are tracked already")
	case res != online && a != nil && len(a.viewers) >= m.limits.PerResource:
		err = full(callboard.CodeUnavailable, "too many users look at this already")
	}
	if err != nil {
		m.counts.Refused++
		return nil, err
	}
	return m.seat(res, Viewer{UserID: user.ID, Name: user.Name, Since: callboard.Now()}), nil
}

// seat counts a viewer, who is listed by settle. The texts come from a request or message, which they would keep in memory.
func (m *MemoryStore) seat(res callboard.Resource, who Viewer) *viewer {
	a := m.resources[res]
	if a == nil {
		a = &audience{resource: callboard.Resource{Type: strings.Clone(res.Type), ID: strings.Clone(res.ID)}, viewers: map[string]*viewer{}}
		m.resources[a.resource] = a
	}
	who.UserID, who.Name = strings.Clone(who.UserID), strings.Clone(who.Name)
	v := &viewer{Viewer: who, of: a, due: math.MaxInt64, hidden: true}
	a.viewers[who.UserID] = v
	m.counts.Viewers++
	if a.resource != online {
		if m.users[who.UserID] == nil {
			m.users[who.UserID] = map[*viewer]struct{}{}
		}
		m.users[who.UserID][v] = struct{}{}
	}
	return v
}

func full(code callboard.Code, message string) error {
	return &callboard.Error{Code: code, Message: message, RetryAfter: DefaultTTL}
}

// show lists a viewer and tells so, and hide takes it from the list.
func (m *MemoryStore) show(v *viewer) {
	v.list()
	v.recorded = len(v.sessions) > 0
	m.notify(Change{
		Resource: v.of.resource, User: callboard.UserRef{ID: v.UserID, Name: v.Name}, Since: v.Since, Joined: true, Own: v.recorded,
	})
}

func (v *viewer) list() {
	a := v.of
	at, _ := slices.BinarySearchFunc(a.order, v.Viewer, (*viewer).compare)
	a.order, a.head, v.hidden = slices.Insert(a.order, at, v), nil, false
}

func (m *MemoryStore) hide(v *viewer) {
	a := v.of
	at, _ := slices.BinarySearchFunc(a.order, v.Viewer, (*viewer).compare)
	a.order, a.head, v.hidden = slices.Delete(a.order, at, at+1), nil, true
	m.notify(Change{Resource: a.resource, User: callboard.UserRef{ID: v.UserID, Name: v.Name}, Own: v.recorded})
	v.recorded = false
}

// reveal shows or hides the user everywhere, as the status says that was chosen, or has lapsed, at a time.
func (m *MemoryStore) reveal(userID string, visible bool, at time.Time) {
	for v := range m.users[userID] {
		switch {
		case visible && v.hidden:
			v.arrive(at) // not that somebody was here unseen
			m.spread(v)
			m.show(v)
		case !visible && !v.hidden:
			m.hide(v)
		}
	}
}

func (v *viewer) compare(other Viewer) int {
	return cmp.Or(cmp.Compare(min(1, len(other.Editing)), min(1, len(v.Editing))), v.Since.Compare(other.Since), cmp.Compare(v.UserID, other.UserID))
}

// relist has the list say since when v is there and what it edits, and tells of it when that is not what it said.
func (m *MemoryStore) relist(v *viewer) {
	since, editing := v.sum()
	if since.Equal(v.Since) && slices.Equal(editing, v.Editing) {
		return
	}
	a := v.of
	if v.hidden {
		v.Since, v.Editing = since, editing
		return
	}
	at, _ := slices.BinarySearchFunc(a.order, v.Viewer, (*viewer).compare)
	a.order = slices.Delete(a.order, at, at+1)
	v.Since, v.Editing = since, editing
	v.list()
	m.notify(Change{Resource: a.resource, User: callboard.UserRef{ID: v.UserID, Name: v.Name}, Editing: true})
}

// settle follows a change of v's sessions, edits or parts: a viewer of whom no node has a session leaves.
func (m *MemoryStore) settle(v *viewer) {
	v.forgetRestored()
	if len(v.sessions) == 0 {
		v.edits = nil
	}
	held := len(v.sessions) + len(v.parts)
	v.of.sessions += held - v.held
	m.counts.Sessions += held - v.held
	v.held = held
	if now := v.hold(); now != v.told {
		m.spread(v)
		v.told = now
	}
	if held == 0 {
		m.unseat(v)
		return
	}
	if m.relist(v); v.hidden && (v.of.resource == online || m.visible(v.UserID)) {
		m.show(v)
	}
	if own := len(v.sessions) > 0 && !v.hidden; own != v.recorded {
		v.recorded = own
		m.notify(Change{
			Resource: v.of.resource, User: callboard.UserRef{ID: v.UserID, Name: v.Name}, Since: v.Since, Joined: own, Own: true, Unseen: true,
		})
	}
	if len(v.sessions) == 0 { // what other nodes have does not expire here
		m.calendar.remove(v, v.due)
		v.due = math.MaxInt64
		return
	}
	next := v.first().expires
	for _, e := range v.edits {
		next = min(next, e.expires)
	}
	v.due = m.calendar.file(v, v.due, next)
}

// unseat removes a viewer who has left.
func (m *MemoryStore) unseat(v *viewer) {
	a := v.of
	if !v.hidden {
		m.hide(v)
	}
	delete(a.viewers, v.UserID)
	if len(a.viewers) == 0 {
		delete(m.resources, a.resource)
	}
	if delete(m.users[v.UserID], v); len(m.users[v.UserID]) == 0 {
		delete(m.users, v.UserID)
	}
	m.calendar.remove(v, v.due)
	m.counts.Viewers--
}

func (v *viewer) expire(m *MemoryStore, now time.Duration) {
	if v.held == 0 {
		return // has left since
	}
	edits := len(v.edits)
	v.sessions = slices.DeleteFunc(v.sessions, func(s session) bool { return s.expires <= now })
	v.edits = slices.DeleteFunc(v.edits, func(e edit) bool { return e.expires <= now })
	v.due = math.MaxInt64
	if len(v.edits) != edits {
		m.spread(v)
	}
	m.settle(v)
}
