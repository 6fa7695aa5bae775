package episode

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sqltext"
	"github.com/callboard/callboard/sqldb"
)

// Filter narrows a list of episodes. Zero fields do not filter.
type Filter struct {
	Statuses       []Status // any of these
	ShowIDs        []string // any of these
	IDs            []string // any of these
	Text           string   // occurs in the title; case and accents make no difference
	AirFrom, AirTo string   // the first and the last day of airing, such as 1963-11-23; what has no air date is left out
	NoAirDate      bool     // only what has none; not together with AirFrom and AirTo
	Deleted        bool     // the deleted ones, instead of the living
}

// Sort is the order of a list; a minus in front reverses it.
type Sort string

// The orders. The ID decides between equals, so an order is total and pages never overlap.
const (
	ByCreated     Sort = "created_at"
	ByNewest      Sort = "-created_at" // the default
	ByUpdated     Sort = "updated_at"
	ByLastUpdated Sort = "-updated_at"
	ByTitle       Sort = "title"
	ByTitleDown   Sort = "-title"
	ByAirDate     Sort = "air_date"
	ByLastAired   Sort = "-air_date"
	ByNumber      Sort = "number" // season, then episode
	ByNumberDown  Sort = "-number"
	ByShow        Sort = "show" // the oldest show first, season, then episode; what belongs to no show comes last
	ByShowDown    Sort = "-show"
)

// ordering is how a Sort is said in SQL. Every key is an expression that is never NULL, since the two databases
// disagree about where NULL sorts.
type ordering struct {
	keys  []string
	value func(Episode) []any
	down  bool
}

func (s Sort) ordering() (ordering, error) {
	name, down := strings.CutPrefix(string(s), "-")
	o := ordering{down: down}
	switch name {
	case "created_at": // an ID begins with the time of creation
		o.value = func(Episode) []any { return nil }
	case "updated_at":
		o.keys, o.value = []string{"updated_at"}, func(e Episode) []any { return []any{e.UpdatedAt.UnixMicro()} }
	case "title":
		o.keys, o.value = []string{"title_folded"}, func(e Episode) []any { return []any{sqltext.Fold(e.Title)} }
	case "air_date":
		o.keys = []string{"coalesce(air_date, '')"}
		o.value = func(e Episode) []any { return []any{orZero(e.AirDate)} }
	case "number":
		o.keys = []string{"coalesce(season_number, -1)", "coalesce(episode_number, -1)"}
		o.value = func(e Episode) []any { return []any{orMinusOne(e.SeasonNumber), orMinusOne(e.EpisodeNumber)} }
	case "show":
		o.keys = []string{"coalesce(show_id, 'z')", "coalesce(season_number, -1)", "coalesce(episode_number, -1)"} // z is above all that an ID has
		o.value = func(e Episode) []any {
			show := "z"
			if e.ShowID != nil {
				show = *e.ShowID
			}
			return []any{show, orMinusOne(e.SeasonNumber), orMinusOne(e.EpisodeNumber)}
		}
	default:
		var v callboard.Validator
		v.Add("sort", "must be created_at, updated_at, title, air_date, number or show, with or without a minus in front")
		return o, v.Err()
	}
	o.keys = append(o.keys, "id")
	return o, nil
}

func orZero(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func orMinusOne(n *int) int64 {
	if n == nil {
		return -1
	}
	return int64(*n)
}

// List returns episodes in the given order; an empty Sort means ByNewest. A cursor goes on only in the order that it
// came from.
func (s *Service) List(ctx context.Context, f Filter, sort Sort, page callboard.Page) (callboard.List[Episode], error) {
	sort = cmp.Or(sort, ByNewest)
	order, err := sort.ordering()
	if err != nil {
		return callboard.List[Episode]{}, err
	}
	w, err := f.where()
	if err != nil {
		return callboard.List[Episode]{}, err
	}
	if page.Cursor != "" {
		if err := order.after(&w, sort, page.Cursor); err != nil {
			return callboard.List[Episode]{}, err
		}
	}
	episodes, err := selectEpisodes(ctx, s.db, &w, order, page.Size()+1)
	if err != nil {
		return callboard.List[Episode]{}, err
	}
	return callboard.NewList(episodes, page.Size(), func(e Episode) any { return cursor{sort, append(order.value(e), e.ID)} }), nil
}

// walkPage is how many episodes Each reads, and holds in memory, at a time.
const walkPage = 500

// Each calls fn for all episodes that pass f, in the given order, until fn returns an error, which it returns. An empty Sort
// means ByNewest. No transaction is held: a change that comes meanwhile may or may not be seen, and an episode that it moves
// within the order may come twice or not at all.
func (s *Service) Each(ctx context.Context, f Filter, sort Sort, fn func(Episode) error) error {
	order, err := cmp.Or(sort, ByNewest).ordering()
	if err != nil {
		return err
	}
	w, err := f.where()
	if err != nil {
		return err
	}
	for {
		page, err := selectEpisodes(ctx, s.db, &w, order, walkPage)
		if err != nil {
			return err
		}
		for _, e := range page {
			if err := fn(e); err != nil {
				return err
			}
		}
		if len(page) < walkPage {
			return nil
		}
		last := page[len(page)-1]
		w, _ = f.where() // nothing is wrong with it
		order.beyond(&w, append(order.value(last), last.ID))
	}
}

// Count returns how many episodes pass f.
func (s *Service) Count(ctx context.Context, f Filter) (int, error) {
	w, err := f.where()
	if err != nil {
		return 0, err
	}
	var n int
	err = s.db.QueryRowContext(ctx, `SELECT count(*) FROM callboard_episodes`+w.SQL(), w.Args()...).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count episodes: %w", err)
	}
	return n, nil
}

func (f Filter) where() (sqltext.Where, error) {
	var w sqltext.Where
	if err := f.check(); err != nil {
		return w, err
	}
	if f.Deleted {
		w.And("deleted_at IS NOT NULL")
	} else {
		w.And("deleted_at IS NULL")
	}
	in(&w, "status", f.Statuses)
	in(&w, "show_id", f.ShowIDs)
	in(&w, "id", f.IDs)
	if f.NoAirDate {
		w.And("coalesce(air_date, '') = ''")
	}
	if f.AirFrom != "" {
		w.And("coalesce(air_date, '') >= ?", f.AirFrom)
	}
	if f.AirTo != "" {
		w.And("coalesce(air_date, '') > '' AND coalesce(air_date, '') <= ?", f.AirTo)
	}
	if f.Text != "" {
		w.And(`title_folded LIKE ? ESCAPE '\'`, sqltext.Contains(f.Text))
	}
	return w, nil
}

// in adds the condition that a column has one of the values, if there are any.
func in[T ~string](w *sqltext.Where, column string, values []T) {
	switch len(values) {
	case 0:
	case 1: // which lets an index give the order, too
		w.And(column+" = ?", values[0])
	default:
		marks := make([]string, len(values))
		for i, value := range values {
			marks[i] = w.Arg(value)
		}
		w.And(column + " IN (" + strings.Join(marks, ", ") + ")")
	}
}

// check names what the fields are called in queries.
func (f Filter) check() error {
	var v callboard.Validator
	for _, status := range f.Statuses {
		v.Check(slices.Contains(Statuses(), status), "status", "must be one of draft, pending, approved, rejected, published, archived")
	}
	for _, id := range f.ShowIDs {
		v.Check(callboard.ValidID(strings.ToLower(id)), "show_id", "must be the ID of a show")
	}
	for _, id := range f.IDs {
		v.Check(callboard.ValidID(strings.ToLower(id)), "id", "must be the ID of an episode")
	}
	for field, day := range map[string]string{"air_date_from": f.AirFrom, "air_date_to": f.AirTo} {
		_, err := time.Parse(time.DateOnly, day)
		v.Check(day == "" || err == nil, field, "must be a date such as 1963-11-23")
	}
	v.Check(!f.NoAirDate || f.AirFrom == "" && f.AirTo == "", "no_air_date", "does not go together with air_date_from and air_date_to")
	return v.Err()
}

// cursor holds the order it belongs to and the keys of the last episode of a page.
type cursor struct {
	Sort Sort  `json:"s"`
	Keys []any `json:"k"`
}

// after adds the condition that a row comes after the one of the cursor.
func (o ordering) after(w *sqltext.Where, sort Sort, encoded string) error {
	var c cursor
	if err := callboard.DecodeCursor(encoded, &c); err != nil {
		return err
	}
	keys, ok := o.decode(c.Keys)
	if c.Sort != sort || !ok {
		var v callboard.Validator
		v.Add("cursor", "does not belong to this list and order; leave it out to start from the beginning")
		return v.Err()
	}
	o.beyond(w, keys)
	return nil
}

// beyond adds the condition that a row comes after the one with these keys.
func (o ordering) beyond(w *sqltext.Where, keys []any) {
	comparison := " > "
	if o.down {
		comparison = " < "
	}
	if len(keys) > 1 { // by which SQLite finds the place in an index
		w.And(o.keys[0]+strings.TrimRight(comparison, " ")+"= ?", keys[0])
	}
	marks := strings.TrimSuffix(strings.Repeat("?, ", len(keys)), ", ")
	w.And("("+strings.Join(o.keys, ", ")+")"+comparison+"("+marks+")", keys...)
}

// decode reads the keys of a cursor as the types that the order has: a cursor is input like any other.
func (o ordering) decode(raw []any) ([]any, bool) {
	sample := append(o.value(Episode{}), "")
	if len(raw) != len(sample) {
		return nil, false
	}
	keys := make([]any, len(raw))
	for i, zero := range sample {
		var ok bool
		if _, isText := zero.(string); isText {
			keys[i], ok = raw[i].(string)
		} else {
			var number float64
			number, ok = raw[i].(float64) // exact up to 2^53, which a time in microseconds is below
			keys[i] = int64(number)
		}
		if !ok {
			return nil, false
		}
	}
	return keys, true
}

func selectEpisodes(ctx context.Context, q sqldb.Querier, w *sqltext.Where, o ordering, limit int) ([]Episode, error) {
	rows, err := q.QueryContext(ctx, listSQL(w, o, limit), w.Args()...)
	return sqldb.Collect(rows, err, "read episodes", scanEpisode)
}

func listSQL(w *sqltext.Where, o ordering, limit int) string {
	direction := " ASC"
	if o.down {
		direction = " DESC"
	}
	return `SELECT ` + columns + ` FROM callboard_episodes` + w.SQL() +
		` ORDER BY ` + strings.Join(o.keys, direction+", ") + direction + ` LIMIT ` + w.Arg(limit)
}
