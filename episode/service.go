// Package episode keeps the episodes, which is what the board is about. Every change of one is written together with its
// event, in one transaction; all else follows from the event.
package episode

import (
	"context"
	"log/slog"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/ttlcache"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// Shows is what episodes need to know of shows. app fills it.
type Shows interface {
	// Lock returns CodeNotFound unless the show lives, and keeps it from being deleted until tx ends. Exclusive also
	// holds off others who ask for it exclusively.
	Lock(ctx context.Context, tx *sqldb.Tx, id string, exclusive bool) error
	// TitleOf returns the title of a living show, or CodeNotFound.
	TitleOf(ctx context.Context, id string) (string, error)
}

// Viewers tracks who looks at an episode. app fills it with presence; nil when presence is switched off.
type Viewers interface {
	// Track notes that the actor of ctx looks at res now.
	Track(ctx context.Context, res callboard.Resource) error
	// Viewers returns who looks at res, as many as an answer holds, and how many there are in all.
	Viewers(ctx context.Context, res callboard.Resource) (viewers []callboard.Viewer, total int, err error)
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

// Config is what a Service needs. DB and Shows are required.
type Config struct {
	DB      *sqldb.DB
	Log     *outbox.Log // nil: one that knows Callboard's own events alone
	Shows   Shows
	Viewers Viewers
	Watches Watches
	Names   Names
	Logger  *slog.Logger
}

// Service reads and changes episodes.
type Service struct {
	cfg   Config
	db    *sqldb.DB
	log   *slog.Logger
	cache *ttlcache.Cache[Episode] // living ones; nil where other nodes change them too
}

const (
	cacheTTL  = time.Second // also bounds how long a change goes unseen that has no event: one made in the database itself
	cacheSize = 4096        // episodes
	cacheMax  = 32 << 20    // bytes
)

// New returns the service.
func New(cfg Config) *Service {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Log == nil {
		cfg.Log = outbox.New(outbox.Config{DB: cfg.DB})
	}
	s := &Service{cfg: cfg, db: cfg.DB, log: cfg.Logger}
	if cfg.DB.Dialect() == sqldb.SQLite {
		s.cache = ttlcache.New(cacheTTL, cacheSize, cacheMax, Episode.size)
	}
	return s
}

// Forget drops what is cached of the episodes that the events are about. It must be called before the events go to the
// sockets, so that their clients read the change, also one that another process made.
func (s *Service) Forget(events []callboard.Event) {
	for i := range events {
		if res := events[i].Resource; res.Type == resourceType && s.cache != nil {
			s.cache.Forget(res.ID)
		}
	}
}

// holdCache keeps an episode out of the cache while tx changes it: who has seen the commit must not read what was before it.
func (s *Service) holdCache(tx *sqldb.Tx, id string) {
	if s.cache != nil {
		tx.OnEnd(s.cache.Hold(id))
	}
}

// Create adds an episode and emits EpisodeCreated, whatever its status.
//
// A field that breaks a rule is CodeInvalid; a number that the show already has is CodeConflict. Under a show, a missing
// number becomes the next one after the highest of the season.
func (s *Service) Create(ctx context.Context, in Input) (Episode, error) {
	e, err := draft(ctx, in) // before its turn to write, which on SQLite all others wait for
	if err != nil {
		return Episode{}, err
	}
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (Episode, error) {
		return s.add(ctx, tx, e)
	})
}

// CreateTx is Create within tx.
func (s *Service) CreateTx(ctx context.Context, tx *sqldb.Tx, in Input) (Episode, error) {
	e, err := draft(ctx, in)
	if err != nil {
		return Episode{}, err
	}
	return s.add(ctx, tx, e)
}

// draft returns the episode that in describes, once it keeps the rules that need no look at others.
func draft(ctx context.Context, in Input) (Episode, error) {
	e := blank(ctx)
	in.apply(&e)
	return e, e.check()
}

func blank(ctx context.Context) Episode {
	now := callboard.Now()
	return Episode{
		ID: callboard.NewID(), Status: Draft, Version: 1, CreatedBy: callboard.ActorFrom(ctx).Ref().ID,
		CreatedAt: now, UpdatedAt: now,
	}
}

func (s *Service) add(ctx context.Context, tx *sqldb.Tx, e Episode) (Episode, error) {
	if err := s.assignNumber(ctx, tx, &e); err != nil {
		return Episode{}, err
	}
	if err := insertEpisode(ctx, tx, e); err != nil {
		return Episode{}, err
	}
	return e, s.cfg.Log.Append(ctx, tx, e.event(ctx, callboard.EpisodeCreated, nil))
}

// assignNumber makes sure that the show exists and that the episode has a number in it.
func (s *Service) assignNumber(ctx context.Context, tx *sqldb.Tx, e *Episode) error {
	if e.ShowID == nil {
		return nil
	}
	unnumbered := e.EpisodeNumber == nil
	err := s.cfg.Shows.Lock(ctx, tx, *e.ShowID, unnumbered)
	if callboard.CodeOf(err) == callboard.CodeNotFound {
		return errNoShow()
	}
	if err != nil || !unnumbered {
		return err
	}
	next, err := nextNumber(ctx, tx, *e.ShowID, e.SeasonNumber)
	if err == nil && next > MaxNumber {
		err = errNoNumberLeft()
	}
	e.EpisodeNumber = &next
	return err
}

func errNoShow() error {
	var v callboard.Validator
	v.Add("show_id", "is not the ID of a show")
	return v.Err()
}

func errNoNumberLeft() error {
	return callboard.Errorf(callboard.CodeConflict, "the season has no free number left; give one")
}

// Get returns a living episode, or CodeNotFound.
func (s *Service) Get(ctx context.Context, id string) (Episode, error) {
	if s.cache == nil {
		return selectLiving(ctx, s.db, id, "")
	}
	now := time.Now()
	e, generation, ok := s.cache.Get(id, now)
	if ok {
		return e, nil
	}
	e, err := selectLiving(ctx, s.db, id, "")
	if err == nil {
		s.cache.Put(id, generation, e, now)
	}
	return e, err
}

// MustExist returns CodeNotFound unless the episode lives.
func (s *Service) MustExist(ctx context.Context, id string) error {
	_, err := s.Get(ctx, id)
	return err
}

// Lock is MustExist that also keeps the episode from being deleted until tx ends. Exclusive also holds off others who ask for it,
// and who change the episode.
func (s *Service) Lock(ctx context.Context, tx *sqldb.Tx, id string, exclusive bool) error {
	lock := sqldb.ForShare(tx)
	if exclusive {
		lock = sqldb.ForUpdate(tx)
	}
	_, err := selectLiving(ctx, tx, id, lock)
	return err
}

// Look is Get with who looks at the episode, and how many they are. With track the actor becomes one of them. Trouble with presence is
// logged and never fails the reading.
func (s *Service) Look(ctx context.Context, id string, track bool) (e Episode, viewers []callboard.Viewer, total int, err error) {
	e, err = s.Get(ctx, id)
	if err != nil || s.cfg.Viewers == nil {
		return e, nil, 0, err
	}
	if track {
		s.track(ctx, e)
	}
	viewers, total, err = s.cfg.Viewers.Viewers(ctx, e.Resource())
	if err != nil {
		s.log.WarnContext(ctx, "cannot read viewers", "error", err)
	}
	return e, viewers, total, nil
}

func (s *Service) track(ctx context.Context, e Episode) {
	err := s.cfg.Viewers.Track(ctx, e.Resource())
	if err == nil {
		return
	}
	level := slog.LevelWarn
	if code := callboard.CodeOf(err); code == callboard.CodeRateLimited || code == callboard.CodeUnavailable {
		level = slog.LevelDebug // a limit, which presence counts
	}
	s.log.Log(ctx, level, "cannot track viewer", "error", err)
}

// Replace puts in in the place of all that a caller may choose. What is left out is cleared, but for two things that
// nobody means to lose: the status, and the number while show and season stay the same. See Update for the rest.
func (s *Service) Replace(ctx context.Context, id string, in Input, version int64) (Episode, error) {
	return s.change(ctx, id, version, func(e *Episode) {
		old := *e
		in.apply(e)
		if e.EpisodeNumber == nil && sameSeason(old, *e) {
			e.EpisodeNumber = old.EpisodeNumber
		}
	})
}

// Update changes some fields and emits one event with the old and new value of each that differs: EpisodePublished or
// EpisodeArchived when the status becomes that, else EpisodeUpdated. When nothing differs, nothing is written. A version
// other than 0 must be the current one, or the error is CodePreconditionFailed.
func (s *Service) Update(ctx context.Context, id string, p Patch, version int64) (Episode, error) {
	return s.change(ctx, id, version, p.apply)
}

// UpdateTx is Update within tx.
func (s *Service) UpdateTx(ctx context.Context, tx *sqldb.Tx, id string, p Patch, version int64) (Episode, error) {
	return s.changeTx(ctx, tx, id, version, p.apply)
}

// ClearThumbnailTx clears the thumbnail of an episode when gone says so of its URL, and emits EpisodeUpdated. That of a deleted
// episode too, since it may be restored. An episode that is not there is no error.
func (s *Service) ClearThumbnailTx(ctx context.Context, tx *sqldb.Tx, id string, gone func(url string) bool) error {
	old, err := selectEpisode(ctx, tx, id, sqldb.ForUpdate(tx))
	if callboard.CodeOf(err) == callboard.CodeNotFound {
		return nil
	}
	if err != nil || old.ThumbnailURL == nil || !gone(*old.ThumbnailURL) {
		return err
	}
	e := old
	e.ThumbnailURL = nil
	_, err = s.save(ctx, tx, e, callboard.EpisodeUpdated, old.Diff(e))
	return err
}

func (s *Service) change(ctx context.Context, id string, version int64, apply func(*Episode)) (Episode, error) {
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (Episode, error) {
		return s.changeTx(ctx, tx, id, version, apply)
	})
}

func (s *Service) changeTx(ctx context.Context, tx *sqldb.Tx, id string, version int64, apply func(*Episode)) (Episode, error) {
	old, err := lockEpisode(ctx, tx, id, version)
	if err != nil {
		return Episode{}, err
	}
	e := old
	apply(&e)
	if err := e.check(); err != nil {
		return Episode{}, err
	}
	if e.EpisodeNumber == nil || !sameSeason(old, e) {
		if err := s.assignNumber(ctx, tx, &e); err != nil {
			return Episode{}, err
		}
	}
	changes := old.Diff(e)
	if len(changes) == 0 {
		return old, nil
	}
	return s.save(ctx, tx, e, eventOf(old.Status, e.Status), changes)
}

// save writes a changed episode as its next version, with the event of the change.
func (s *Service) save(
	ctx context.Context, tx *sqldb.Tx, e Episode, kind callboard.EventDef[callboard.EpisodeData], changes callboard.Changes,
) (Episode, error) {
	e.Version, e.UpdatedAt = e.Version+1, callboard.Now()
	s.holdCache(tx, e.ID)
	if err := updateEpisode(ctx, tx, e); err != nil {
		return Episode{}, err
	}
	event := e.event(ctx, kind, changes)
	if e.DeletedAt != nil && len(changes) > 0 {
		event.Audience = nil // who watches it cannot look at it
	}
	return e, s.cfg.Log.Append(ctx, tx, event)
}

// sameSeason reports whether a and b are in the same season of the same show.
func sameSeason(a, b Episode) bool {
	moved := callboard.Changes{}
	moved.Compare("show_id", a.ShowID, b.ShowID)
	moved.Compare("season_number", a.SeasonNumber, b.SeasonNumber)
	return len(moved) == 0
}

// eventOf returns the one event of a change: that it published or archived says more than that fields differ.
func eventOf(old, status Status) callboard.EventDef[callboard.EpisodeData] {
	switch {
	case status != old && status == Published:
		return callboard.EpisodePublished
	case status != old && status == Archived:
		return callboard.EpisodeArchived
	}
	return callboard.EpisodeUpdated
}

// Delete hides an episode until it is restored, frees its number, and emits EpisodeDeleted.
func (s *Service) Delete(ctx context.Context, id string, version int64) error {
	return s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		return s.DeleteTx(ctx, tx, id, version)
	})
}

// DeleteTx is Delete within tx.
func (s *Service) DeleteTx(ctx context.Context, tx *sqldb.Tx, id string, version int64) error {
	_, err := s.deleteTx(ctx, tx, id, version)
	return err
}

func (s *Service) deleteTx(ctx context.Context, tx *sqldb.Tx, id string, version int64) (Episode, error) {
	e, err := lockEpisode(ctx, tx, id, version)
	if err != nil {
		return Episode{}, err
	}
	now := callboard.Now()
	e.DeletedAt = &now
	return s.save(ctx, tx, e, callboard.EpisodeDeleted, nil)
}

// Restore brings a deleted episode back and emits EpisodeRestored. One that is not deleted, whose show is gone or whose
// number has been taken meanwhile is CodeConflict.
func (s *Service) Restore(ctx context.Context, id string) (Episode, error) {
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (Episode, error) {
		return s.restoreTx(ctx, tx, id, 0)
	})
}

func (s *Service) restoreTx(ctx context.Context, tx *sqldb.Tx, id string, version int64) (Episode, error) {
	e, err := selectEpisode(ctx, tx, id, sqldb.ForUpdate(tx))
	if err != nil {
		return Episode{}, err
	}
	if e.DeletedAt == nil {
		return Episode{}, callboard.Errorf(callboard.CodeConflict, "the episode is not deleted")
	}
	if version != 0 && version != e.Version {
		return Episode{}, errChanged()
	}
	if e.ShowID != nil {
		err := s.cfg.Shows.Lock(ctx, tx, *e.ShowID, false)
		if callboard.CodeOf(err) == callboard.CodeNotFound {
			return Episode{}, callboard.Errorf(callboard.CodeConflict, "the show of the episode was deleted")
		}
		if err != nil {
			return Episode{}, err
		}
	}
	e.DeletedAt = nil
	return s.save(ctx, tx, e, callboard.EpisodeRestored, nil)
}

// Watch makes the actor a watcher of the episode, or no longer one.
func (s *Service) Watch(ctx context.Context, id string, watch bool) error {
	e, err := s.Get(ctx, id)
	if err != nil {
		return err
	}
	if !watch {
		return s.cfg.Watches.Unwatch(ctx, callboard.ActorFrom(ctx).ID, e.Resource())
	}
	return s.cfg.Watches.Watch(ctx, callboard.ActorFrom(ctx).ID, e.Resource())
}

// Watching reports whether the actor watches the episode. An application watches nothing. Trouble is logged, and means no.
func (s *Service) Watching(ctx context.Context, e Episode) bool {
	actor := callboard.ActorFrom(ctx)
	if s.cfg.Watches == nil || actor.Service {
		return false
	}
	watching, err := s.cfg.Watches.Watching(ctx, actor.ID, e.Resource())
	if err != nil {
		s.log.WarnContext(ctx, "cannot read whether an episode is watched", "error", err)
	}
	return watching
}

func lockEpisode(ctx context.Context, tx *sqldb.Tx, id string, version int64) (Episode, error) {
	e, err := selectLiving(ctx, tx, id, sqldb.ForUpdate(tx))
	if err == nil && version != 0 && version != e.Version {
		err = errChanged()
	}
	return e, err
}

func errChanged() error {
	return callboard.Errorf(callboard.CodePreconditionFailed, "the episode has changed since it was read; read it again")
}
