// Package app wires the parts of Callboard together, and is the only place that knows all of them. New builds them from a
// Config, Run serves them until its context ends.
//
// The parts are exported, so that an application that embeds Callboard, and the command line, call them directly.
package app

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"callboard/account"
	"callboard/activity"
	"callboard/episode"
	"callboard/internal/httpapi"
	"callboard/notification"
	"callboard/outbox"
	"callboard/presence"
	"callboard/realtime"
	"callboard/show"
	"callboard/sqldb"
)

// App is all parts of one server. A part that is switched off is built all the same, but neither handles events nor
// answers requests.
type App struct {
	cfg      Config
	log      *slog.Logger
	registry *prometheus.Registry
	api      *httpapi.API
	requests requestCounter

	DB            *sqldb.DB
	Relay         *outbox.Relay
	Accounts      *account.Service
	Shows         *show.Service
	Episodes      *episode.Service
	Activity      *activity.Service
	Notifications *notification.Service
	Presence      *presence.Service
	Realtime      *realtime.Service
}

// Migrations returns the tables of all parts, in the order in which they are made.
func Migrations() []sqldb.Migrations {
	return []sqldb.Migrations{
		outbox.Migrations(), httpapi.Migrations(), account.Migrations(), show.Migrations(), episode.Migrations(),
		activity.Migrations(), notification.Migrations(),
	}
}

// OpenDB opens the database of cfg as it is, without migrating it.
func OpenDB(ctx context.Context, cfg Config) (*sqldb.DB, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	logger, err := cfg.logger()
	if err != nil {
		return nil, err
	}
	return sqldb.Open(ctx, sqldb.Config{URL: cfg.databaseURL(), Logger: logger, MaxConns: cfg.DatabaseConns})
}

// New opens and migrates the database and builds all parts. Close, or Run, ends what it opened.
func New(ctx context.Context, cfg Config) (*App, error) {
	db, err := OpenDB(ctx, cfg)
	if err != nil {
		return nil, err
	}
	a := &App{cfg: cfg, DB: db, registry: prometheus.NewRegistry()}
	a.log, err = cfg.logger()
	if err == nil {
		err = sqldb.Migrate(ctx, db, Migrations()...)
	}
	if err == nil {
		err = a.build()
	}
	if err != nil {
		_ = db.Close() // the first error says what is wrong
		return nil, err
	}
	return a, nil
}

// Close ends what New opened, for those who do not Run.
func (a *App) Close() error {
	a.closeSockets()
	return a.DB.Close()
}

// closeSockets ends the sockets, with a code that has their clients connect again, to whoever serves next.
func (a *App) closeSockets() {
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	if err := a.Notifications.Close(ctx); err != nil {
		a.log.Warn("live messages did not leave in time", "error", err)
	}
	if err := a.Realtime.Shutdown(ctx); err != nil {
		a.log.Warn("sockets did not close in time", "error", err)
	}
}

// logger returns the logger of cfg; by default it writes to standard error, which is no place for data.
func (c Config) logger() (*slog.Logger, error) {
	if c.Logger != nil {
		return c.Logger, nil
	}
	return c.NewLogger(os.Stderr)
}

func (a *App) build() error {
	a.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if err := a.buildAccounts(); err != nil {
		return err
	}
	a.buildDomain()
	if err := a.buildServices(); err != nil {
		return err
	}
	a.buildRelay()
	a.buildAPI()
	return nil
}

func (a *App) buildAccounts() error {
	secret, err := a.cfg.jwtSecret()
	if err != nil {
		return err
	}
	a.Accounts, err = account.New(account.Config{
		DB: a.DB, Logger: a.log, JWTSecret: secret, TrustProxy: a.cfg.TrustProxy,
		OIDC: account.OIDCConfig{Issuer: a.cfg.OIDCIssuer, Audience: a.cfg.OIDCAudience},
	})
	if err != nil {
		return fmt.Errorf("set up accounts: %w", err)
	}
	return nil
}

// buildDomain builds shows and episodes, which need each other: a show must not lose its episodes, and an episode must
// not lose its show.
func (a *App) buildDomain() {
	count := &episodeCounter{}
	a.Shows = show.New(show.Config{DB: a.DB, Episodes: count, Logger: a.log})
	a.Episodes = episode.New(episode.Config{
		DB: a.DB, Shows: a.Shows, Viewers: a.viewers(), Watches: a.watches(), Logger: a.log,
	})
	count.episodes = a.Episodes
}

func (a *App) buildServices() (err error) {
	access := resources{shows: a.Shows, episodes: a.Episodes}
	a.Activity = activity.New(activity.Config{
		DB: a.DB, Users: a.Accounts, Logger: a.log, Retention: days(a.cfg.ActivityRetentionDays),
	})
	a.Presence, err = presence.New(presence.Config{
		Access: access, Names: a.Accounts, Logger: a.log, Registerer: a.registry, TTL: a.cfg.PresenceTTL,
	})
	if err != nil {
		return fmt.Errorf("set up presence: %w", err)
	}
	a.Realtime, err = realtime.New(realtime.Config{
		Authenticator: a.Accounts, Access: access, Viewers: a.socketViewers(), Tokens: a.Accounts, DB: a.DB,
		Logger: a.log, Registerer: a.registry, AllowedOrigins: a.cfg.SocketCORSOrigin,
		MaxConnections: a.cfg.MaxSocketConnections, AliveEvery: a.cfg.PresenceTTL / 3,
	})
	if err != nil {
		return fmt.Errorf("set up sockets: %w", err)
	}
	a.Notifications = notification.New(notification.Config{
		DB: a.DB, Users: a.Accounts, Logger: a.log, Metrics: a.registry, Publisher: userChannels{a.Realtime},
		RateLimit: a.cfg.NotificationRateLimit, Retention: days(a.cfg.NotificationRetentionDays),
	})
	return nil
}

func days(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }

// buildRelay names those who follow the events. The sockets come first among the publishers, so that a client hears of a
// change before it hears of the notification about it.
func (a *App) buildRelay() {
	var handlers []outbox.Handler
	if a.cfg.ActivityEnabled {
		handlers = append(handlers, a.Activity.Handler())
	}
	if a.cfg.NotificationEnabled {
		handlers = append(handlers, a.Notifications)
	}
	a.Relay = outbox.New(outbox.Config{
		DB: a.DB, Handlers: handlers, Publishers: []outbox.Publisher{a.Episodes, a.Realtime}, Logger: a.log,
		Metrics: a.registry, Retention: a.cfg.EventRetention,
	})
}

func (a *App) buildAPI() {
	a.api = httpapi.New(httpapi.Config{
		Version: a.cfg.Version, DB: a.DB, Authenticate: a.Accounts.Authenticate, Logger: a.log,
		TrustedOrigins: a.cfg.SocketCORSOrigin, TrustProxy: a.cfg.TrustProxy, Registerer: a.registry,
	})
	landingRoutes(a.api)
	a.systemRoutes(a.api)
	a.Accounts.Routes(a.api)
	a.Shows.Routes(a.api)
	a.Episodes.Routes(a.api)
	a.Activity.Routes(a.switched(a.cfg.ActivityEnabled, "the activity log is switched off"))
	a.Notifications.Routes(a.switched(a.cfg.NotificationEnabled, "notifications are switched off"))
	a.Presence.Routes(a.switched(a.cfg.PresenceEnabled, "presence is switched off"))
	a.Realtime.Routes(a.api)
	a.Relay.Routes(a.api)
}

// switched returns the API for a service: the routes of one that is off answer 503.
func (a *App) switched(on bool, message string) *httpapi.API {
	if on {
		return a.api
	}
	return a.api.Off(message)
}
