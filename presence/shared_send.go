package presence

import (
	"context"
	"strings"
	"time"
)

// ask is the wish of a node for a snapshot.
type ask struct {
	node  string
	since uint64 // the newest changes that it has
}

// pastAct is an act, for those who missed the changes that brought it.
type pastAct struct {
	item
	at time.Duration
}

// sendLoop sends what there is to say, from one goroutine: so it is in order.
func (s *sharedStore) sendLoop(ctx context.Context) {
	beat := time.NewTicker(beatEvery)
	defer beat.Stop()
	s.beat()
	for {
		select {
		case <-ctx.Done():
			s.sendChanges()
			s.send("", newParcel(header{Kind: kindBye}))
			return
		case <-s.wake:
			select {
			case <-ctx.Done():
			case <-time.After(gatherFor):
			}
			s.sendChanges()
		case <-beat.C:
			s.beat()
		case a := <-s.asks:
			s.sendSnapshot(a)
		}
	}
}

func (s *sharedStore) beat() {
	s.send("", newParcel(header{Kind: kindBeat, Seq: s.seq, Settled: s.settled()}))
}

func (s *sharedStore) send(to string, p *parcel) {
	if err := s.cfg.peers.Send(to, p.Bytes()); err != nil {
		s.count.lost.Add(1) // as good as lost on the way, which is found and made good
		return
	}
	s.count.sentBytes.Add(int64(p.Len()))
}

// sendChanges sends what has gathered. A message is numbered, from 2 on, whether or not it arrives.
func (s *sharedStore) sendChanges() {
	for {
		p := newParcel(header{Kind: kindChanges, Seq: s.seq + 1})
		empty := p.Len()
		s.fill(p)
		if p.Len() == empty {
			return
		}
		s.seq++
		s.send("", p)
	}
}

// fill moves what waits into p, as far as it fits.
func (s *sharedStore) fill(p *parcel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Since(s.started)
	for len(s.acts) > 0 && !p.full() {
		it := s.acts[0]
		s.acts = s.acts[1:]
		p.add(it)
		it.Act = s.seq + 1
		s.past = append(s.past, pastAct{it, now})
	}
	for len(s.past) > maxActs || len(s.past) > 0 && s.past[0].at < now-actsKept {
		s.past = s.past[1:]
	}
	for userID := range s.statuses {
		if p.full() {
			return
		}
		delete(s.statuses, userID)
		if st := s.MemoryStore.statuses[userID]; st != nil {
			p.add(st.item())
		}
	}
	for len(s.waiting) > 0 && !p.full() {
		about := s.waiting[0]
		s.waiting = s.waiting[1:]
		delete(s.waits, about)
		if v := s.find(about.resource, about.userID); v != nil {
			p.add(v.item())
		} else {
			p.add(item{Type: about.resource.Type, ID: about.resource.ID, User: about.userID})
		}
	}
}

// item returns what this node has of v.
func (v *viewer) item() item {
	it := item{Type: v.of.resource.Type, ID: v.of.resource.ID, User: v.UserID, Hold: v.hold()}
	if it.Hold == holdNothing {
		return it
	}
	it.Name, it.Since = strings.ToValidUTF8(v.Name[:min(len(v.Name), maxUserName)], ""), v.since.UnixMicro()
	for _, e := range v.edits {
		it.Editing = append(it.Editing, e.field)
	}
	return it
}

func (st *status) item() item {
	return item{Do: doStatus, User: st.userID, Status: st.Status, Text: st.Text, At: st.at.UnixMicro(), Until: st.until.UnixMicro()}
}

// sendSnapshot sends all that this node has to one that asked, and the acts that it has missed. It may say what will be said once more as a
// change, since others are not kept waiting while it is made.
func (s *sharedStore) sendSnapshot(to ask) {
	s.snapshots++
	h := header{Kind: kindSnapshot, Seq: s.seq, Snapshot: s.snapshots, Settled: s.settled()}
	p := newParcel(h)
	add := func(it item) {
		if p.full() {
			s.send(to.node, p)
			h.Chunk++
			p = newParcel(h)
		}
		p.add(it)
	}
	var items []item
	s.eachOwn(func(v *viewer) { items = append(items, v.item()) })
	s.mu.Lock()
	for _, st := range s.MemoryStore.statuses {
		items = append(items, st.item())
	}
	s.mu.Unlock()
	for _, it := range items {
		add(it)
	}
	for _, act := range s.past {
		if to.since > 0 && act.Act > to.since && act.at >= time.Since(s.started)-actsKept {
			act.Age = (time.Since(s.started) - act.at).Milliseconds()
			add(act.item)
		}
	}
	last := newParcel(header{
		Kind: kindSnapshot, Seq: h.Seq, Snapshot: h.Snapshot, Chunk: h.Chunk + 1, Last: true, Settled: h.Settled,
	})
	s.send(to.node, p)
	s.send(to.node, last)
}

// settled reports whether nobody is known from the record alone.
func (s *sharedStore) settled() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.nodes {
		if n.restored {
			return false
		}
	}
	return true
}
