package importer

import (
	"encoding/binary"
	"hash/maphash"
	"strings"

	"github.com/google/uuid"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/episode"
)

// claims is what the rows of a file lay claim to. It is kept small, as it is there for the whole file.
type claims struct {
	seed       maphash.Seed
	list       []claim
	ids        map[uuid.UUID]uint32 // to list
	places     map[uint64]uint32
	identities map[uint64]uint32
	names      map[uint64]naming
	loose      map[uint64]int // by place outside of shows, the line that has it; several of them: manyLines
	highest    map[uint64]int // by season, the highest number that rows bring along
	unknown    int            // rows whose ID is of no episode
	moves      moves
}

const manyLines = -1

// claim is a row that was the first to lay claim to something.
type claim struct {
	line          int
	name, content uint64
}

// naming says how often a title occurs in a show, as sums of bits.
type naming uint8

const (
	named      naming = 1 << iota
	several           // rows
	unnumbered        // one of them brings no number along
)

func newClaims() *claims {
	return &claims{
		seed: maphash.MakeSeed(), ids: map[uuid.UUID]uint32{}, places: map[uint64]uint32{}, identities: map[uint64]uint32{},
		names: map[uint64]naming{}, loose: map[uint64]int{}, highest: map[uint64]int{},
		moves: moves{byID: map[string]*move{}, from: map[uint64]*move{}},
	}
}

// Bits of a place: the number, the season with 0 for none, and the scope above them.
const (
	numberBits = 17
	seasonBits = 14
)

func seasonKey(s *scope, season *int) uint64 {
	key := s.index << seasonBits
	if season != nil {
		key |= uint64(*season) + 1
	}
	return key
}

func placeKey(s *scope, season *int, number int) uint64 {
	return seasonKey(s, season)<<numberBits | uint64(number)
}

// label works out what r lays claim to.
func (c *claims) label(r *row) {
	e := r.next
	moves := r.known != nil && r.patch.SeasonNumber.Set && !r.scope.outside() // to another season, with the number that it has
	if (r.patch.EpisodeNumber.Set || moves) && e.EpisodeNumber != nil {
		r.numbered, r.loose = !r.scope.outside(), r.scope.outside()
		r.place = placeKey(r.scope, e.SeasonNumber, *e.EpisodeNumber)
	}
	titled := r.patch.Title.Set || r.known != nil
	if titled {
		r.name = c.nameKey(r.scope, e.Title)
	}
	if titled && !r.numbered && !callboard.ValidID(r.id) {
		h := c.hash(r.name)
		h.number(e.SeasonNumber)
		h.number(e.EpisodeNumber)
		h.text(e.AirDate)
		r.identity = h.Sum64() | 1
	}
	h := c.hash(r.scope.index)
	h.patch(r.patch)
	r.content = h.Sum64()
}

func (c *claims) nameKey(s *scope, title string) uint64 {
	h := c.hash(s.index)
	h.text(&title)
	return h.Sum64() | 1
}

// add notes what a row lays claim to, unless it does not come in by itself or repeats another one.
func (c *claims) add(r *row) {
	if r.outcome != "" {
		return
	}
	if r.id != "" && r.known == nil {
		c.unknown++
	}
	_, clash := c.first(r)
	_, known := c.byID(r.id, r)
	if known || clash != "" && !callboard.ValidID(r.id) {
		return
	}
	n := uint32(len(c.list))
	c.list = append(c.list, claim{line: r.line, name: r.name, content: r.content})
	if callboard.ValidID(r.id) {
		c.ids[uuid.MustParse(r.id)] = n
	}
	if clash != "" { // the ID is its own all the same: two rows that are about one episode are not to be weighed against each other
		return
	}
	if r.numbered {
		c.places[r.place] = n
		season := r.place >> numberBits
		c.highest[season] = max(c.highest[season], int(r.place&(1<<numberBits-1)))
	}
	c.addMove(r)
	if r.loose {
		if c.loose[r.place] == 0 {
			c.loose[r.place] = r.line
		} else {
			c.loose[r.place] = manyLines
		}
	}
	if r.identity != 0 {
		c.identities[r.identity] = n
	}
	if r.name == 0 {
		return
	}
	how := c.names[r.name]
	if how&named != 0 {
		how |= several
	}
	if !r.numbered {
		how |= unnumbered
	}
	c.names[r.name] = how | named
}

// first returns the row before r that lays claim to the same, and in words to what; "" when there is none.
func (c *claims) first(r *row) (first claim, clash string) {
	if r.outcome != "" {
		return claim{}, ""
	}
	if other, ok := c.byID(r.id, r); ok {
		return other, "id is also that of"
	}
	if other, ok := c.atPlace(r.place, r); ok && r.numbered {
		return other, "episode_number is taken by"
	}
	if n, ok := c.identities[r.identity]; ok && r.identity != 0 && c.list[n].line != r.line {
		return c.list[n], "title is also that of"
	}
	return claim{}, ""
}

// byID returns the row that has an ID, unless that is r.
func (c *claims) byID(id string, r *row) (claim, bool) {
	if len(c.ids) == 0 || !callboard.ValidID(id) {
		return claim{}, false
	}
	n, ok := c.ids[uuid.MustParse(id)]
	if !ok || c.list[n].line == r.line {
		return claim{}, false
	}
	return c.list[n], true
}

// atPlace returns the row that has a place, unless that is r.
func (c *claims) atPlace(place uint64, r *row) (claim, bool) {
	n, ok := c.places[place]
	if !ok || c.list[n].line == r.line {
		return claim{}, false
	}
	return c.list[n], true
}

// repeat settles a row that lays claim to what a row before it has.
func (r *row) repeat(first claim, clash string) {
	switch {
	case first.content == r.content && (r.numbered || r.id != ""):
		r.settle(Skipped, "the same as line %d", first.line)
	case first.content == r.content:
		r.settle(Skipped, "the same as line %d; give them numbers if they are two episodes", first.line)
	case r.patch.Title.Set && r.name != first.name:
		r.refuse("%s line %d, which has another title", clash, first.line)
	case r.patch.Title.Set:
		r.refuse("%s line %d, which has the same title and differs in other columns", clash, first.line)
	default:
		r.refuse("%s line %d, which differs in other columns", clash, first.line)
	}
}

// fieldHash is a hash of fields, none of which runs into the next.
type fieldHash struct{ maphash.Hash }

func (c *claims) hash(first uint64) *fieldHash {
	h := &fieldHash{}
	h.SetSeed(c.seed)
	h.uint(first)
	return h
}

func (h *fieldHash) uint(n uint64) {
	_, _ = h.Write(binary.LittleEndian.AppendUint64(nil, n)) // never fails
}

func (h *fieldHash) number(n *int) {
	if n == nil {
		h.uint(0)
	} else {
		h.uint(uint64(*n) + 1)
	}
}

func (h *fieldHash) text(s *string) {
	if s == nil {
		h.uint(0)
		return
	}
	h.uint(uint64(len(*s)) + 1)
	_, _ = h.WriteString(*s) // never fails
}

func (h *fieldHash) patch(p episode.Patch) {
	status, categories := string(p.Status.Value), strings.Join(p.Categories.Value, "\n")
	h.text(&p.Title.Value)
	h.text(&status)
	h.text(&categories)
	for _, text := range []*string{p.Description.Value, p.AirDate.Value, p.ThumbnailURL.Value} {
		h.text(text)
	}
	h.number(p.SeasonNumber.Value)
	h.number(p.EpisodeNumber.Value)
}
