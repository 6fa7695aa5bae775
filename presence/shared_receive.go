package presence

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/callboard/callboard"
)

// envelope is a message with its sender.
type envelope struct {
	from string
	data []byte
}

// peer is a node that is heard, or was lately.
type peer struct {
	*node
	synced   bool          // a snapshot of it was taken in
	seq      uint64        // of the newest changes of it that were taken in
	heard    time.Duration // when
	asked    time.Duration // when a snapshot was asked for, or a chunk of it came; 0 when none is wanted
	wanting  time.Duration // since when one is wanted
	lost     bool          // it had been let go when it was heard again
	silent   bool          // for so long that what was edited there is forgotten
	snapshot uint64        // the one of which chunks come
	chunk    int           // of it, that comes next
	acts     []item        // of it, which are done when it is whole
	early    []early       // changes that came before it
}

type early struct {
	seq   uint64
	items []item
}

// receive is called by Peers. It never waits: what finds no room is as good as lost on the way, which is made good.
func (s *sharedStore) receive(from string, data []byte) {
	select {
	case s.unread <- envelope{from, data}:
	default:
		s.count.lost.Add(1)
	}
}

// receiveLoop takes in what the other nodes say, and watches whether they are there.
func (s *sharedStore) receiveLoop(ctx context.Context) {
	watch := time.NewTicker(sweepEvery)
	defer watch.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-s.unread:
			s.take(e)
		case <-watch.C:
			s.watch(time.Since(s.started))
		}
	}
}

// take takes in a message.
func (s *sharedStore) take(e envelope) {
	s.count.heard.Add(1)
	h, items, refused, err := readMessage(e.data)
	s.count.refused.Add(int64(refused))
	if errors.Is(err, errUnknownVersion) {
		s.tellUnknown(e)
		return
	}
	var p *peer
	if err == nil {
		p = s.peer(e.from)
	}
	if p == nil {
		s.count.refused.Add(1)
		return
	}
	switch h.Kind {
	case kindChanges:
		s.takeChanges(p, h, items)
	case kindBeat:
		if !p.synced || h.Seq != p.seq {
			s.ask(p)
		} else if h.Settled {
			s.noteHeard(p.node, true)
		}
	case kindAsk:
		s.takeAsk(p, h)
	case kindSnapshot:
		s.takeSnapshot(p, h, items)
	case kindBye:
		s.leave(p, s.cfg.grace)
		delete(s.known, p.id)
	default:
		s.count.refused.Add(1) // of a newer release; a sign of life all the same
	}
	s.count.peers.Store(int64(len(s.known)))
}

// tellUnknown says once of each version that it is not known. Nodes of that release show as missing.
func (s *sharedStore) tellUnknown(e envelope) {
	s.count.refused.Add(1)
	if version := e.data[0]; !s.unknownSaid[version] {
		s.unknownSaid[version] = true
		s.cfg.log.Warn("a node speaks another version of presence, and viewers there are not known", "node", e.from, "version", version)
	}
}

// peer returns the sender of a message, and nil for one that cannot be a node, or is one too many.
func (s *sharedStore) peer(id string) *peer {
	if id == "" || len(id) > callboard.MaxResourceID || id == s.cfg.peers.ID() {
		return nil
	}
	p := s.known[id]
	if p == nil && len(s.known) >= maxNodes {
		return nil
	}
	s.mu.Lock()
	n := s.node(id)
	n.deadline = 0
	s.mu.Unlock()
	if p == nil {
		p = &peer{node: n}
		s.known[strings.Clone(id)] = p
	}
	p.heard = time.Since(s.started)
	if p.node != n { // it was let go
		p.node, p.lost = n, p.synced
	}
	if p.lost || p.silent || !p.synced {
		p.silent = false
		s.ask(p)
	}
	return p
}

// ask asks for a snapshot, unless that was done just now.
func (s *sharedStore) ask(p *peer) {
	now := time.Since(s.started)
	if p.asked > 0 && now < p.asked+askEvery {
		return
	}
	if p.asked == 0 {
		p.wanting = now
	}
	p.asked = max(now, 1)
	s.send(p.id, newParcel(header{Kind: kindAsk, Seq: p.seq, Lost: p.lost}))
}

// takeAsk has the snapshot sent. A node that had let this one go has missed what was done to its sessions, too, and others may have cleared
// this node's record, as it may have.
func (s *sharedStore) takeAsk(p *peer, h header) {
	select {
	case s.asks <- ask{p.id, h.Seq}:
	default: // it will ask again
	}
	if h.Lost {
		s.ask(p)
		s.notify(Change{Anew: true})
	}
}

// takeChanges takes in the next changes of a node. Those that come before it is known what was before them wait.
func (s *sharedStore) takeChanges(p *peer, h header, items []item) {
	switch {
	case p.synced && h.Seq <= p.seq:
	case p.synced && h.Seq == p.seq+1 && p.asked == 0:
		p.seq = h.Seq
		s.apply(p, items)
	default:
		if len(p.early) < maxEarly {
			p.early = append(p.early, early{h.Seq, items})
		}
		s.ask(p)
	}
}

// takeSnapshot takes in a chunk. With the last one, what the node did not name is dropped.
func (s *sharedStore) takeSnapshot(p *peer, h header, items []item) {
	switch {
	case p.asked == 0:
		return // a second answer
	case h.Chunk == 0:
		p.snapshot, p.chunk, p.acts = h.Snapshot, 0, nil
	case h.Snapshot != p.snapshot || h.Chunk != p.chunk:
		return // a chunk was lost: another snapshot will be asked for
	}
	p.asked = max(time.Since(s.started), 1)
	p.chunk++
	s.apply(p, items)
	if !h.Last {
		return
	}
	s.drop(p.node, p.snapshot, s.cfg.grace)
	for _, act := range p.acts {
		if act.Act > p.seq {
			s.do(act)
		}
	}
	p.synced, p.lost, p.asked, p.seq, p.acts = true, false, 0, h.Seq, nil
	s.count.snapshots.Add(1)
	s.noteHeard(p.node, h.Settled)
	waiting := p.early
	p.early = nil
	for _, e := range waiting {
		s.takeChanges(p, header{Seq: e.seq}, e.items)
	}
}

// noteHeard notes that a node is known by its own word. A settled one has heard of all who are there, so that those whom this node knows from
// the record alone have the grace to come back, and no longer.
func (s *sharedStore) noteHeard(n *node, settled bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n.restored = false
	if !settled {
		return
	}
	by := time.Since(s.started) + s.cfg.grace
	for _, n := range s.nodes {
		if n.restored && n.deadline > by {
			n.deadline = by
		}
	}
}

// apply takes up what a node says. It takes the lock for each item anew, so that a snapshot holds up nobody.
func (s *sharedStore) apply(p *peer, items []item) {
	for _, it := range items {
		switch {
		case it.Do == doHave:
			s.takeHeld(p, it)
		case it.Act > 0:
			p.acts = append(p.acts, it)
		default:
			s.do(it)
		}
	}
}

// takeHeld takes up what a node has of a viewer.
func (s *sharedStore) takeHeld(p *peer, it item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.restored = false // what it says is better than any record, also of other nodes
	v := s.find(it.resource(), it.User)
	if it.Hold == holdNothing {
		if v != nil {
			s.dropPart(v, p.node, s.cfg.grace)
		}
		return
	}
	since := time.UnixMicro(it.Since).UTC()
	if v == nil {
		v = s.seat(it.resource(), Viewer{UserID: it.User, Name: it.Name, Since: since})
	}
	if it.Name != "" && it.Name != v.Name {
		v.Name, v.of.head = it.Name, nil
	}
	before := v.put(part{of: p.node, hold: it.Hold, since: since, editing: it.Editing})
	p.viewers[v] = p.snapshot
	if before == holdSocket && it.Hold != holdSocket {
		v.leaveRequests(time.Since(s.started) + s.cfg.grace)
	}
	s.settle(v)
}

// do does to the sessions of this node what another one has done, and takes up a status.
func (s *sharedStore) do(it item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	// What began or was refreshed after the act lasts for longer than this.
	then := time.Since(s.started) - time.Duration(it.Age)*time.Millisecond
	switch it.Do {
	case doStatus:
		s.takeStatus(it)
	case doRemoveUser:
		s.removeUserOwn(it.User)
	case doRemove:
		if v := s.find(it.resource(), it.User); v != nil {
			v.edits = slices.DeleteFunc(v.edits, func(e edit) bool { return e.expires <= then+EditingTTL })
			s.removeOwn(v, then+s.cfg.ttl)
		}
	case doEndEdit:
		if v := s.find(it.resource(), it.User); v != nil {
			s.endEdit(v, it.Editing[0], then+EditingTTL)
		}
	}
}

// maxStatusTTL bounds how long a status of another node is kept, so that it can be calculated with.
const maxStatusTTL = 30 * 24 * time.Hour

func (s *sharedStore) takeStatus(it item) {
	now, until := time.Now(), time.UnixMicro(it.Until).UTC()
	if !until.After(now) {
		return // every node ends it by itself
	}
	if until.Sub(now) > maxStatusTTL {
		until = now.Add(maxStatusTTL)
	}
	choice, at := StatusChoice{Status: it.Status, Text: it.Text}, time.UnixMicro(it.At).UTC()
	if st := s.MemoryStore.statuses[it.User]; st != nil && !st.before(choice, at) {
		return
	}
	if s.choose(it.User, choice, at, until) == nil { // else too many are kept already
		s.notify(Change{User: callboard.UserRef{ID: it.User}, Status: true})
	}
}

// leave has what a node has be let go after a time, unless it is heard before.
func (s *sharedStore) leave(p *peer, after time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.deadline == 0 {
		p.deadline = time.Since(s.started) + after
	}
}

// watch sees who is silent. A node that is cut off itself, or did not run for a while, does not take the others for dead.
func (s *sharedStore) watch(now time.Duration) {
	linked := s.linked()
	back := linked && !s.wasLinked
	if s.wasLinked = linked; !linked || back || now > s.watched+3*sweepEvery {
		s.linkedSince = now
	}
	s.watched = now
	var late *string
	for id, p := range s.known {
		silent := now - p.heard
		switch {
		case linked && now > max(p.heard, s.linkedSince)+deadAfter:
			s.leave(p, s.cfg.grace)
		case !linked && silent > s.cfg.ttl:
			s.leave(p, 0)
		}
		if silent > EditingTTL && !p.silent {
			p.silent = true
			s.forgetEdits(p)
		}
		if back || p.asked > 0 && silent <= deadAfter {
			s.ask(p)
		}
		if p.asked > 0 && now > p.wanting+deadAfter && silent <= deadAfter {
			late = &p.id
		}
		if silent > s.cfg.ttl+actsKept {
			delete(s.known, id)
		}
	}
	s.late.Store(late)
	s.count.peers.Store(int64(len(s.known)))
}

// forgetEdits ends what is edited on a node that is not heard: it could not say that somebody has stopped.
func (s *sharedStore) forgetEdits(p *peer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for v := range p.viewers {
		for i := range v.parts {
			if at := &v.parts[i]; at.of == p.node && len(at.editing) > 0 {
				at.editing = nil
				s.settle(v)
				break
			}
		}
	}
}
