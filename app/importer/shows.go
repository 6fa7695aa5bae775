package importer

import (
	"context"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/importer/internal/value"
	"github.com/callboard/callboard/show"
	"github.com/callboard/callboard/sqldb"
)

// scope is what episodes belong to: a show, one that is to be created, or none.
type scope struct {
	index uint64 // in the order in which the file names them; 0 is outside of shows
	id    string // empty outside of shows, and of a show that is not there yet
	title string

	counted bool // as a show that episodes were imported into
}

func (s *scope) outside() bool { return s.index == 0 }

// shows finds the shows that rows belong to. Each is looked up once, those of a batch together.
type shows struct {
	service *show.Service
	none    *scope
	given   *scope // by the options, or nil
	count   uint64
	byID    map[string]*scope // nil for an ID that no show has
	byTitle map[string]*scope // as the file spells it
	planned map[string]*scope // by the title without case
	unclear map[string]error  // why no row may name a title

	looked map[string]show.Match // by title, what was found ahead for a batch
}

func newShows(ctx context.Context, service *show.Service, opts Options) (*shows, error) {
	s := &shows{
		service: service, none: &scope{},
		byID: map[string]*scope{}, byTitle: map[string]*scope{}, planned: map[string]*scope{}, unclear: map[string]error{},
	}
	var err error
	switch {
	case opts.ShowID != nil:
		s.given, err = s.withID(ctx, *opts.ShowID)
		if err == nil && s.given == nil {
			err = fieldError("show_id", "is not the ID of a show")
		}
	case opts.ShowTitle != nil:
		s.given, err = s.titled(ctx, "show_title", *opts.ShowTitle)
	}
	return s, err
}

func fieldError(field, format string, args ...any) error {
	var v callboard.Validator
	v.Add(field, format, args...)
	return v.Err()
}

// of returns what a row belongs to. It is CodeInvalid when that is not clear.
func (s *shows) of(ctx context.Context, r *row) (*scope, error) {
	named, err := s.named(ctx, r.entry)
	switch {
	case err != nil:
		return nil, err
	case s.given != nil && named != nil && named != s.given:
		return nil, fieldError("show", "is %s, while %s is imported into", value.Show(named.title), value.Show(s.given.title))
	case s.given != nil:
		return s.given, nil
	case named != nil:
		return named, nil
	case r.known != nil && r.known.ShowID != nil:
		known, err := s.withID(ctx, *r.known.ShowID)
		if err == nil && known == nil {
			err = fieldError("id", "is that of an episode whose show was deleted")
		}
		return known, err
	}
	return s.none, nil
}

// lookUp reads what rows name that is not known yet.
func (s *shows) lookUp(ctx context.Context, q sqldb.Querier, rows []*row) error {
	var ids, titles []string
	for _, r := range rows {
		if r.outcome != "" {
			continue
		}
		if _, known := s.byID[r.showID]; !known && callboard.ValidID(r.showID) {
			ids = append(ids, r.showID)
		}
		if s.byTitle[r.showTitle] == nil && s.unclear[r.showTitle] == nil && r.showTitle != "" {
			titles = append(titles, r.showTitle)
		}
	}
	found, err := s.service.FindByID(ctx, q, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		s.byID[id] = nil // unless it is found
	}
	known := make(map[string]show.Show, len(found))
	for _, one := range found {
		known[one.ID] = one
	}
	for _, id := range ids { // in the order of the file
		if one, ok := known[id]; ok && s.byID[id] == nil {
			s.add(id, one.Title)
		}
	}
	s.looked, err = s.service.FindByTitles(ctx, q, titles)
	return err
}

// named returns the show that a row names, or nil. An ID that no show has, as in a file of another server, leaves it to the title.
func (s *shows) named(ctx context.Context, e entry) (*scope, error) {
	if callboard.ValidID(e.showID) {
		if found, err := s.withID(ctx, e.showID); found != nil || err != nil {
			return found, err
		}
	}
	if e.showTitle == "" {
		return nil, nil //nolint:nilnil // no show is a choice of its own
	}
	return s.titled(ctx, "show", e.showTitle)
}

func (s *shows) withID(ctx context.Context, id string) (*scope, error) {
	if found, known := s.byID[id]; known {
		return found, nil
	}
	found, err := s.service.Get(ctx, id)
	if callboard.CodeOf(err) == callboard.CodeNotFound {
		s.byID[id] = nil
		return nil, nil //nolint:nilnil // as the map has it
	}
	if err != nil {
		return nil, err
	}
	return s.add(found.ID, found.Title), nil
}

// titled returns the show with a title, or plans it.
func (s *shows) titled(ctx context.Context, field, title string) (*scope, error) {
	if known := s.byTitle[title]; known != nil {
		return known, nil
	}
	if err := s.unclear[title]; err != nil {
		return nil, err
	}
	match, ahead := s.looked[title]
	if !ahead {
		match.Show, match.Err = s.service.FindByTitle(ctx, title)
	}
	found, err := match.Show, match.Err
	switch callboard.CodeOf(err) {
	case "":
		if s.byTitle[title] = s.byID[found.ID]; s.byTitle[title] == nil {
			s.byTitle[title] = s.join(found)
		}
		return s.byTitle[title], nil
	case callboard.CodeNotFound:
		return s.plan(field, title)
	case callboard.CodeConflict:
		s.unclear[title] = fieldError(field, "%s is the title of several shows; name the show by its ID", value.Show(title))
		return nil, s.unclear[title]
	}
	return nil, err
}

// join returns the scope of a show that was not known yet. It may be one that was planned, and that somebody else has created since.
func (s *shows) join(found show.Show) *scope {
	planned := s.planned[withoutCase(found.Title)]
	if planned == nil || planned.id != "" {
		return s.add(found.ID, found.Title)
	}
	planned.id, s.byID[found.ID] = found.ID, planned
	return planned
}

func (s *shows) plan(field, title string) (*scope, error) {
	var v callboard.Validator
	v.Title(field, title)
	if err := v.Err(); err != nil {
		s.unclear[title] = err
		return nil, err
	}
	key := withoutCase(title)
	if s.planned[key] == nil {
		s.planned[key] = s.add("", title)
	}
	s.byTitle[title] = s.planned[key]
	return s.byTitle[title], nil
}

func (s *shows) add(id, title string) *scope {
	s.count++
	added := &scope{index: s.count, id: id, title: title}
	if id != "" {
		s.byID[id] = added
	}
	return added
}

// withoutCase returns the same for two texts if and only if strings.EqualFold takes them for equal.
func withoutCase(text string) string {
	return strings.Map(func(r rune) rune {
		lowest := r
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			lowest = min(lowest, other)
		}
		return lowest
	}, norm.NFC.String(text))
}
