package activity

import (
	"context"
	"math"

	"callboard"
)

// newest is the position before which all entries are.
const newest = math.MaxInt64

// step reads the next entries from before a position, newest first and at most limit, and looks at a bounded number of
// entries or index keys. It has looked at all from the position reached on, which is 0 when none are left.
type step func(ctx context.Context, before int64, limit int) (entries []Entry, reached int64, err error)

// limits is how much a request may look at. Where it ends before the page is full, the page is shorter, and its cursor
// leads on: no request is slow because of what is not there.
type limits struct {
	steps   int // of one page of a list
	matches int // steps of one page of a search for several words
	covered int // keys of an index that are looked at in a step, where the index has all that is asked for
	looked  int // entries that are looked at in a step
	matched int // entries whose words are looked at in a step
	kinds   int // kinds of entries whose indexes are read side by side
}

func defaultLimits() limits {
	return limits{steps: 8, matches: 2, covered: 2000, looked: 500, matched: 128, kinds: 64}
}

// walk takes up to so many steps, until limit entries are found.
func walk(ctx context.Context, before int64, limit, steps int, next step) (found []Entry, reached int64, err error) {
	for reached = before; reached > 0 && len(found) < limit && steps > 0; steps-- {
		var entries []Entry
		if entries, reached, err = next(ctx, reached, limit-len(found)); err != nil {
			return nil, 0, err
		}
		found = append(found, entries...)
	}
	return found, reached, nil
}

// read returns what a step returns of entries that were asked for with a limit, and that go down to a floor.
func read(entries []Entry, limit int, floor int64) ([]Entry, int64, error) {
	if len(entries) < limit {
		return entries, floor, nil
	}
	return entries[:limit], entries[limit-1].Pos, nil
}

// page returns one page of what next reads in so many steps.
func (s *Service) page(ctx context.Context, page callboard.Page, steps int, next step) (callboard.List[Entry], error) {
	before := int64(newest)
	if page.Cursor != "" {
		if err := callboard.DecodeCursor(page.Cursor, &before); err != nil {
			return callboard.List[Entry]{}, err
		}
	}
	entries, reached, err := walk(ctx, before, page.Size()+1, steps, next)
	if err != nil {
		return callboard.List[Entry]{}, err
	}
	hideFromOthers(callboard.ActorFrom(ctx), entries)
	list := callboard.NewList(entries, page.Size(), func(e Entry) any { return e.Pos })
	if len(entries) <= page.Size() && reached > 0 {
		list.NextCursor = callboard.EncodeCursor(reached)
	}
	return list, nil
}
