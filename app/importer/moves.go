package importer

import (
	"cmp"
	"context"
	"slices"

	"github.com/callboard/callboard/episode"
)

// Episodes whose rows have IDs may change places with each other, as all do below one that is inserted. A row then takes a place which
// another one leaves only further down, so that both have to be written in one transaction. These are the bounds of such a transaction.
const (
	maxJoinedLines = 5000
	maxJoinedBytes = 32 << 20 // of the cells
)

// move is a row that gives an episode another place by its ID.
type move struct {
	id       string
	line     int
	from, to uint64
	taken    bool // an episode is at to
	fits     bool // it can come there
	late     bool // its place is free only for the rows below it
}

// span is lines that are written together.
type span struct{ first, last int }

// mark is how many bytes of cells are above a line.
type mark struct{ line, bytes int }

// moves is what the rows of a file do to the places of episodes.
type moves struct {
	list   []*move
	byID   map[string]*move
	from   map[uint64]*move
	joined []span
	marks  []mark // at the first rows of batches
	bytes  int    // of all rows so far
}

// measure notes where rows are, before they are added.
func (c *claims) measure(rows []*row) {
	c.moves.marks = append(c.moves.marks, mark{rows[0].line, c.moves.bytes})
	for _, r := range rows {
		c.moves.bytes += r.size()
	}
}

// fits reports whether lines may be written in one transaction.
func (m *moves) fits(s span) bool {
	above := func(line int) int { // bytes above the batch that follows the one with this line
		i, _ := slices.BinarySearchFunc(m.marks, line+1, func(at mark, line int) int { return cmp.Compare(at.line, line) })
		if i == len(m.marks) {
			return m.bytes
		}
		return m.marks[i].bytes
	}
	return s.last-s.first <= maxJoinedLines && above(s.last)-above(s.first) <= maxJoinedBytes-maxBatchBytes
}

// addMove notes a row that moves an episode.
func (c *claims) addMove(r *row) {
	if r.known == nil || !r.numbered || r.known.EpisodeNumber == nil {
		return
	}
	from := placeKey(r.scope, r.known.SeasonNumber, *r.known.EpisodeNumber)
	if from == r.place {
		return
	}
	m := &move{id: r.known.ID, line: r.line, from: from, to: r.place}
	c.moves.list = append(c.moves.list, m)
	c.moves.byID[m.id], c.moves.from[from] = m, m
}

// findTargets reads at which of the places where rows move episodes others are.
func (b *batch) findTargets(ctx context.Context) error {
	of := map[episode.Place]*move{}
	var places []episode.Place
	for _, r := range b.rows {
		if r.outcome != "" || r.known == nil {
			continue
		}
		if m := b.session.claims.moves.byID[r.known.ID]; m != nil && m.line == r.line {
			of[b.placeOf(r)] = m
			places = append(places, b.placeOf(r))
		}
	}
	found, err := b.session.cfg.Episodes.FindByPlace(ctx, b.db, places)
	for _, e := range found {
		place, _ := e.Place()
		of[place].taken = true
	}
	return err
}

// settleMoves finds out which episodes can move, and so leave their places to others, and which lines are to be written together for
// that. What would be too many lines together stays apart: there a place is free only for the rows below the one that leaves it.
func (c *claims) settleMoves() {
	for again := true; again; {
		c.settleFits()
		needed := c.needed()
		again = c.moves.keepApart(needed, func(n need) span { return n.span })
		if again {
			continue
		}
		c.moves.joined = merged(needed)
		again = c.moves.keepApart(needed, func(n need) span {
			i, _ := slices.BinarySearchFunc(c.moves.joined, n.last, func(s span, line int) int { return cmp.Compare(s.last, line) })
			return c.moves.joined[i]
		})
	}
}

// keepApart reports whether there are moves for which too many lines would have to be written together, and notes them.
func (m *moves) keepApart(needed []need, lines func(need) span) bool {
	found := false
	for _, n := range needed {
		if !m.fits(lines(n)) {
			n.move.late, found = true, true
		}
	}
	return found
}

// settleFits follows each move to who is at the place that it goes to: all of them can move when the last one can, or when they go round
// in a circle.
func (c *claims) settleFits() {
	known := map[*move]bool{}
	for _, first := range c.moves.list {
		var path []*move
		fits := true
		for m := first; !known[m]; {
			known[m] = true
			path = append(path, m)
			next := c.moves.from[m.to]
			if fits = !m.taken || next != nil && (!next.late || next.line < m.line); !fits || !m.taken {
				break
			}
			if m = next; known[m] && !slices.Contains(path, m) {
				fits = m.fits
			}
		}
		for _, m := range path {
			m.fits = fits
		}
	}
}

// need is the lines from a row to the one that leaves the place which it takes.
type need struct {
	span
	move *move
}

// needed returns where a row takes a place that is left only further down, in the order of the file.
func (c *claims) needed() []need {
	var all []need
	for _, m := range c.moves.list {
		if n, ok := c.places[m.from]; ok && m.fits && !m.late && c.list[n].line < m.line {
			all = append(all, need{span{c.list[n].line, m.line}, m})
		}
	}
	slices.SortFunc(all, func(a, b need) int { return cmp.Compare(a.first, b.first) })
	return all
}

// merged returns the lines that hang together.
func merged(needed []need) []span {
	var all []span
	for _, n := range needed {
		if last := len(all) - 1; last >= 0 && n.first <= all[last].last {
			all[last].last = max(all[last].last, n.last)
		} else {
			all = append(all, n.span)
		}
	}
	return all
}

// leaves reports whether an episode leaves its place, so that it is free for all rows.
func (m *moves) leaves(id string) bool {
	found := m.byID[id]
	return found != nil && found.fits && !found.late
}

// holds reports whether the line below this one is to be written together with it.
func (m *moves) holds(line int) bool {
	i, _ := slices.BinarySearchFunc(m.joined, line, func(s span, line int) int { return cmp.Compare(s.last, line+1) })
	return i < len(m.joined) && m.joined[i].first <= line
}
