package activity

import (
	"context"
	"errors"
	"io"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sqltext"
	"github.com/callboard/callboard/sqldb"
)

// Proof shows that an entry is in the tree of a checkpoint (RFC 6962, section 2.1.1).
type Proof struct {
	Leaf    int64       // number of the entry in the tree
	Entry   []byte      // in its canonical form
	Private *Private    // for admins only
	Hashes  []tlog.Hash // from the leaf to the root
}

// Private is what of an entry only admins may read, and the salt with which the canonical form has its hash.
type Private struct {
	IP        string `json:"ip" doc:"Address that it was done from." example:"203.0.113.7"`
	UserAgent string `json:"user_agent" doc:"Program that it was done with." example:"Mozilla/5.0"`
	Salt      []byte `json:"salt" doc:"In base64." example:"q83vEjRWeJCrze8SNFZ4kA=="`
}

// check reports why the proof does not hold for a checkpoint, and returns the entry that it proves.
func (p *Proof) check(c Checkpoint) (Entry, error) {
	e, private, err := parseCanonical(p.Entry)
	if err != nil {
		return e, err
	}
	if p.Private != nil && private != privateHash(p.Private.Salt, p.Private.IP, p.Private.UserAgent) {
		return e, errors.New("has another address or user agent than what was hashed")
	}
	if p.Leaf < 0 || p.Leaf >= c.Size {
		return e, errors.New("is not in the tree of the checkpoint")
	}
	if err := tlog.CheckRecord(p.Hashes, c.Size, c.Root, p.Leaf, tlog.RecordHash(p.Entry)); err != nil {
		return e, errors.New("is not what the tree of the checkpoint has at its place")
	}
	return e, nil
}

// Prove returns the newest checkpoint and the proof that the entry at a position is in it. An entry that is not there, or that the caller may
// not read, is CodeNotFound; one that is in no checkpoint yet is CodeConflict.
func (s *Service) Prove(ctx context.Context, pos int64) (Checkpoint, Proof, error) {
	entries, err := queryEntries(ctx, s.db, `SELECT `+columnsOfA()+` FROM callboard_activity a WHERE a.pos = $1`, pos)
	if err != nil {
		return Checkpoint{}, Proof{}, err
	}
	if entries, err = s.readableWhole(ctx, entries); err != nil {
		return Checkpoint{}, Proof{}, err
	}
	if len(entries) == 0 {
		return Checkpoint{}, Proof{}, callboard.Errorf(callboard.CodeNotFound, "there is no such entry")
	}
	c, err := lastCheckpoint(ctx, s.db)
	if err != nil {
		return Checkpoint{}, Proof{}, err
	}
	proofs, err := s.prove(ctx, c, entries)
	if err != nil {
		return Checkpoint{}, Proof{}, err
	}
	if len(proofs) == 0 {
		return Checkpoint{}, Proof{}, callboard.Errorf(callboard.CodeConflict, "the entry is in no checkpoint yet; one is signed every minute")
	}
	return c, proofs[0], nil
}

// prove returns the proofs of those entries, which are whole, that are in the tree of a checkpoint. What is read once serves all.
func (s *Service) prove(ctx context.Context, c Checkpoint, entries []Entry) ([]Proof, error) {
	leaves, err := s.leavesOf(ctx, entries)
	if err != nil {
		return nil, err
	}
	admin := callboard.ActorFrom(ctx).Role == callboard.RoleAdmin
	reader := &hashCache{from: storedHashes(ctx, s.db), known: map[int64]tlog.Hash{}}
	if err := reader.gather(c.Size, leaves); err != nil {
		return nil, err
	}
	var proofs []Proof
	for i := range entries {
		e := &entries[i]
		at, found := leaves[e.Pos]
		if !found || at.leaf >= c.Size {
			continue
		}
		private := Private{e.IP, e.UserAgent, at.salt}
		p := Proof{Leaf: at.leaf, Entry: e.canonical(privateHash(at.salt, e.IP, e.UserAgent))}
		if p.Hashes, err = tlog.ProveRecord(c.Size, at.leaf, reader); err != nil {
			return nil, err
		}
		if admin {
			p.Private = &private
		}
		if _, err := p.check(c); err != nil {
			return nil, callboard.Errorf(callboard.CodeConflict, "the entry at position %d %v; callboard verify says more", e.Pos, err)
		}
		proofs = append(proofs, p)
	}
	return proofs, nil
}

// place is where an entry is in the tree.
type place struct {
	leaf int64
	salt []byte
}

func (s *Service) leavesOf(ctx context.Context, entries []Entry) (map[int64]place, error) {
	leaves := make(map[int64]place, len(entries))
	if len(entries) == 0 {
		return leaves, nil
	}
	positions := make([]any, len(entries))
	for i := range entries {
		positions[i] = entries[i].Pos
	}
	//nolint:rowserrcheck // Each does
	rows, err := s.db.QueryContext(ctx, `SELECT pos, leaf, salt FROM callboard_activity_tree WHERE pos IN (`+
		sqltext.Placeholders(1, len(positions))+`)`, positions...)
	return leaves, sqldb.Each(rows, err, "read the tree", func(row sqldb.Scanner) error {
		var pos int64
		var p place
		err := row.Scan(&pos, &p.leaf, &p.salt)
		if err == nil && p.leaf < 0 {
			err = errTree
		}
		leaves[pos] = p
		return err
	})
}

// hashCache has the hashes that several proofs need read at once: those of neighbours are nearly the same.
type hashCache struct {
	from  tlog.HashReader
	known map[int64]tlog.Hash
	want  []int64 // while they are gathered; nil afterwards
}

// gather learns which hashes the proofs need by asking for them, and reads them.
func (h *hashCache) gather(size int64, leaves map[int64]place) error {
	h.want = []int64{}
	for _, at := range leaves {
		if at.leaf < size {
			if _, err := tlog.ProveRecord(size, at.leaf, h); err != nil {
				return err
			}
		}
	}
	want := h.want
	h.want = nil
	hashes, err := h.from.ReadHashes(want)
	for i, hash := range hashes {
		h.known[want[i]] = hash
	}
	return err
}

// ReadHashes implements tlog.HashReader.
func (h *hashCache) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		hash, known := h.known[index]
		if !known && h.want != nil {
			h.want = append(h.want, index)
			h.known[index] = tlog.Hash{}
		}
		hashes[i] = hash
	}
	return hashes, nil
}

var errNoCheckpoint = callboard.Errorf(callboard.CodeNotFound, "nothing of the log has been signed yet")

// LastCheckpoint returns the newest checkpoint. Where nothing has been signed yet it is CodeNotFound.
func (s *Service) LastCheckpoint(ctx context.Context) (Checkpoint, error) {
	c, err := lastCheckpoint(ctx, s.db)
	if err == nil && c.Size == 0 {
		err = errNoCheckpoint
	}
	return c, err
}

// ExportProven streams the entries that pass f to w with their proofs, newest first: a bundle, which VerifyBundle checks without the
// database. What has come in since the newest checkpoint is left out, and counted in the last line.
func (s *Service) ExportProven(ctx context.Context, w io.Writer, f Filter) error {
	c, err := s.LastCheckpoint(ctx)
	if err != nil {
		return err
	}
	r, err := s.newScan(ctx, f)
	if err != nil {
		return err
	}
	out := newBundleWriter(w, c)
	for before := int64(newest); before > 0 && out.err == nil; {
		entries, reached, err := r.read(ctx, before, exportPage)
		if err != nil {
			return err
		}
		if entries, err = s.readableWhole(ctx, entries); err != nil {
			return err
		}
		proofs, err := s.prove(ctx, c, entries)
		if err != nil {
			return err
		}
		out.write(proofs, len(entries)-len(proofs))
		before = reached
	}
	return out.close()
}

// readableWhole is readable that takes away no fields of the entries: their hashes need them, and Proof leaves them out.
func (s *Service) readableWhole(ctx context.Context, entries []Entry) ([]Entry, error) {
	readable, err := s.readable(ctx, s.reader(ctx), append([]Entry{}, entries...))
	if err != nil {
		return nil, err
	}
	may := make(map[int64]bool, len(readable))
	for _, e := range readable {
		may[e.Pos] = true
	}
	return slices.DeleteFunc(entries, func(e Entry) bool { return !may[e.Pos] }), nil
}
