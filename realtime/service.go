// Package realtime carries events to the clients that are connected now: to everybody, to one user, to a room, to those
// who follow a resource. Clients speak Centrifuge's protocol over WebSocket, HTTP streaming or SSE, so that its official
// client libraries work as they are.
//
// The guarantees:
//
//   - Nobody subscribes without having signed in, on any transport, and every credential is verified again while the
//     connection lasts.
//   - Events arrive on each channel in the order of their positions. Delivery is at least once: clients drop an ID that
//     they have seen.
//   - Channels keep a short history. A client that reconnects gets what it missed, in order, or is told that the history
//     no longer reaches back; then it catches up with GET /events by its last position. Both end: what is sent at once fits
//     into the queue, and whoever was cut off as slow is told of a gap the next time.
//   - A client that reads too slowly is cut off alone. It holds up nobody else.
//
// The library beneath is hidden: no exported name mentions it.
package realtime

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/centrifugal/centrifuge"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// Defaults of a Config.
const (
	DefaultBroadcastHistory = 1000
	DefaultHistoryTTL       = 10 * time.Minute
)

// historyShare is what part of a queue the history of a channel may take: on connecting there are two of them, and others soon.
const historyShare = 4

// Authenticator says who a credential belongs to.
type Authenticator interface {
	// Verify returns whose the credential is (an API token, a JWT, or what RequestCredential found) and until when it
	// holds; a zero time means until revoked. A credential that does not hold is an error with CodeUnauthenticated or
	// CodeForbidden; any other error means that it could not be checked now.
	Verify(ctx context.Context, credential string) (callboard.Actor, time.Time, error)
	// RequestCredential returns the credential that the request itself carries, in a cookie or the Authorization header,
	// or "".
	RequestCredential(r *http.Request) string
}

// TokenIssuer makes short-lived tokens with which a page of another origin can connect.
type TokenIssuer interface {
	IssueSocketToken(ctx context.Context, actor callboard.Actor) (token string, expires time.Time, err error)
}

// Config configures a Service. Authenticator is required; everything else has a useful zero value.
type Config struct {
	Authenticator Authenticator
	// Authenticate, when set, is asked before it, with the request that opened the socket, for as long as that lasts. The zero Actor
	// is somebody it does not know. A token of the client's is in an Authorization header.
	Authenticate func(*http.Request) (callboard.Actor, error)
	Users        callboard.Users  // whom SendToUser knows; nil: anybody
	Access       callboard.Access // nil: channels of resources are refused
	Viewers      Viewers          // nil: presence is switched off, and with it the viewers: channels
	Tokens       TokenIssuer      // nil: GET socket/token answers 503
	DB           *sqldb.DB        // where durable socket calls are appended; nil: they answer 503
	Log          *outbox.Log      // of DB; nil: one that knows Callboard's own events alone
	Logger       *slog.Logger
	Registerer   prometheus.Registerer // may be nil
	Name         string                // of this node, for stats; default: the host's

	// RedisURL, when set, is where all nodes meet; see ValidRedisURL. RedisPrefix begins all names there; default: DefaultRedisPrefix.
	RedisURL, RedisPrefix string
	// Notices carry what nodes without Redis say to each other; nil: there is one node. Each of them then publishes the events itself.
	Notices Notices

	// Where clients are told to connect: at URL, such as wss://sockets.example; else at Port of the host that they call; else, where
	// both are empty, there where the API is.
	URL  string
	Port int

	// AllowedOrigins lists the origins of pages, beside the server's own, that may connect: "https://board.example".
	AllowedOrigins []string

	MaxConnections int // open sockets of this node; more are refused with 503; default: 20,000
	MaxPerUser     int // open sockets of one user on this node; more are refused with 3504; default: 50
	MaxChannels    int // channels of one socket; default: 128
	MaxMessage     int // bytes of one message from a client; default: 64 KB
	MaxQueue       int // bytes that wait for a slow client before it is cut off; default: 1 MB
	MaxUnsigned    int // sockets of this node on which nobody has signed in yet; beyond it the oldest is closed; default: 1,000

	BroadcastHistory int           // messages kept of the broadcast channel, within a quarter of MaxQueue
	ChannelHistory   int           // messages kept of every other channel, within the same; default: 100
	HistoryTTL       time.Duration // how long they are kept

	SignInTime  time.Duration // how long a socket may take to sign in; default: 3 s
	VerifyEvery time.Duration // the longest that a connection lives on without a new verification; default: 60 s
	AliveEvery  time.Duration // how often presence is refreshed for a connection; well within its TTL; default: 20 s
	PingEvery   time.Duration // how often a silent connection is probed; it has 2/5 of that to answer; default: 25 s
}

// Service is the socket server of one node. Its methods may be called from any number of goroutines.
type Service struct {
	cfg           Config
	log           *slog.Logger
	node          *centrifuge.Node
	origins       *httpapi.Origins
	events        *callboard.Registry
	open          atomic.Int64 // sockets, signed in or not
	signedIn      atomic.Int64 // those that were let in, until all that follows from their end is done
	leaving       atomic.Bool  // it takes no more of them
	subscriptions *subscriptions
	histories     *histories
	slow          slowUsers
	entrance      entrance
	nodes         nodes
	metrics       *metrics
	library       *prometheus.Registry // the figures of the socket library
}

// New returns a Service that is ready to publish and to serve Handlers. Shutdown ends it.
func New(cfg Config) (*Service, error) {
	if cfg.Authenticator == nil {
		return nil, errors.New("realtime: an Authenticator is required")
	}
	cfg = cfg.withDefaults()
	allowed, err := httpapi.NewOrigins(cfg.AllowedOrigins)
	if err != nil {
		return nil, err
	}
	events, err := cfg.registry()
	if err != nil {
		return nil, err
	}
	library, malformed := prometheus.NewRegistry(), newMalformed()
	node, err := centrifuge.New(cfg.node(library, malformed))
	if err != nil {
		return nil, fmt.Errorf("set up sockets: %w", err)
	}
	s := &Service{cfg: cfg, log: cfg.Logger, node: node, origins: allowed, events: events, library: library,
		subscriptions: newSubscriptions(node, cfg.HistoryTTL), histories: newHistories(cfg.MaxQueue/historyShare, cfg.HistoryTTL),
		slow: slowUsers{until: map[string]time.Time{}}, entrance: entrance{limit: cfg.MaxUnsigned, patience: cfg.SignInTime}}
	if s.metrics, err = newMetrics(cfg.Registerer, s, malformed); err != nil {
		return nil, err
	}
	node.OnConnecting(s.connecting)
	node.OnConnect(s.connected)
	node.OnSurvey(s.answerNode)
	return s, s.run()
}

// run has the node take part in those that there are.
func (s *Service) run() error {
	if s.cfg.RedisURL != "" {
		return s.useRedis()
	}
	if s.cfg.Notices != nil {
		s.useNotices()
	}
	if err := s.node.Run(); err != nil {
		return fmt.Errorf("start sockets: %w", err)
	}
	return nil
}

func (cfg Config) withDefaults() Config {
	if cfg.Log == nil && cfg.DB != nil {
		cfg.Log = outbox.New(outbox.Config{DB: cfg.DB})
	}
	cfg.Logger = cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler))
	cfg.MaxConnections = cmp.Or(cfg.MaxConnections, 20_000)
	cfg.MaxPerUser = cmp.Or(cfg.MaxPerUser, 50)
	cfg.MaxChannels = cmp.Or(cfg.MaxChannels, 128)
	cfg.MaxMessage = cmp.Or(cfg.MaxMessage, 64<<10)
	cfg.MaxQueue = cmp.Or(cfg.MaxQueue, 1<<20)
	cfg.MaxUnsigned = cmp.Or(cfg.MaxUnsigned, min(1000, cfg.MaxConnections))
	cfg.SignInTime = cmp.Or(cfg.SignInTime, 3*time.Second)
	cfg.RedisPrefix = cmp.Or(cfg.RedisPrefix, DefaultRedisPrefix)
	cfg.BroadcastHistory = cmp.Or(cfg.BroadcastHistory, DefaultBroadcastHistory)
	cfg.ChannelHistory = cmp.Or(cfg.ChannelHistory, 100)
	cfg.HistoryTTL = cmp.Or(cfg.HistoryTTL, DefaultHistoryTTL)
	cfg.VerifyEvery = cmp.Or(cfg.VerifyEvery, 60*time.Second)
	cfg.AliveEvery = cmp.Or(cfg.AliveEvery, 20*time.Second)
	cfg.PingEvery = cmp.Or(cfg.PingEvery, 25*time.Second)
	return cfg
}

// registry returns what is known of events.
func (cfg Config) registry() (*callboard.Registry, error) {
	if cfg.Log == nil {
		return callboard.NewRegistry()
	}
	return cfg.Log.Registry(), nil
}

// node translates the configuration. The registry is the node's own, so that two nodes in a process do not clash.
func (cfg Config) node(registry *prometheus.Registry, malformed prometheus.Counter) centrifuge.Config {
	return centrifuge.Config{
		Name:                         cfg.Name,
		LogLevel:                     logLevel(cfg.Logger),
		LogHandler:                   logTo(cfg.Logger, malformed),
		ClientPresenceUpdateInterval: cfg.AliveEvery,
		ClientExpiredCloseDelay:      renewTime,
		ClientQueueMaxSize:           cfg.MaxQueue,
		ClientChannelLimit:           cfg.MaxChannels,
		ChannelMaxLength:             maxChannelName,
		UserConnectionLimit:          cfg.MaxPerUser,
		HistoryMetaTTL:               broadcastMeta,
		Metrics:                      centrifuge.MetricsConfig{RegistererGatherer: registry},
	}
}

// Leave takes no more sockets, and closes those that there are with a code that has their clients reconnect, to another node or after the
// restart; where they are many, a few at a time for as long as ctx allows. The node still hears the others.
func (s *Service) Leave(ctx context.Context) {
	s.leaving.Store(true)
	s.reconnect(ctx, centrifuge.DisconnectShutdown)
}

// Shutdown leaves, and ends the node. Calling it again does nothing.
func (s *Service) Shutdown(ctx context.Context) error {
	s.Leave(ctx)
	err := s.node.Shutdown(ctx)
	s.awaitClosed(ctx)
	if s.nodes.redis != nil {
		s.nodes.redis.close()
	}
	return err
}

const (
	closeTime = time.Second          // for clients to answer that their sockets are being closed
	closePoll = 5 * time.Millisecond // how often awaitClosed looks
)

// awaitClosed waits for the ends of the sockets: the library closes them in the background, and a client that has not been told why before
// the process ends takes it for a broken line. One that does not answer is not waited for any longer than that.
func (s *Service) awaitClosed(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, closeTime)
	defer cancel()
	tick := time.NewTicker(closePoll)
	defer tick.Stop()
	for s.signedIn.Load() > 0 {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
