// Package notification tells people what concerns them: an inbox per user, live messages to the user's sockets, and the
// watches that say whom a change of a resource concerns.
//
// Nothing here is called by the code that makes a change. One consumer of the log resolves the audiences of events to users
// and writes one entry per user. Repeats about the same resource join the entry that is still unread, and what goes beyond the
// rate limit joins a digest, so an inbox stays readable and yet counts every event. Another consumer follows it and pushes
// the entries to their users, as far as their preferences and quiet hours allow.
//
// An event with a large audience is delivered in chunks, a small transaction each, since on SQLite all other writes would
// wait for it. The notifications of later events come after it.
//
// The guarantees are those of the outbox: exactly once in the inbox, at least once on the sockets, in the order of events.
package notification

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// The defaults of Config.
const (
	DefaultRateLimit       = 200                  // entries per user and hour
	DefaultRetention       = 90 * 24 * time.Hour  // of entries that were read or archived
	DefaultUnreadRetention = 365 * 24 * time.Hour // of entries that never were
)

// Config is what a Service is made of. DB and Users are required.
type Config struct {
	DB  *sqldb.DB
	Log *outbox.Log // nil: one that knows Callboard's own events alone
	// Users tells who is notified. Where it is no callboard.UserLister, the audiences all, role:… and group:… notify nobody.
	Users  callboard.Users
	Access callboard.Access // who may watch what, over HTTP; nil: nobody
	Logger *slog.Logger     // nil discards

	// Publisher brings notifications to the sockets; nil publishes nothing.
	Publisher LivePublisher

	// RateLimit is how many entries a user gets per hour; what goes beyond joins a digest. Zero means DefaultRateLimit, a
	// negative number no limit. High and urgent notifications are not limited, and use nothing up.
	RateLimit int
	// Retention is how long entries are kept after they were read; UnreadRetention how long those are kept that never
	// were. Zero means the default.
	Retention       time.Duration
	UnreadRetention time.Duration

	Now func() time.Time // nil means callboard.Now
}

// Service is the notification service.
type Service struct {
	cfg    Config
	db     *sqldb.DB
	log    *slog.Logger
	now    func() time.Time
	unread *unreadPusher
	live   sync.Mutex // held from reading unread counts to publishing them, so that an older count never comes last
}

// New returns a service. Close ends what it runs in the background.
func New(cfg Config) *Service {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = callboard.Now
	}
	if cfg.Log == nil {
		cfg.Log = outbox.New(outbox.Config{DB: cfg.DB})
	}
	if cfg.RateLimit == 0 {
		cfg.RateLimit = DefaultRateLimit
	}
	if cfg.Retention <= 0 {
		cfg.Retention = DefaultRetention
	}
	if cfg.UnreadRetention <= 0 {
		cfg.UnreadRetention = DefaultUnreadRetention
	}
	s := &Service{cfg: cfg, db: cfg.DB, log: cfg.Logger, now: cfg.Now}
	s.unread = newUnreadPusher(s.sendUnread)
	return s
}

// await returns once the inboxes have all that was written before the call, or a second later in any case.
func (s *Service) await(ctx context.Context) error {
	if err := s.cfg.Log.Await(ctx, ConsumerInbox); !errors.Is(err, outbox.ErrNotTaken) {
		return err
	}
	return nil // who reads gets what is there
}

// Close waits for the live messages on their way, or until ctx ends. Changes after it are no longer told live.
func (s *Service) Close(ctx context.Context) error { return s.unread.close(ctx) }

// Notification is one entry of an inbox.
type Notification struct {
	ID           string          `json:"id" doc:"ID of the entry."`
	UserID       string          `json:"user_id" doc:"Whose inbox it is in."`
	Type         string          `json:"type" doc:"Name of the event, the sender's own type, or digest." example:"episode_published"`
	Message      string          `json:"message" doc:"The text for people."`
	Data         json.RawMessage `json:"data" doc:"A JSON object."`
	Priority     Priority        `json:"priority" enum:"low,normal,high,urgent" doc:"How much it matters."`
	ActorID      string          `json:"actor_id" doc:"Who did it: a user, an application (app-…) or system."`
	ActorName    string          `json:"actor_name" doc:"Name of who did it."`
	ResourceType string          `json:"resource_type" doc:"Type of the resource that it is about; empty when there is none."`
	ResourceID   string          `json:"resource_id" doc:"ID of that resource."`
	EventID      string          `json:"event_id" doc:"The newest event that the entry tells of."`
	Pos          int64           `json:"pos" doc:"Position of that event."`
	Count        int64           `json:"count" doc:"How many events the entry tells of."`
	ReadAt       *time.Time      `json:"read_at,omitempty" doc:"When it was read; absent until then."`
	ArchivedAt   *time.Time      `json:"archived_at,omitempty" doc:"When it was archived; absent while it is in the inbox."`
	ExpiresAt    *time.Time      `json:"expires_at,omitempty" doc:"When it disappears by itself."`
	CreatedAt    time.Time       `json:"created_at" doc:"When the newest event happened."`
}

// Create sends a notification: it appends a notification_created event, from which the entries follow. It returns the
// ID of the event as soon as that is durable. The sender of ctx must be allowed to address others; the caller checks.
// A ctx without an actor is CodeForbidden.
//
// The error is a *callboard.Error with CodeInvalid that names every field in error, also a recipient who is unknown.
func (s *Service) Create(ctx context.Context, in Input) (string, error) {
	if err := s.check(ctx, &in); err != nil {
		return "", err
	}
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (string, error) { return s.append(ctx, tx, &in) })
}

// CreateTx is Create as part of tx, which may be the application's own.
func (s *Service) CreateTx(ctx context.Context, tx outbox.Tx, in Input) (string, error) {
	if err := s.check(ctx, &in); err != nil {
		return "", err
	}
	return s.append(ctx, tx, &in)
}

func (s *Service) append(ctx context.Context, tx outbox.Tx, in *Input) (string, error) {
	e := in.event(ctx)
	return e.ID, s.cfg.Log.Append(ctx, tx, e)
}

func (s *Service) check(ctx context.Context, in *Input) error {
	if _, err := callboard.Acting(ctx); err != nil {
		return err
	}
	if err := in.validate(s.now()); err != nil {
		return err
	}
	ids := slices.DeleteFunc(slices.Clone(in.To), func(name string) bool { return !callboard.ValidUserID(name) })
	unknown, err := s.inactiveAmong(ctx, ids)
	if err != nil {
		return err
	}
	return unknownRecipients(in.To, unknown)
}

// MarkRead marks one of the user's notifications as read; it stays so when it was. It returns the entry.
func (s *Service) MarkRead(ctx context.Context, userID, id string) (Notification, error) {
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (Notification, error) {
		return s.MarkReadTx(ctx, tx, userID, id)
	})
}

// MarkReadTx is MarkRead as part of tx.
func (s *Service) MarkReadTx(ctx context.Context, tx *sqldb.Tx, userID, id string) (Notification, error) {
	s.pushUnreadAfter(tx, userID)
	return markRead(ctx, tx, userID, id, s.now())
}

// MarkUnread marks one of the user's notifications as not read. One that is archived comes back to the inbox, where it counts.
// It returns the entry.
func (s *Service) MarkUnread(ctx context.Context, userID, id string) (Notification, error) {
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (Notification, error) {
		return s.MarkUnreadTx(ctx, tx, userID, id)
	})
}

// MarkUnreadTx is MarkUnread as part of tx.
func (s *Service) MarkUnreadTx(ctx context.Context, tx *sqldb.Tx, userID, id string) (Notification, error) {
	s.pushUnreadAfter(tx, userID)
	return markUnread(ctx, tx, userID, id)
}

// MarkAllRead marks all of the user's notifications as read whose position is at most upTo, or simply all when upTo is
// 0. It returns how many there were.
func (s *Service) MarkAllRead(ctx context.Context, userID string, upTo int64) (int64, error) {
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (int64, error) {
		return s.MarkAllReadTx(ctx, tx, userID, upTo)
	})
}

// MarkAllReadTx is MarkAllRead as part of tx.
func (s *Service) MarkAllReadTx(ctx context.Context, tx *sqldb.Tx, userID string, upTo int64) (int64, error) {
	s.pushUnreadAfter(tx, userID)
	return markAllRead(ctx, tx, userID, upTo, s.now())
}

// Archive moves one of the user's notifications out of the inbox, and marks it as read. It returns the entry.
func (s *Service) Archive(ctx context.Context, userID, id string) (Notification, error) {
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (Notification, error) {
		return s.ArchiveTx(ctx, tx, userID, id)
	})
}

// ArchiveTx is Archive as part of tx.
func (s *Service) ArchiveTx(ctx context.Context, tx *sqldb.Tx, userID, id string) (Notification, error) {
	s.pushUnreadAfter(tx, userID)
	return archive(ctx, tx, userID, id, s.now())
}

// Unarchive moves one of the user's notifications back into the inbox; it stays read. It returns the entry.
func (s *Service) Unarchive(ctx context.Context, userID, id string) (Notification, error) {
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (Notification, error) {
		return s.UnarchiveTx(ctx, tx, userID, id)
	})
}

// UnarchiveTx is Unarchive as part of tx.
func (s *Service) UnarchiveTx(ctx context.Context, tx *sqldb.Tx, userID, id string) (Notification, error) {
	s.pushUnreadAfter(tx, userID)
	return unarchive(ctx, tx, userID, id)
}

// MaxChanged is how many entries one ChangeMany takes.
const MaxChanged = 200

// Change is what ChangeMany does with entries.
type Change string

// The changes, each like the method of that name for one entry.
const (
	ChangeRead      Change = "read"
	ChangeUnread    Change = "unread"
	ChangeArchive   Change = "archive"
	ChangeUnarchive Change = "unarchive"
	ChangeDelete    Change = "delete"
)

// ChangeMany changes those of the user's notifications that have the given IDs, at most MaxChanged, in one transaction, and returns how many
// there are. What is not there is passed over.
//
// The error is a *callboard.Error with CodeInvalid that names every field in error.
func (s *Service) ChangeMany(ctx context.Context, userID string, change Change, ids []string) (int64, error) {
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (int64, error) {
		return s.ChangeManyTx(ctx, tx, userID, change, ids)
	})
}

// ChangeManyTx is ChangeMany as part of tx.
func (s *Service) ChangeManyTx(ctx context.Context, tx *sqldb.Tx, userID string, change Change, ids []string) (int64, error) {
	var v callboard.Validator
	_, known := changeStatements()[change]
	v.Check(known, "change", "must be read, unread, archive, unarchive or delete")
	v.Check(len(ids) > 0 && len(ids) <= MaxChanged, "ids", "must be 1 to %d", MaxChanged)
	if err := v.Err(); err != nil {
		return 0, err
	}
	s.pushUnreadAfter(tx, userID)
	return changeMany(ctx, tx, userID, change, ids, s.now())
}

// Delete deletes one of the user's notifications.
func (s *Service) Delete(ctx context.Context, userID, id string) error {
	return s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error { return s.DeleteTx(ctx, tx, userID, id) })
}

// DeleteTx is Delete as part of tx.
func (s *Service) DeleteTx(ctx context.Context, tx *sqldb.Tx, userID, id string) error {
	s.pushUnreadAfter(tx, userID)
	return deleteOne(ctx, tx, userID, id)
}

// Filter chooses entries of an inbox. The zero Filter chooses all that are not archived.
type Filter struct {
	Unread   bool   // only those that were not read
	Type     string // only those of this type
	Archived bool   // those that are archived, instead of those that are not
}

// List returns the user's notifications, those with the newest events first. Those that have expired are left out.
func (s *Service) List(ctx context.Context, userID string, f Filter, page callboard.Page) (callboard.List[Notification], error) {
	return list(ctx, s.db, userID, f, page, s.now())
}

// UnreadCount returns how many of the user's notifications were not read, counted up to 1,000.
func (s *Service) UnreadCount(ctx context.Context, userID string) (int64, error) {
	counts, err := unreadCounts(ctx, s.db, []string{userID}, s.now())
	return counts[userID], err
}

// Preferences returns what the user has set, or the defaults.
func (s *Service) Preferences(ctx context.Context, userID string) (Preferences, error) {
	return preferencesOf(ctx, s.db, userID)
}

// SetPreferences replaces the user's preferences as a whole.
//
// The error is a *callboard.Error with CodeInvalid that names every field in error.
func (s *Service) SetPreferences(ctx context.Context, userID string, p Preferences) (Preferences, error) {
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (Preferences, error) {
		return s.SetPreferencesTx(ctx, tx, userID, p)
	})
}

// SetPreferencesTx is SetPreferences as part of tx.
func (s *Service) SetPreferencesTx(ctx context.Context, tx *sqldb.Tx, userID string, p Preferences) (Preferences, error) {
	if err := p.validate(); err != nil {
		return Preferences{}, err
	}
	p = p.normal()
	s.pushUnreadAfter(tx, userID)
	return p, savePreferences(ctx, tx, userID, p, s.now())
}
