// Package presence knows who looks at what right now, and who is online.
//
// A viewer is one user per resource, however many tabs, sockets and requests stand behind it: each of those is a
// session, the user joins with the first and leaves with the last. Sessions of sockets last as long as the socket and a
// short grace, so that a reload does not flicker; sessions of requests (a GET, trackViewer) last for the TTL. Nothing
// outlives the TTL unless it is refreshed, so a crash of a client or a node cleans up after itself.
//
// Presence is ephemeral by nature: it is kept in memory, leaves no entry in the activity log, and its live messages have
// no position. Who missed one reads the list again. Only who was announced as a viewer is remembered beyond a restart, so that
// each viewer_joined has its viewer_left, and what users chose to be.
package presence

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// Defaults of a Config.
const (
	DefaultTTL            = 60 * time.Second
	DefaultGrace          = 5 * time.Second
	DefaultStatusTTL      = 24 * time.Hour
	DefaultMaxViewers     = 200_000
	DefaultMaxPerResource = 10_000
	DefaultMaxPerUser     = 1_000
)

// Limits that are part of the interface.
const (
	MaxListed     = 200   // viewers in a live list; the total is beside them
	MaxAnswered   = 1_000 // the same of a REST answer
	MaxListedEach = 20    // the same for each of many resources
	MaxMany       = 100   // resources of one call
	MaxStatusText = 140   // characters of a status text
	MaxEditing    = 8     // fields that a user edits of one resource; of more, those that were typed in last
	// EditingTTL is how long a user edits a field without saying so again: clients do every few seconds while somebody types.
	EditingTTL = 6 * time.Second
)

// Viewer is a user who looks at a resource.
type Viewer = callboard.Viewer

// ViewerList is who looks at a resource, as clients see it: those who edit it and then those who have been there longest, at most
// MaxAnswered, or MaxListed in a live message, and how many there are in all.
type ViewerList struct {
	Viewers []Viewer `json:"viewers" doc:"Those who edit it first, then those who have been there longest."`
	Total   int      `json:"total" doc:"How many there are in all."`
}

// Broadcaster sends events straight to the sockets, without position and history. It is called from one goroutine.
type Broadcaster interface {
	Ephemeral(ctx context.Context, ev callboard.Event) error
}

// EditAccess answers whether an actor may edit a resource; nil means yes.
type EditAccess interface {
	CanEdit(ctx context.Context, actor callboard.Actor, res callboard.Resource) error
}

// Config configures a Service. The zero value works: in memory, with the defaults, and with nobody allowed to use the
// routes that name a resource, since there is no Access to ask.
type Config struct {
	Store Store // default: NewMemoryStore(Limits), linked with those of the Peers
	// Peers links this node with the others that serve the same database; nil: it is the only one. Each tells the others whom it has,
	// so that all answer from memory, and the same. It needs the default Store.
	Peers Peers
	// DB keeps who was announced as a viewer, and the chosen statuses, for the next start: see Restore. Without it a restart
	// forgets all.
	DB         *sqldb.DB
	Access     callboard.Access
	EditAccess EditAccess      // who may be said to edit, over HTTP; nil: nobody
	Users      callboard.Users // whom a caller may act for; nil: anybody, without a name
	Logger     *slog.Logger
	Registerer prometheus.Registerer // may be nil
	TTL        time.Duration         // how long a session lasts without being refreshed
	Grace      time.Duration         // how long a dropped socket still counts
	StatusTTL  time.Duration         // how long a chosen status is kept
	// Limits bounds the default store. Beyond it Track and Join answer CodeUnavailable, or CodeRateLimited where it is the user's
	// own; those who are already there are still refreshed.
	Limits Limits
}

// Service keeps viewers and online statuses. Its methods may be called from any number of goroutines.
type Service struct {
	cfg   Config
	store Store
	log   *slog.Logger
	emit  *emitter
	id    string // of this node in the record, where there are no Peers to say it
}

// New returns a Service. Nothing expires and nothing is sent until Run is called.
func New(cfg Config) (*Service, error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	cfg.TTL = cmp.Or(cfg.TTL, DefaultTTL)
	cfg.Grace = cmp.Or(cfg.Grace, DefaultGrace)
	cfg.StatusTTL = cmp.Or(cfg.StatusTTL, DefaultStatusTTL)
	s := &Service{cfg: cfg, store: cfg.Store, log: cfg.Logger, id: uuid.NewString()}
	var shared *sharedStore
	switch {
	case cfg.Store != nil && cfg.Peers != nil:
		return nil, callboard.Errorf(callboard.CodeInvalid, "a Store and Peers do not go together")
	case cfg.Peers != nil:
		shared = newSharedStore(cfg.Limits, sharedConfig{peers: cfg.Peers, ttl: cfg.TTL, grace: cfg.Grace, log: cfg.Logger})
		s.store = shared
	case cfg.Store == nil:
		s.store = NewMemoryStore(cfg.Limits)
	}
	s.emit = newEmitter(s)
	s.store.Watch(s.emit.changed)
	if cfg.Registerer == nil {
		return s, nil
	}
	if shared != nil {
		if err := shared.register(cfg.Registerer); err != nil {
			return nil, err
		}
	}
	return s, s.register(cfg.Registerer)
}

// nodeID returns the ID of this node in the record, which is new at each start.
func (s *Service) nodeID() string {
	if s.cfg.Peers != nil {
		return s.cfg.Peers.ID()
	}
	return s.id
}

// Degraded says what is not known now of other nodes, for people, and nothing when all is known.
func (s *Service) Degraded() string { return s.store.Degraded() }

// Run expires sessions and sends the live messages through to, until ctx is done. It owns all goroutines of the Service
// and returns when they have ended; a nil Broadcaster means that nothing is sent.
func (s *Service) Run(ctx context.Context, to Broadcaster) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var emitting sync.WaitGroup
	emitting.Go(func() { s.emit.run(ctx, to) })
	err := s.store.Run(ctx)
	cancel()
	emitting.Wait()
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// restSession is the session of all requests of a user for a resource, which follow each other and do not end.
const restSession = ""

// Track notes that user looks at res now. Repeats only refresh; without one, the user leaves after the TTL.
func (s *Service) Track(ctx context.Context, res callboard.Resource, user callboard.UserRef) error {
	return s.Join(ctx, res, user, restSession)
}

// Edit notes that user looks at res and edits a field of it now. Without a repeat that ends after EditingTTL; it ends with the viewer
// in any case. It is a hint for others, and keeps nobody from anything.
func (s *Service) Edit(ctx context.Context, res callboard.Resource, user callboard.UserRef, field string) error {
	if err := checkField(field); err != nil {
		return err
	}
	if err := s.Track(ctx, res, user); err != nil {
		return err
	}
	return s.store.Edit(ctx, res, user.ID, field, EditingTTL)
}

// EndEdit notes at once that the user no longer edits a field of res. The user stays a viewer.
func (s *Service) EndEdit(ctx context.Context, userID string, res callboard.Resource, field string) error {
	if err := errors.Join(checkViewer(res, callboard.UserRef{ID: userID}), checkField(field)); err != nil {
		return err
	}
	return s.store.Edit(ctx, res, userID, field, 0)
}

func checkField(field string) error {
	var v callboard.Validator
	v.Name("editing", field)
	return v.Err()
}

// Join notes that user looks at res through a socket. The session is the ID of the connection; Refresh must follow well
// within the TTL, and Leave when the socket is gone.
func (s *Service) Join(ctx context.Context, res callboard.Resource, user callboard.UserRef, session string) error {
	if err := checkViewer(res, user); err != nil {
		return err
	}
	return s.store.Touch(ctx, res, user, session, s.cfg.TTL, true)
}

// Refresh extends a session that Join began, and begins it again if it was lost. It does not revive one that has left.
func (s *Service) Refresh(ctx context.Context, res callboard.Resource, user callboard.UserRef, session string) error {
	return s.store.Touch(ctx, res, user, session, s.cfg.TTL, false)
}

// Leave ends a session after the grace. The user leaves unless another session is there by then.
func (s *Service) Leave(ctx context.Context, res callboard.Resource, user callboard.UserRef, session string) error {
	return s.store.Leave(ctx, res, user.ID, session, s.cfg.Grace)
}

// Remove ends at once what keeps the user on res beside live sockets: the session of its requests, sockets in their
// grace, and what the user edits. A user with a live socket there still looks at it, and stays. Removing somebody who is not there does nothing.
func (s *Service) Remove(ctx context.Context, userID string, res callboard.Resource) error {
	if err := checkViewer(res, callboard.UserRef{ID: userID}); err != nil {
		return err
	}
	return s.store.Remove(ctx, res, userID)
}

// RemoveUser ends all that is held of a user, at once: somebody who may no longer sign in.
func (s *Service) RemoveUser(ctx context.Context, userID string) error {
	return s.store.RemoveUser(ctx, userID)
}

// Viewers returns who looks at res, those who edit it first and then those who have been there longest, at most MaxAnswered, and how
// many there are in all. The list is shared: it must not be changed.
func (s *Service) Viewers(ctx context.Context, res callboard.Resource) (viewers []Viewer, total int, err error) {
	return s.store.Viewers(ctx, res, Viewer{}, MaxAnswered)
}

// List returns the viewers of res as live messages have them: Viewers, cut at MaxListed.
func (s *Service) List(ctx context.Context, res callboard.Resource) (ViewerList, error) {
	viewers, total, err := s.store.Viewers(ctx, res, Viewer{}, MaxListed)
	return ViewerList{Viewers: viewers, Total: total}, err
}

// ViewersJSON returns List encoded, as it is the data of the live message.
func (s *Service) ViewersJSON(ctx context.Context, res callboard.Resource) (json.RawMessage, error) {
	list, err := s.List(ctx, res)
	if err != nil {
		return nil, err
	}
	return json.Marshal(list)
}

// Announce has the list of res sent to its channel soon, for a client that has just subscribed and may have missed a
// change in between. Many announcements of a resource become one message.
func (s *Service) Announce(res callboard.Resource) { s.emit.listChanged(res) }

// Stats counts what is held now.
type Stats struct {
	Resources int   `json:"resources" doc:"Resources that somebody looks at."`
	Viewers   int   `json:"viewers" doc:"Users per resource, summed up."`
	Sessions  int   `json:"sessions" doc:"Looks of users from different sockets and requests; those of a user at a resource by another node count as one."`
	Online    int   `json:"online" doc:"Users who are online."`
	Refused   int64 `json:"refused" doc:"Viewers that were not tracked because a limit was reached, since the start."`
	Dropped   int64 `json:"dropped" doc:"Live joins, leaves and lists that were not sent because too many were waiting, since the start."`
}

// Stats returns the current counts.
func (s *Service) Stats(ctx context.Context) (Stats, error) {
	stats, err := s.store.Stats(ctx)
	stats.Dropped = s.emit.dropped.Load()
	return stats, err
}

func checkViewer(res callboard.Resource, user callboard.UserRef) error {
	var v callboard.Validator
	v.Resource("", res)
	v.UserID("user_id", user.ID)
	return v.Err()
}

// scrapeTimeout bounds how long a scrape of the metrics waits for the store.
const scrapeTimeout = time.Second

func (s *Service) register(to prometheus.Registerer) error {
	scrape := func(of func(Stats) int64) func() float64 {
		return func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
			defer cancel()
			stats, _ := s.Stats(ctx) // 0 when the store does not answer
			return float64(of(stats))
		}
	}
	gauge := func(name, help string, of func(Stats) int64) error {
		return to.Register(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "callboard_presence_" + name, Help: help}, scrape(of)))
	}
	counter := func(name, help string, of func(Stats) int64) error {
		return to.Register(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "callboard_presence_" + name, Help: help}, scrape(of)))
	}
	return errors.Join(
		gauge("viewers", "Users per resource, summed up.", func(st Stats) int64 { return int64(st.Viewers) }),
		gauge("online", "Users with an open socket.", func(st Stats) int64 { return int64(st.Online) }),
		counter("refused_total", "Viewers not tracked because a limit was reached.", func(st Stats) int64 { return st.Refused }),
		counter("dropped_total", "Live joins, leaves and lists not sent because too many were waiting.",
			func(st Stats) int64 { return st.Dropped }),
	)
}
