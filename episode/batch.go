package episode

import (
	"context"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sqltext"
	"github.com/callboard/callboard/sqldb"
)

// This file reads and writes many episodes at a time, for imports.

// Place is a number in a season of a show, which one living episode has at most. Outside of shows, where several may have it, ShowID
// is empty.
type Place struct {
	ShowID string
	Season int // -1: none
	Number int
}

// Place returns the place of e, if it has a number.
func (e Episode) Place() (p Place, ok bool) {
	if e.EpisodeNumber == nil {
		return Place{}, false
	}
	return Place{orZero(e.ShowID), int(orMinusOne(e.SeasonNumber)), *e.EpisodeNumber}, true
}

// Name is the exact title of an episode, of a show or, where ShowID is empty, outside of shows.
type Name struct{ ShowID, Title string }

// Name returns the name of e.
func (e Episode) Name() Name { return Name{orZero(e.ShowID), e.Title} }

// DatedName is a name with an air date, which is empty when there is none.
type DatedName struct {
	Name
	AirDate string
}

// Patched returns e with the fields of p. A field that breaks a rule is CodeInvalid.
func (e Episode) Patched(p Patch) (Episode, error) {
	p.apply(&e)
	return e, e.check()
}

// FindByID returns the episodes with these IDs, deleted ones too, in no order.
func (s *Service) FindByID(ctx context.Context, q sqldb.Querier, ids []string) ([]Episode, error) {
	return find(ctx, q, ids, "wanted_id", `id = wanted_id`, func(id string) []any { return []any{id} })
}

// FindByPlace returns the living episodes at these places, in no order.
func (s *Service) FindByPlace(ctx context.Context, q sqldb.Querier, places []Place) ([]Episode, error) {
	var within, outside []Place
	for _, p := range places {
		if p.ShowID == "" {
			outside = append(outside, p)
		} else {
			within = append(within, p)
		}
	}
	found, err := find(ctx, q, within, "wanted_show, wanted_season, wanted_number",
		`show_id = wanted_show AND coalesce(season_number, -1) = wanted_season AND episode_number = wanted_number
			AND deleted_at IS NULL AND show_id IS NOT NULL AND episode_number IS NOT NULL`,
		func(p Place) []any { return []any{p.ShowID, p.Season, p.Number} })
	if err != nil {
		return nil, err
	}
	more, err := find(ctx, q, outside, "wanted_season, wanted_number",
		`coalesce(season_number, -1) = wanted_season AND episode_number = wanted_number
			AND show_id IS NULL AND deleted_at IS NULL AND episode_number IS NOT NULL`,
		func(p Place) []any { return []any{p.Season, p.Number} })
	return append(found, more...), err
}

// FindByName returns the living episodes with these names, in no order.
func (s *Service) FindByName(ctx context.Context, q sqldb.Querier, names []Name) ([]Episode, error) {
	found, err := find(ctx, q, names, "wanted_show, wanted_title",
		`coalesce(show_id, '') = wanted_show AND title_folded = wanted_title AND deleted_at IS NULL`,
		func(n Name) []any { return []any{n.ShowID, sqltext.Fold(n.Title)} })
	wanted := setOf(names)
	return slices.DeleteFunc(found, func(e Episode) bool { return !wanted[e.Name()] }), err
}

// FindByDatedName returns the living episodes with these names and air dates, in no order.
func (s *Service) FindByDatedName(ctx context.Context, q sqldb.Querier, names []DatedName) ([]Episode, error) {
	found, err := find(ctx, q, names, "wanted_show, wanted_title, wanted_date",
		`coalesce(show_id, '') = wanted_show AND title_folded = wanted_title AND coalesce(air_date, '') = wanted_date
			AND deleted_at IS NULL`,
		func(n DatedName) []any { return []any{n.ShowID, sqltext.Fold(n.Title), n.AirDate} })
	wanted := setOf(names)
	return slices.DeleteFunc(found, func(e Episode) bool { return !wanted[DatedName{e.Name(), orZero(e.AirDate)}] }), err
}

func setOf[K comparable](keys []K) map[K]bool {
	set := make(map[K]bool, len(keys))
	for _, k := range keys {
		set[k] = true
	}
	return set
}

// maxWanted is how many keys one statement looks for.
const maxWanted = 512

// find returns the episodes that fulfil the condition with one of the keys, of which a table called wanted has the columns; its
// name comes first, so that the index that the condition goes by is asked once for each.
func find[K comparable](ctx context.Context, q sqldb.Querier, keys []K, wanted, condition string, values func(K) []any) ([]Episode, error) {
	unique := setOf(keys)
	distinct := make([]K, 0, len(unique))
	for _, k := range keys {
		if unique[k] {
			distinct = append(distinct, k)
			delete(unique, k)
		}
	}
	var found []Episode
	for chunk := range slices.Chunk(distinct, maxWanted) {
		var args []any
		for _, k := range chunk {
			args = append(args, values(k)...)
		}
		width := len(args) / len(chunk)
		n := 1 << bits.Len(uint(len(chunk)-1)) // so that there are few texts to be prepared; NULL equals nothing
		args = append(args, make([]any, (n-len(chunk))*width)...)
		rows, err := q.QueryContext(ctx, `WITH wanted (`+wanted+`) AS (VALUES `+wantedValues(q.Dialect(), values(chunk[0]), n)+`)
			SELECT `+columns+` FROM wanted CROSS JOIN callboard_episodes WHERE `+condition, sqldb.PlannedAnew(q, args...)...)
		part, err := sqldb.Collect(rows, err, "find episodes", scanEpisode)
		if err != nil {
			return nil, err
		}
		found = append(found, part...)
	}
	return found, nil
}

// wantedValues writes n rows of placeholders. The first one says their types, which PostgreSQL does not know otherwise. SQLite gets plain
// question marks: it would look each name up among all before it, and a single row of known types in no index of an expression.
func wantedValues(dialect sqldb.Dialect, example []any, n int) string {
	rows := make([]string, n)
	for i := range rows {
		cells := make([]string, len(example))
		for j, value := range example {
			if dialect == sqldb.SQLite {
				cells[j] = "?"
				continue
			}
			cells[j] = "$" + strconv.Itoa(i*len(example)+j+1)
			if _, number := value.(int); i == 0 && number {
				cells[j] = "CAST(" + cells[j] + " AS INTEGER)"
			} else if i == 0 {
				cells[j] = "CAST(" + cells[j] + " AS TEXT)"
			}
		}
		rows[i] = "(" + strings.Join(cells, ", ") + ")"
	}
	return strings.Join(rows, ", ")
}

// LockAll returns the episodes with these IDs, deleted ones too, and keeps others from changing them until tx ends.
func (s *Service) LockAll(ctx context.Context, tx *sqldb.Tx, ids []string) ([]Episode, error) {
	var locked []Episode
	for chunk := range slices.Chunk(slices.Sorted(slices.Values(ids)), maxWanted) { // in one order, so that two never wait for each other
		args := make([]any, len(chunk))
		for i, id := range chunk {
			args[i] = id
		}
		rows, err := tx.QueryContext(ctx, `SELECT `+columns+` FROM callboard_episodes
			WHERE id IN (`+sqltext.Placeholders(1, len(chunk))+`) ORDER BY id`+sqldb.ForUpdate(tx), sqldb.PlannedAnew(tx, args...)...)
		part, err := sqldb.Collect(rows, err, "lock episodes", scanEpisode)
		if err != nil {
			return nil, err
		}
		locked = append(locked, part...)
	}
	return locked, nil
}

// HighestNumber returns the highest number in a season of a show, or 0. For it to stay so, hold the show exclusively.
func (s *Service) HighestNumber(ctx context.Context, q sqldb.Querier, showID string, season *int) (int, error) {
	next, err := nextNumber(ctx, q, showID, season)
	return next - 1, err
}

// CreateAllTx adds episodes whose fields keep the rules (see Patched), each with its EpisodeCreated, except those whose number is taken,
// also by one before them. All but what a caller may choose is set here. It returns the ID of each, which is empty for one that it has not
// added. The caller holds their shows exclusively.
func (s *Service) CreateAllTx(ctx context.Context, tx *sqldb.Tx, episodes []Episode) (ids []string, err error) {
	fresh := make([]Episode, len(episodes))
	for i, e := range episodes {
		own := blank(ctx)
		e.ID, e.Version, e.CreatedBy = own.ID, own.Version, own.CreatedBy
		e.CreatedAt, e.UpdatedAt, e.DeletedAt = own.CreatedAt, own.UpdatedAt, nil
		fresh[i] = e
	}
	stored, err := insertFree(ctx, tx, fresh)
	if err != nil {
		return nil, err
	}
	events := make([]callboard.Event, 0, len(stored))
	ids = make([]string, len(fresh))
	for i, e := range fresh {
		if stored[e.ID] {
			ids[i] = e.ID
			events = append(events, e.event(ctx, callboard.EpisodeCreated, nil))
		}
	}
	return ids, s.cfg.Log.Append(ctx, tx, events...)
}

// Revision is an episode as it is stored, and as it is to be.
type Revision struct{ Old, New Episode }

// UpdateAllTx changes episodes as Update does, each with its event; nothing is written where nothing differs. Episodes may take each
// other's numbers. It returns the IDs of those that were left as they are because their number is taken. The caller has locked the
// episodes, and their shows exclusively.
func (s *Service) UpdateAllTx(ctx context.Context, tx *sqldb.Tx, revisions []Revision) (taken map[string]bool, err error) {
	taken = map[string]bool{}
	var events []callboard.Event
	ordered, parked := inOrderOfPlaces(revisions)
	for _, id := range parked {
		if _, err := tx.ExecContext(ctx, `UPDATE callboard_episodes SET episode_number = NULL WHERE id = $1`, id); err != nil {
			return nil, writeError(err, "update")
		}
	}
	for _, r := range ordered {
		changes := r.Old.Diff(r.New)
		if len(changes) == 0 {
			continue
		}
		e := r.New
		e.Version, e.UpdatedAt = r.Old.Version+1, callboard.Now()
		err := s.revise(ctx, tx, r.Old, e)
		if callboard.CodeOf(err) == callboard.CodeConflict {
			if slices.Contains(parked, e.ID) { // it cannot go back; the whole transaction has to be given up
				return nil, err
			}
			taken[e.ID] = true
			continue
		}
		if err != nil {
			return nil, err
		}
		s.holdCache(tx, e.ID)
		events = append(events, e.event(ctx, eventOf(r.Old.Status, e.Status), changes))
	}
	return taken, s.cfg.Log.Append(ctx, tx, events...)
}

// inOrderOfPlaces orders revisions so that an episode leaves its place before another one comes there, since the index of numbers is
// checked at each statement. Where they go round in a circle one of them has to be without a number meanwhile: its ID is among the
// parked ones.
func inOrderOfPlaces(revisions []Revision) (ordered []Revision, parked []string) {
	leaving := map[Place]int{}
	for i, r := range revisions {
		before, ok := r.Old.Place()
		if after, _ := r.New.Place(); ok && r.Old.ShowID != nil && after != before {
			leaving[before] = i
		}
	}
	const onPath, done = 1, 2
	state := make([]uint8, len(revisions))
	var path []int
	for first := range revisions {
		path = path[:0]
		for i, ok := first, true; ok && state[i] != done; {
			if state[i] == onPath {
				parked = append(parked, revisions[i].Old.ID)
				break
			}
			state[i] = onPath
			path = append(path, i)
			before, _ := revisions[i].Old.Place()
			after, placed := revisions[i].New.Place()
			if !placed || after == before {
				break
			}
			i, ok = leaving[after]
		}
		for _, i := range slices.Backward(path) {
			state[i] = done
			ordered = append(ordered, revisions[i])
		}
	}
	return ordered, parked
}

// revise writes one changed episode. Where its number stays nothing can clash, so nobody needs to know at once.
func (s *Service) revise(ctx context.Context, tx *sqldb.Tx, old, e Episode) error {
	before, _ := old.Place()
	if after, ok := e.Place(); !ok || e.ShowID == nil || after == before {
		query, args := updateStatement(e)
		return writeError(tx.Queue(ctx, query, args...), "update")
	}
	if tx.Dialect() == sqldb.SQLite { // where a statement that fails leaves the transaction as it was, and thousands of savepoints are slow
		return updateEpisode(ctx, tx, e)
	}
	return tx.Savepoint(ctx, func(ctx context.Context) error { return updateEpisode(ctx, tx, e) })
}

// insertFree inserts new episodes, except those whose number is taken, also by one before them. It returns the IDs of those that it
// has inserted.
func insertFree(ctx context.Context, tx *sqldb.Tx, episodes []Episode) (map[string]bool, error) {
	inserted := make(map[string]bool, len(episodes))
	rows := make([][]any, len(episodes))
	var first, last string // of those that can clash
	for i, e := range episodes {
		rows[i], inserted[e.ID] = insertRow(e), true
		if e.ShowID == nil {
			continue
		}
		if first == "" {
			first = e.ID
		}
		first, last = min(first, e.ID), max(last, e.ID)
	}
	if first == "" {
		return inserted, writeError(sqldb.QueueInsert(ctx, tx, "callboard_episodes", insertColumns(), rows, ""), "insert")
	}
	err := sqldb.BulkInsert(ctx, tx, "callboard_episodes", insertColumns(), rows, "ON CONFLICT DO NOTHING")
	if err != nil {
		return nil, writeError(err, "insert")
	}
	stored, err := selectIDs(ctx, tx, first, last)
	for _, e := range episodes {
		if e.ShowID != nil && !stored[e.ID] {
			delete(inserted, e.ID)
		}
	}
	return inserted, err
}

// selectIDs returns the IDs from first to last. IDs that were made together are close together.
func selectIDs(ctx context.Context, tx *sqldb.Tx, first, last string) (map[string]bool, error) {
	rows, err := tx.QueryContext(ctx, `SELECT id FROM callboard_episodes WHERE id >= $1 AND id <= $2`, sqldb.PlannedAnew(tx, first, last)...)
	list, err := sqldb.CollectValues[string](rows, err, "read episode IDs")
	if err != nil {
		return nil, fmt.Errorf("insert episodes: %w", err)
	}
	return setOf(list), nil
}
