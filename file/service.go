// Package file keeps files: what is uploaded to an episode, what a user brings or gets for itself, and smaller sizes of
// pictures. What is known of a file is in the database, its content in a Storage: a folder, or a bucket.
//
// The two never part. Before the first byte is staged, a marker notes its key as garbage that is due much later; the
// transaction that makes the file takes the marker away. A file that is deleted leaves markers, due at once, in its own
// transaction. So whatever a crash leaves is found and removed (Sweep), and there is never a file without its content.
package file

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sqltext"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// Episodes is what files need to know of episodes. app fills it.
type Episodes interface {
	// MustExist returns CodeNotFound unless the episode lives.
	MustExist(ctx context.Context, id string) error
	// Lock is MustExist within tx, and keeps the episode from being deleted until tx ends. Exclusive also holds off others who
	// ask for it, and who change the episode.
	Lock(ctx context.Context, tx *sqldb.Tx, id string, exclusive bool) error
	// ClearThumbnailTx clears the thumbnail of an episode, deleted or not, when gone says so of its URL.
	ClearThumbnailTx(ctx context.Context, tx *sqldb.Tx, id string, gone func(url string) bool) error
	// DeletedAmong returns those of the episodes that were deleted before t. Within a transaction it also keeps them from
	// being restored until that ends.
	DeletedAmong(ctx context.Context, q sqldb.Querier, ids []string, t time.Time) ([]string, error)
}

// Names tells what users and applications are called. app fills it with accounts; nil: nobody has a name.
type Names interface {
	// Names returns the names of those with the given IDs who are known.
	Names(ctx context.Context, ids []string) map[string]string
}

// Config is what a Service needs. DB, Storage and Episodes are required.
type Config struct {
	DB       *sqldb.DB
	Log      *outbox.Log // nil: one that knows Callboard's own events alone
	Storage  Storage
	Episodes Episodes
	Names    Names
	Logger   *slog.Logger
	Now      func() time.Time
	// PathPrefix, such as "/callboard", is before the paths of files.
	PathPrefix string
	// MaxUpload is the largest content that may be uploaded, in bytes; 0 means DefaultMaxUpload.
	MaxUpload int64
	// DeletedEpisodeRetention is how long the files of a deleted episode are kept; 0 means 30 days.
	DeletedEpisodeRetention time.Duration
}

const (
	// DefaultMaxUpload is the largest content that may be uploaded, in bytes, unless Config says otherwise.
	DefaultMaxUpload = 4 << 30
	defaultRetention = 30 * 24 * time.Hour
)

// Service reads, stores and deletes files.
type Service struct {
	cfg Config
	db  *sqldb.DB
	log *slog.Logger

	pingMu    sync.Mutex
	pingErr   error     // of the last Ping of the storage
	pingUntil time.Time // until when pingErr is believed
}

// New returns the service. Run has to run beside it.
func New(cfg Config) *Service {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = callboard.Now
	}
	cfg.MaxUpload = cmp.Or(cfg.MaxUpload, DefaultMaxUpload)
	cfg.DeletedEpisodeRetention = cmp.Or(cfg.DeletedEpisodeRetention, defaultRetention)
	if cfg.Log == nil {
		cfg.Log = outbox.New(outbox.Config{DB: cfg.DB})
	}
	return &Service{cfg: cfg, db: cfg.DB, log: cfg.Logger}
}

// Close frees what the storage holds open.
func (s *Service) Close() error { return s.cfg.Storage.Close() }

// Get returns a file that the actor of ctx may know of, or CodeNotFound: of an episode that lives, everybody; else its owner
// and admins.
func (s *Service) Get(ctx context.Context, id string) (File, error) {
	f, err := s.find(ctx, id)
	if err != nil {
		return File{}, err
	}
	files := []File{f}
	err = loadVariants(ctx, s.db, files)
	return files[0], err
}

// find is Get without the variants.
func (s *Service) find(ctx context.Context, id string) (File, error) {
	f, err := selectFile(ctx, s.db, id, "")
	if err != nil {
		return File{}, err
	}
	if !f.readableBy(callboard.ActorFrom(ctx)) {
		return File{}, callboard.NotFound("file")
	}
	if !f.Private() {
		err = s.cfg.Episodes.MustExist(ctx, *f.EpisodeID)
		if callboard.CodeOf(err) == callboard.CodeNotFound {
			err = callboard.NotFound("file")
		}
	}
	return f, err
}

// OfEpisode returns the files of an episode, newest first. An episode that does not live is CodeNotFound.
func (s *Service) OfEpisode(ctx context.Context, episodeID string, page callboard.Page) (callboard.List[File], error) {
	if err := s.cfg.Episodes.MustExist(ctx, episodeID); err != nil {
		return callboard.List[File]{}, err
	}
	var w sqltext.Where
	w.And("episode_id = ?", episodeID)
	return s.list(ctx, w, page)
}

// Own returns the files that belong to no episode, newest first: the actor's own, and to an admin those of all.
func (s *Service) Own(ctx context.Context, page callboard.Page) (callboard.List[File], error) {
	var w sqltext.Where
	w.And("episode_id IS NULL")
	if actor := callboard.ActorFrom(ctx); actor.Role != callboard.RoleAdmin {
		w.And("created_by = ?", actor.ID)
		for _, role := range callboard.Roles() {
			if !actor.Role.Includes(role) {
				w.And("min_role <> ?", role)
			}
		}
	}
	return s.list(ctx, w, page)
}

// cursor is the sort key of a list: an ID begins with the time of creation.
type cursor struct {
	ID string `json:"i"`
}

func (s *Service) list(ctx context.Context, w sqltext.Where, page callboard.Page) (callboard.List[File], error) {
	if page.Cursor != "" {
		var before cursor
		if err := callboard.DecodeCursor(page.Cursor, &before); err != nil {
			return callboard.List[File]{}, err
		}
		w.And("id < ?", before.ID)
	}
	w.And("variant_of IS NULL")
	files, err := selectFiles(ctx, s.db, w.SQL()+` ORDER BY id DESC LIMIT `+w.Arg(page.Size()+1), w.Args()...)
	if err != nil {
		return callboard.List[File]{}, err
	}
	if err := loadVariants(ctx, s.db, files); err != nil {
		return callboard.List[File]{}, err
	}
	return callboard.NewList(files, page.Size(), func(f File) any { return cursor{f.ID} }), nil
}

// Rename gives a file another name and emits FileUpdated. When nothing differs, nothing is written. A name that CleanName
// would change is CodeInvalid.
func (s *Service) Rename(ctx context.Context, id, name string) (File, error) {
	var v callboard.Validator
	v.Check(name != "" && CleanName(name, "") == name, "name", "must be a plain name on every system, of 1 to %d characters (each beyond plain English letters counts as 2 to 4): "+
		"no folders or control characters, no dots or spaces around it", maxName)
	if err := v.Err(); err != nil {
		return File{}, err
	}
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (File, error) {
		f, err := s.lock(ctx, tx, id, false)
		if err != nil {
			return File{}, err
		}
		files := []File{f}
		if err := loadVariants(ctx, tx, files); err != nil {
			return File{}, err
		}
		old, f := f.Name, files[0]
		if name == old {
			return f, nil
		}
		f.Name = name
		if _, err := tx.ExecContext(ctx, `UPDATE callboard_files SET name = $2 WHERE id = $1`, id, name); err != nil {
			return File{}, fmt.Errorf("rename file: %w", err)
		}
		changes := callboard.Changes{}
		changes.Compare("name", old, name)
		return f, s.cfg.Log.Append(ctx, tx, eventOf(ctx, callboard.FileUpdated, f, changes))
	})
}

// Delete removes a file and its variants, and emits FileDeleted. When the thumbnail of its episode is one of them, that is
// cleared, as an update of the episode. Their contents follow soon after.
func (s *Service) Delete(ctx context.Context, id string) error {
	return s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		f, err := s.lock(ctx, tx, id, true)
		if err != nil {
			return err
		}
		return s.remove(ctx, tx, []File{f})
	})
}

// DeleteOfJobsTx removes the files that the jobs made, if any are left, and emits FileDeleted for each.
func (s *Service) DeleteOfJobsTx(ctx context.Context, tx *sqldb.Tx, jobIDs ...string) error {
	for _, id := range jobIDs {
		files, err := selectFiles(ctx, tx, ` WHERE job_id = $1`+sqldb.ForUpdate(tx), id)
		if err != nil {
			return err
		}
		if err := s.remove(ctx, tx, files); err != nil {
			return err
		}
	}
	return nil
}

func invalid(field, message string) error {
	var v callboard.Validator
	v.Add(field, "%s", message)
	return v.Err()
}

// lock returns a file that the actor may change and that is no variant, and keeps others from changing it until tx ends. Exclusive
// is for who may change its episode too.
func (s *Service) lock(ctx context.Context, tx *sqldb.Tx, id string, exclusive bool) (File, error) {
	f, err := selectFile(ctx, tx, id, sqldb.ForUpdate(tx))
	if err != nil {
		return File{}, err
	}
	if f.VariantOf != nil || !f.readableBy(callboard.ActorFrom(ctx)) {
		return File{}, callboard.NotFound("file")
	}
	if !f.Private() {
		err = s.cfg.Episodes.Lock(ctx, tx, *f.EpisodeID, exclusive)
		if callboard.CodeOf(err) == callboard.CodeNotFound {
			err = callboard.NotFound("file")
		}
	}
	return f, err
}

// remove deletes files and their variants, clears the thumbnails of their episodes that were among them, turns their contents
// into garbage, and emits FileDeleted. Nobody is notified of what goes by itself.
func (s *Service) remove(ctx context.Context, tx *sqldb.Tx, files []File) error {
	if len(files) == 0 {
		return nil
	}
	ids := make([]any, len(files))
	events := make([]callboard.Event, len(files))
	for i, f := range files {
		ids[i] = f.ID
		events[i] = eventOf(ctx, callboard.FileDeleted, f, nil)
		if callboard.ActorFrom(ctx).ID == callboard.SystemID {
			events[i].Audience = nil
		}
	}
	if err := loadVariants(ctx, tx, files); err != nil {
		return err
	}
	list := sqltext.Placeholders(1, len(ids))
	if err := deleteFiles(ctx, tx, `id IN (`+list+`) OR variant_of IN (`+list+`)`, ids, s.cfg.Now()); err != nil {
		return err
	}
	tx.Signal(topic)
	if err := s.cfg.Log.Append(ctx, tx, events...); err != nil {
		return err
	}
	return s.clearThumbnails(ctx, tx, files)
}

// clearThumbnails has the episodes of deleted files forget a thumbnail that was one of them, or of their variants. Other episodes
// may have been given its URL by hand, too; they are not looked for.
func (s *Service) clearThumbnails(ctx context.Context, tx *sqldb.Tx, files []File) error {
	var episodes []string
	gone := map[string]bool{}
	for _, f := range files {
		if f.Private() {
			continue
		}
		episodes, gone[f.ID] = append(episodes, *f.EpisodeID), true
		for _, variant := range f.Variants {
			gone[variant] = true
		}
	}
	slices.Sort(episodes) // all lock them in one order
	for _, id := range slices.Compact(episodes) {
		err := s.cfg.Episodes.ClearThumbnailTx(ctx, tx, id, func(url string) bool { return gone[fileAt(url)] })
		if err != nil {
			return err
		}
	}
	return nil
}

// Create stores what write writes as a file, and emits FileCreated. See Stage for the content and CommitTx for the rest; a
// content of no bytes is CodeInvalid.
func (s *Service) Create(ctx context.Context, in NewFile, write func(w io.Writer) error) (File, error) {
	staged, err := s.Stage(ctx, in, write)
	if err != nil {
		return File{}, err
	}
	if staged.Size() == 0 {
		staged.Discard(ctx)
		return File{}, invalid("body.file", "must not be empty")
	}
	f, err := sqldb.WriteValue(ctx, s.db, staged.CommitTx)
	if err != nil {
		staged.Discard(ctx)
	}
	return f, err
}

// Open returns a file that the actor of ctx may read, and its content, which has to be closed and is read before ctx ends. A
// content that storage cannot give is CodeUnavailable.
func (s *Service) Open(ctx context.Context, id string) (File, Content, error) {
	f, err := s.find(ctx, id)
	if err != nil {
		return File{}, nil, err
	}
	content, err := s.cfg.Storage.Open(ctx, f.key)
	if callboard.CodeOf(err) != callboard.CodeNotFound {
		return f, content, err
	}
	if _, err := selectFile(ctx, s.db, id, ""); err != nil {
		return File{}, nil, err // deleted a moment ago
	}
	s.log.ErrorContext(ctx, "the content of a file is missing in storage", "file", f.ID, "key", f.key)
	return File{}, nil, unavailable(err, "the content of the file cannot be found; try again later")
}
