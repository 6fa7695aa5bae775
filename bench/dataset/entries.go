package dataset

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"time"
)

const (
	perResource = 50 // entries, in the mean
	userAgent   = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	span        = 2 * 365 * 24 * time.Hour
)

// entries makes up the entries of the log. Each follows from its position alone, so it can be made as often, and in any
// order, as is needed.
type entries struct {
	count     int
	users     []User
	resources []Resource
	kinds     []resourceKind
	slots     []int32 // users, each as often as it acts: few do much
	ages      []int32 // of resources: most of what happens is about young ones
	end       time.Time
	step      int64 // microseconds between entries
}

func newEntries(count, users int, end time.Time) *entries {
	e := &entries{count: count, kinds: kinds(), end: end, step: span.Microseconds() / int64(max(count, 1))}
	for n := range users {
		e.users = append(e.users, userAt(n))
	}
	for n := range max(1, count/perResource) {
		e.resources = append(e.resources, resourceAt(n))
	}
	e.slots, e.ages = zipf(len(e.users)), zipf(len(e.resources))
	return e
}

// zipf returns ranks below n, each as often as Zipf's law has it.
func zipf(n int) []int32 {
	slots := make([]int32, 1<<16)
	for i := range slots {
		x := (float64(i) + 0.5) / float64(len(slots))
		slots[i] = min(int32(math.Exp(x*math.Log(float64(n)+1)))-1, int32(n)-1)
	}
	return slots
}

// entry is one line of the log. Its parts are shared.
type entry struct {
	pos     int64
	user    int
	about   int
	variant int
	created int64
}

func (made *entry) eventID() [36]byte { return uuid(made.created/1000, hash(uint64(made.pos))) }

// at returns the entry at a position, from 1.
func (e *entries) at(pos int) entry {
	h := hash(uint64(pos))
	about := (pos-1)*len(e.resources)/e.count - int(e.ages[h>>16&0xffff])
	if about < 0 || h>>32%8 == 0 { // and some about any, however old
		about = int(hash(h) % uint64(len(e.resources)))
	}
	created := e.end.UnixMicro() - int64(e.count-pos)*e.step
	return entry{
		pos: int64(pos), user: int(e.slots[h&0xffff]), about: about, created: created,
		variant: int(h >> 40 % uint64(len(e.kinds[e.resources[about].kind].variants))),
	}
}

func (e *entries) variantOf(made *entry) *variant {
	return &e.kinds[e.resources[made.about].kind].variants[made.variant]
}

// words returns the words by which the product finds the entry. A test compares them with those that it makes itself.
func (e *entries) words(made *entry) string {
	return e.users[made.user].words + " " + e.resources[made.about].words + " " + e.variantOf(made).words
}

// uuid returns a UUIDv7.
func uuid(millis int64, random uint64) (id [36]byte) {
	const digits = "0123456789abcdef"
	high := uint64(millis)<<16 | 7<<12 | random&0xfff
	low := hash(random)>>2 | 1<<63
	n := 0
	for i := range id {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			id[i] = '-'
			continue
		}
		word := high
		if n >= 16 {
			word = low
		}
		id[i] = digits[word>>(60-4*(n%16))&15]
		n++
	}
	return id
}

// column appends one column of an entry to a record.
type column func(e *entries, made *entry, r *record)

// entryColumn returns the column of the table activity with the given name.
func entryColumn(name string) (column, error) {
	texts := map[string]func(e *entries, made *entry) string{
		"user_id":       func(e *entries, made *entry) string { return e.users[made.user].ID },
		"user_name":     func(e *entries, made *entry) string { return e.users[made.user].Name },
		"action":        func(e *entries, made *entry) string { return e.variantOf(made).action },
		"source":        func(e *entries, made *entry) string { return e.variantOf(made).source },
		"resource_type": func(e *entries, made *entry) string { return e.resources[made.about].Type },
		"resource_id":   func(e *entries, made *entry) string { return e.resources[made.about].ID },
		"resource_name": func(e *entries, made *entry) string { return e.resources[made.about].Name },
		"ip":            func(e *entries, made *entry) string { return e.users[made.user].ip },
		"user_agent":    func(*entries, *entry) string { return userAgent },
	}
	if text, ok := texts[name]; ok {
		return func(e *entries, made *entry, r *record) { r.text(text(e, made)) }, nil
	}
	switch name {
	case "pos":
		return func(_ *entries, made *entry, r *record) { r.integer(made.pos) }, nil
	case "event_id":
		return func(_ *entries, made *entry, r *record) {
			id := made.eventID()
			r.bytes(id[:])
		}, nil
	case "metadata":
		return func(e *entries, made *entry, r *record) {
			r.text(`{"title":"`, e.resources[made.about].Name, e.variantOf(made).tail)
		}, nil
	case "created_at":
		return func(_ *entries, made *entry, r *record) { r.integer(made.created) }, nil
	}
	return nil, fmt.Errorf("dataset: the table activity has a column that is not known here: %s", name)
}

// ranking sorts entries as the text of a column does.
type ranking struct {
	of     func(*entry) int32
	groups int // the rank is below it
}

func (e *entries) ranking(column string) (ranking, error) {
	switch column {
	case "user_id":
		return ranking{func(made *entry) int32 { return int32(made.user) }, len(e.users)}, nil // IDs ascend
	case "resource_id":
		return ranking{func(made *entry) int32 { return int32(made.about) }, len(e.resources)}, nil // likewise
	case "resource_type":
		order := ranksOf(e.kinds, func(k resourceKind) string { return k.name })
		return ranking{func(made *entry) int32 { return order[e.resources[made.about].Type] }, len(order)}, nil
	case "action":
		var all []variant
		for _, k := range e.kinds {
			all = append(all, k.variants...)
		}
		order := ranksOf(all, func(v variant) string { return v.action })
		return ranking{func(made *entry) int32 { return order[e.variantOf(made).action] }, len(order)}, nil
	}
	return ranking{}, fmt.Errorf("dataset: an index of the table activity has a column that is not known here: %s", column)
}

func ranksOf[T any](items []T, text func(T) string) map[string]int32 {
	ranks := map[string]int32{}
	for _, item := range items {
		ranks[text(item)] = 0
	}
	for rank, name := range slices.Sorted(maps.Keys(ranks)) {
		ranks[name] = int32(rank)
	}
	return ranks
}

// sorted returns the positions in the order of columns, and of the positions themselves where those are equal. It counts
// instead of comparing, since few values occur.
func (e *entries) sorted(columns []string) ([]uint32, error) {
	rank, groups := func(*entry) int32 { return 0 }, 1
	for _, name := range columns {
		next, err := e.ranking(name)
		if err != nil {
			return nil, err
		}
		before := rank
		rank = func(made *entry) int32 { return before(made)*int32(next.groups) + next.of(made) }
		groups *= next.groups
	}
	starts := make([]uint32, groups+1)
	ranks := make([]int32, e.count)
	for i := range ranks {
		made := e.at(i + 1)
		ranks[i] = rank(&made)
		starts[ranks[i]+1]++
	}
	for i := range groups {
		starts[i+1] += starts[i]
	}
	order := make([]uint32, e.count)
	for i, r := range ranks {
		order[starts[r]] = uint32(i + 1)
		starts[r]++
	}
	return order, nil
}
