package presence

import "github.com/callboard/callboard"

// Socket is a socket of this node by which a user counts as a viewer of a resource, or as online where that is empty.
type Socket struct {
	Resource callboard.Resource // without a Name
	UserID   string
	Session  string
}

// Sockets returns some of what users count for by sockets of this node that are not in their grace: at most limit, others each time.
func (s *Service) Sockets(limit int) []Socket { return s.store.Sockets(limit) }

// Counts reports whether the user counts for what the socket is about.
func (s *Service) Counts(socket Socket) bool { return s.store.Counts(socket) }

// Sockets implements Store. What it returns is another part each time because maps are read from anywhere.
func (m *MemoryStore) Sockets(limit int) []Socket {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []Socket
	for res, a := range m.resources {
		if res == online {
			res = callboard.Resource{}
		}
		for _, v := range a.viewers {
			for _, s := range v.sessions {
				if s.leaving || s.id == restSession {
					continue
				}
				if len(found) == limit {
					return found
				}
				found = append(found, Socket{Resource: res, UserID: v.UserID, Session: s.id})
			}
		}
	}
	return found
}

// Counts implements Store.
func (m *MemoryStore) Counts(socket Socket) bool {
	res := socket.Resource
	if res == (callboard.Resource{}) {
		res = online
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	v := m.find(res, socket.UserID)
	if v == nil {
		return false
	}
	for _, s := range v.sessions {
		if s.id == socket.Session && !s.leaving {
			return true
		}
	}
	return false
}
