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
	sessions []session
	edits    []edit // the one that was typed in last is last
	due      int64  // its second in the calendar: not later than the first expiry
	hidden   bool   // the user has chosen to be invisible
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
	a := m.resources[res]
	var err error
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
	if a == nil { // the resource comes from a request, whose text it would keep in memory
		a = &audience{resource: callboard.Resource{Type: strings.Clone(res.Type), ID: strings.Clone(res.ID)}, viewers: map[string]*viewer{}}
		m.resources[a.resource] = a
	}
	v := m.seat(a, Viewer{UserID: strings.Clone(user.ID), Name: strings.Clone(user.Name), Since: callboard.Now()})
	if st := m.statuses[v.UserID]; res == online || st == nil || st.Status != StatusOffline {
		m.show(v)
	}
	return v, nil
}

// seat counts a viewer, who is hidden at first.
func (m *MemoryStore) seat(a *audience, who Viewer) *viewer {
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
	m.notify(Change{Resource: v.of.resource, User: callboard.UserRef{ID: v.UserID, Name: v.Name}, Since: v.Since, Joined: true})
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
	m.notify(Change{Resource: a.resource, User: callboard.UserRef{ID: v.UserID, Name: v.Name}})
}

// reveal shows or hides the user everywhere, as the chosen status says.
func (m *MemoryStore) reveal(userID string, visible bool) {
	for v := range m.users[userID] {
		switch {
		case visible && v.hidden:
			v.Since = callboard.Now() // not that somebody was here unseen
			m.show(v)
		case !visible && !v.hidden:
			m.hide(v)
		}
	}
}

func (v *viewer) compare(other Viewer) int {
	return cmp.Or(cmp.Compare(min(1, len(other.Editing)), min(1, len(v.Editing))), v.Since.Compare(other.Since), cmp.Compare(v.UserID, other.UserID))
}

// listEdits has the list say what v edits, and tells of it when that is not what it said.
func (m *MemoryStore) listEdits(v *viewer) {
	var fields []string
	for _, e := range v.edits {
		fields = append(fields, e.field)
	}
	slices.Sort(fields) // a refresh changes the order of edits, and nothing that others see
	if slices.Equal(fields, v.Editing) {
		return
	}
	a := v.of
	if v.hidden {
		v.Editing = fields
		return
	}
	at, _ := slices.BinarySearchFunc(a.order, v.Viewer, (*viewer).compare)
	a.order = slices.Delete(a.order, at, at+1)
	v.Editing = fields
	v.list()
	m.notify(Change{Resource: a.resource, User: callboard.UserRef{ID: v.UserID, Name: v.Name}, Editing: true})
}

// settle follows a change of v's sessions, of which there were before, or of its edits: a viewer without a session leaves.
func (m *MemoryStore) settle(v *viewer, before int) {
	a := v.of
	a.sessions += len(v.sessions) - before
	m.counts.Sessions += len(v.sessions) - before
	if len(v.sessions) > 0 {
		m.listEdits(v)
		next := v.first().expires
		for _, e := range v.edits {
			next = min(next, e.expires)
		}
		v.due = m.calendar.file(v, v.due, next)
		return
	}
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
	before := len(v.sessions)
	if before == 0 {
		return // has left since
	}
	v.sessions = slices.DeleteFunc(v.sessions, func(s session) bool { return s.expires <= now })
	v.edits = slices.DeleteFunc(v.edits, func(e edit) bool { return e.expires <= now })
	v.due = math.MaxInt64
	m.settle(v, before)
}
