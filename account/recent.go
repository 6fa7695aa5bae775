package account

import (
	"sync"
	"time"

	"callboard"
)

const (
	// recentFor is how long REST trusts what it found out about an API token or a session: a change of accounts that another
	// process has made holds after this time at the latest, one of this process at once.
	recentFor = time.Second
	maxRecent = 10_000 // credentials
)

// standing is what a credential was worth when it was looked up.
type standing struct {
	actor   callboard.Actor
	expires time.Time // zero: never
	used    time.Time // as the database has it
	until   time.Time // of this knowledge
}

// recent keeps the standing of credentials for a moment, by their hashes: the look-up cost more than the rest of a
// request's way in.
type recent struct {
	mu         sync.RWMutex
	standings  map[string]standing
	generation int // of the accounts, as far as this process changes them
}

func newRecent() *recent { return &recent{standings: map[string]standing{}} }

// get returns what is known, and the generation in which a look-up starts if nothing is.
func (r *recent) get(hash string, now time.Time) (s standing, generation int, ok bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	s, ok = r.standings[hash]
	return s, r.generation, ok && now.Before(s.until)
}

// put keeps what a look-up found, unless accounts have changed since it started.
func (r *recent) put(hash string, generation int, s standing) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if generation != r.generation {
		return
	}
	if len(r.standings) >= maxRecent {
		clear(r.standings)
	}
	r.standings[hash] = s
}

// forget is called when accounts have changed. Changes are rare, so everything goes.
func (r *recent) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.generation++
	clear(r.standings)
}
