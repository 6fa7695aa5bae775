// Package show keeps the shows that episodes belong to.
package show

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sqltext"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// Show is a series of episodes.
type Show struct {
	ID           string
	Title        string  // 1–255 characters
	Description  *string // at most 10,000 characters
	ThumbnailURL *string // http or https
	Version      int64   // grows by one with each change
	CreatedBy    string
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// Resource names the show in events.
func (s Show) Resource() callboard.Resource {
	return callboard.Resource{Type: "show", ID: s.ID, Name: s.Title}
}

func (s Show) data(changes callboard.Changes) callboard.ShowData {
	return callboard.ShowData{Title: s.Title, Version: s.Version, Changes: changes}
}

// Input is all that a caller may choose of a show.
type Input struct {
	Title        string
	Description  *string
	ThumbnailURL *string
}

// Patch changes some fields of a show.
type Patch struct {
	Title        callboard.Optional[string]
	Description  callboard.Optional[*string]
	ThumbnailURL callboard.Optional[*string]
}

func (in Input) patch() Patch {
	return Patch{
		Title: callboard.Some(in.Title), Description: callboard.Some(in.Description),
		ThumbnailURL: callboard.Some(in.ThumbnailURL),
	}
}

// apply writes the fields of p to show.
func (p Patch) apply(show *Show) {
	p.Title.Apply(&show.Title)
	p.Description.Apply(&show.Description)
	p.ThumbnailURL.Apply(&show.ThumbnailURL)
}

func (s Show) check() error {
	var v callboard.Validator
	v.Title("title", s.Title)
	v.Text("description", s.Description, callboard.MaxDescription)
	v.URL("thumbnail_url", s.ThumbnailURL)
	return v.Err()
}

// diff returns what a caller may choose and differs.
func (s Show) diff(next Show) callboard.Changes {
	changes := callboard.Changes{}
	changes.Compare("title", s.Title, next.Title)
	changes.Compare("description", s.Description, next.Description)
	changes.Compare("thumbnail_url", s.ThumbnailURL, next.ThumbnailURL)
	return changes
}

// Episodes counts what a show still holds.
type Episodes interface {
	// CountInShow returns how many living episodes the show has.
	CountInShow(ctx context.Context, tx *sqldb.Tx, showID string) (int, error)
}

// Watches keeps who wants to be notified of changes. app fills it with notifications; nil when they are switched off.
type Watches interface {
	Watch(ctx context.Context, userID string, res callboard.Resource) error
	Unwatch(ctx context.Context, userID string, res callboard.Resource) error
	Watching(ctx context.Context, userID string, res callboard.Resource) (bool, error)
}

// Names tells what users and applications are called. app fills it with accounts; nil: nobody has a name.
type Names interface {
	// Names returns the names of those with the given IDs who are known.
	Names(ctx context.Context, ids []string) map[string]string
}

// Config is what a Service needs. DB and Episodes are required.
type Config struct {
	DB       *sqldb.DB
	Log      *outbox.Log // nil: one that knows Callboard's own events alone
	Episodes Episodes
	Watches  Watches
	Names    Names
	Logger   *slog.Logger
}

// Service reads and changes shows.
type Service struct {
	db       *sqldb.DB
	log      *outbox.Log
	episodes Episodes
	watches  Watches
	names    Names
	logger   *slog.Logger
}

// New returns the service.
func New(cfg Config) *Service {
	if cfg.Log == nil {
		cfg.Log = outbox.New(outbox.Config{DB: cfg.DB})
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return &Service{db: cfg.DB, log: cfg.Log, episodes: cfg.Episodes, watches: cfg.Watches, names: cfg.Names, logger: cfg.Logger}
}

// Create adds a show and emits ShowCreated. A field that breaks a rule is CodeInvalid.
func (s *Service) Create(ctx context.Context, in Input) (Show, error) {
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (Show, error) {
		return s.CreateTx(ctx, tx, in)
	})
}

// CreateTx is Create within tx.
func (s *Service) CreateTx(ctx context.Context, tx *sqldb.Tx, in Input) (Show, error) {
	now := callboard.Now()
	show := Show{
		ID: callboard.NewID(), Version: 1, CreatedBy: callboard.ActorFrom(ctx).Ref().ID, CreatedAt: now, UpdatedAt: now,
	}
	in.patch().apply(&show)
	if err := show.check(); err != nil {
		return Show{}, err
	}
	if err := insertShow(ctx, tx, show); err != nil {
		return Show{}, err
	}
	return show, s.log.Append(ctx, tx, callboard.ShowCreated.New(ctx, show.Resource(), show.data(nil)))
}

// Get returns a living show, or CodeNotFound.
func (s *Service) Get(ctx context.Context, id string) (Show, error) {
	return selectShow(ctx, s.db, id, "")
}

// List returns the living shows by title.
func (s *Service) List(ctx context.Context, page callboard.Page) (callboard.List[Show], error) {
	var after titleKey
	if page.Cursor != "" {
		if err := callboard.DecodeCursor(page.Cursor, &after); err != nil {
			return callboard.List[Show]{}, err
		}
	}
	shows, err := selectShows(ctx, s.db, after, page.Size()+1)
	if err != nil {
		return callboard.List[Show]{}, err
	}
	return callboard.NewList(shows, page.Size(), func(s Show) any { return titleKey{Title: sqltext.Fold(s.Title), ID: s.ID} }), nil
}

// FindByTitle returns the living show with this title: the one that has it exactly, else the one that differs in upper and lower case
// alone. Accents and scripts make a difference. It is CodeNotFound when there is none, and CodeConflict when there are several.
func (s *Service) FindByTitle(ctx context.Context, title string) (Show, error) {
	return s.FindByTitleTx(ctx, s.db, title)
}

// FindByTitleTx is FindByTitle within a transaction, or whatever else q is.
func (s *Service) FindByTitleTx(ctx context.Context, q sqldb.Querier, title string) (Show, error) {
	matches, err := s.FindByTitles(ctx, q, []string{title})
	if err != nil {
		return Show{}, err
	}
	return matches[title].Show, matches[title].Err
}

// Match is the show that a title means, or why it means none; see FindByTitle.
type Match struct {
	Show Show
	Err  error
}

// FindByTitles is FindByTitle of many titles at a time.
func (s *Service) FindByTitles(ctx context.Context, q sqldb.Querier, titles []string) (map[string]Match, error) {
	folded := make([]string, len(titles))
	for i, title := range titles {
		folded[i] = sqltext.Fold(title)
	}
	found, err := selectBy(ctx, q, "title_folded", folded)
	if err != nil {
		return nil, err
	}
	alike := map[string][]Show{} // but for case and accents
	for _, show := range found {
		key := sqltext.Fold(show.Title)
		alike[key] = append(alike[key], show)
	}
	matches := make(map[string]Match, len(titles))
	for i, title := range titles {
		matches[title] = match(alike[folded[i]], title)
	}
	return matches, nil
}

// match returns the one of the shows that a title means.
func match(alike []Show, title string) Match {
	title = norm.NFC.String(title)
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		var found []Show
		for _, show := range alike {
			if same(norm.NFC.String(show.Title), title) {
				found = append(found, show)
			}
		}
		switch {
		case len(found) == 1:
			return Match{Show: found[0]}
		case len(found) > 1:
			return Match{Err: callboard.Errorf(callboard.CodeConflict, "there are %d shows with this title; name the show by its ID", len(found))}
		}
	}
	return Match{Err: callboard.NotFound("show")}
}

// FindByID returns the living shows with these IDs, in no order.
func (s *Service) FindByID(ctx context.Context, q sqldb.Querier, ids []string) ([]Show, error) {
	return selectBy(ctx, q, "id", ids)
}

// LockTitles keeps others who ask for it from creating shows until tx ends, so that of two who create a show that they have not
// found only one does. Ask for it before the shows themselves.
func (s *Service) LockTitles(ctx context.Context, tx *sqldb.Tx) error {
	if tx.Dialect() == sqldb.SQLite { // there is one writer
		return nil
	}
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, s.db.LockKey("shows")); err != nil {
		return fmt.Errorf("lock the titles of shows: %w", err)
	}
	return nil
}

// Replace puts in in the place of all that a caller may choose. See Update for the rest.
func (s *Service) Replace(ctx context.Context, id string, in Input, version int64) (Show, error) {
	return s.Update(ctx, id, in.patch(), version)
}

// Update changes some fields and emits ShowUpdated with the old and new values. When nothing differs, nothing is written.
// A version other than 0 must be the current one, or the error is CodePreconditionFailed.
func (s *Service) Update(ctx context.Context, id string, p Patch, version int64) (Show, error) {
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (Show, error) {
		old, err := lockShow(ctx, tx, id, version)
		if err != nil {
			return Show{}, err
		}
		show := old
		p.apply(&show)
		if err := show.check(); err != nil {
			return Show{}, err
		}
		changes := old.diff(show)
		if len(changes) == 0 {
			return old, nil
		}
		show.Version, show.UpdatedAt = old.Version+1, callboard.Now()
		if err := updateShow(ctx, tx, show, nil); err != nil {
			return Show{}, err
		}
		return show, s.log.Append(ctx, tx, callboard.ShowUpdated.New(ctx, show.Resource(), show.data(changes)))
	})
}

// Delete removes a show and emits ShowDeleted. A show that still has episodes is CodeConflict.
func (s *Service) Delete(ctx context.Context, id string, version int64) error {
	return s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		show, err := lockShow(ctx, tx, id, version)
		if err != nil {
			return err
		}
		n, err := s.episodes.CountInShow(ctx, tx, id)
		if err != nil {
			return err
		}
		if n > 0 {
			return callboard.Errorf(callboard.CodeConflict, "the show still has %d episodes; delete or move them first", n)
		}
		now := callboard.Now()
		show.Version, show.UpdatedAt = show.Version+1, now
		if err := updateShow(ctx, tx, show, &now); err != nil {
			return err
		}
		return s.log.Append(ctx, tx, callboard.ShowDeleted.New(ctx, show.Resource(), show.data(nil)))
	})
}

// Watch makes the actor a watcher of the show, or no longer one. A watcher is notified of changes of the show and of its episodes.
func (s *Service) Watch(ctx context.Context, id string, watch bool) error {
	show, err := s.Get(ctx, id)
	if err != nil {
		return err
	}
	if !watch {
		return s.watches.Unwatch(ctx, callboard.ActorFrom(ctx).ID, show.Resource())
	}
	return s.watches.Watch(ctx, callboard.ActorFrom(ctx).ID, show.Resource())
}

// Watching reports whether the actor watches the show. An application watches nothing. Trouble is logged, and means no.
func (s *Service) Watching(ctx context.Context, show Show) bool {
	actor := callboard.ActorFrom(ctx)
	if s.watches == nil || actor.Service {
		return false
	}
	watching, err := s.watches.Watching(ctx, actor.ID, show.Resource())
	if err != nil {
		s.logger.WarnContext(ctx, "cannot read whether a show is watched", "error", err)
	}
	return watching
}

// TitleOf returns the title of a living show.
func (s *Service) TitleOf(ctx context.Context, id string) (string, error) {
	found, err := s.Get(ctx, id)
	return found.Title, err
}

// Lock returns CodeNotFound unless the show lives, and keeps it from being deleted until tx ends. Exclusive also holds
// off others who ask for it exclusively, so that they can number episodes one after the other.
func (s *Service) Lock(ctx context.Context, tx *sqldb.Tx, id string, exclusive bool) error {
	lock := sqldb.ForShare(tx)
	if exclusive {
		lock = sqldb.ForUpdate(tx)
	}
	_, err := selectShow(ctx, tx, id, lock)
	return err
}

func lockShow(ctx context.Context, tx *sqldb.Tx, id string, version int64) (Show, error) {
	show, err := selectShow(ctx, tx, id, sqldb.ForUpdate(tx))
	if err == nil && version != 0 && version != show.Version {
		err = callboard.Errorf(callboard.CodePreconditionFailed, "the show has changed since it was read; read it again")
	}
	return show, err
}
