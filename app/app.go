// Package app is Callboard as a whole: New builds all parts from a Config, whose zero value is a useful one.
//
// An application that has a server of its own mounts Handler, and calls Start and Stop. Run does all of that with a server of
// Callboard's. The parts are exported, for the application and the command line to call.
//
// It is the only package that knows all parts.
package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/account"
	"github.com/callboard/callboard/activity"
	"github.com/callboard/callboard/app/importer"
	"github.com/callboard/callboard/app/jobkinds"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/file"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/notification"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/presence"
	"github.com/callboard/callboard/realtime"
	"github.com/callboard/callboard/savedview"
	"github.com/callboard/callboard/show"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/web"
)

// App is all parts of one server. A part that is switched off is built all the same, but neither handles events nor
// answers requests.
type App struct {
	cfg      Config
	log      *slog.Logger
	registry *prometheus.Registry
	api      *httpapi.API
	requests intake
	health   health
	life     life
	secrets  secrets
	url      atomic.Pointer[string] // where Run listens, as seen from this machine; nil without
	id       string                 // of the installation
	logKey   string                 // the public key of what signs the activity log, or ""
	unlock   func()                 // the database, for another server; nil for a command beside one
	signs    bool                   // with the secret of the servers: it was given, or is in DATA_DIR

	serverErrors slog.Handler // of net/http

	DB            *sqldb.DB
	Notices       *sqldb.Notices // to other nodes; nil on SQLite, and for a command
	Outbox        *outbox.Log
	Accounts      *account.Service
	Shows         *show.Service
	Episodes      *episode.Service
	SavedViews    *savedview.Service
	Files         *file.Service
	Imports       *importer.Service
	Jobs          *job.Service
	Activity      *activity.Service
	Notifications *notification.Service
	Presence      *presence.Service
	Realtime      *realtime.Service
}

// Migrations returns the tables of all parts, in the order in which they are made.
func Migrations() []sqldb.Migrations {
	return []sqldb.Migrations{
		job.QueueMigrations(), sqldb.EmbeddedMigrations("app", migrations),
		outbox.Migrations(), httpapi.Migrations(), account.Migrations(), show.Migrations(), episode.Migrations(),
		file.Migrations(), job.Migrations(), activity.Migrations(), notification.Migrations(),
		presence.Migrations(), importer.Migrations(), savedview.Migrations(),
	}
}

// New opens and migrates the database, which it creates when it is missing, and builds all parts of a server. On SQLite it is
// CodeConflict while another server has the database. Stop, or Run, ends what it opened.
func New(ctx context.Context, cfg Config) (*App, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	db, err := CreateDB(ctx, cfg)
	if err != nil {
		return nil, err
	}
	unlock, err := lockDatabase(ctx, db)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := Migrate(ctx, db); err != nil {
		unlock()
		_ = db.Close() // the first error says what is wrong
		return nil, err
	}
	return assemble(ctx, &App{cfg: cfg, DB: db, unlock: unlock})
}

// Open builds the parts for a command beside a server: on a database that is there and up to date, of which it changes nothing
// by itself. Close ends what it opened.
func Open(ctx context.Context, cfg Config) (*App, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	db, err := OpenDB(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if err := checkSchema(ctx, db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return assemble(ctx, &App{cfg: cfg, DB: db})
}

// assemble builds the parts on a database that is open, and gives everything up when it cannot.
func assemble(ctx context.Context, a *App) (_ *App, err error) {
	a.cfg.Version = cmp.Or(a.cfg.Version, Release)
	a.registry = prometheus.NewRegistry()
	if a.log, err = a.cfg.logger(); err == nil {
		a.cfg = a.cfg.guarded(a.log)
		err = a.build(ctx)
	}
	if err != nil {
		_ = a.closeDB() // the first error says what is wrong
		return nil, err
	}
	if err = a.checkPrefix(); err == nil && a.unlock != nil {
		err = a.checkUsers(ctx)
	}
	if err == nil {
		err = a.publishMetrics()
	}
	if err != nil {
		_ = a.Close()
		return nil, err
	}
	return a, nil
}

// logger returns the logger of cfg; by default it writes to standard error, which is no place for data.
func (c Config) logger() (*slog.Logger, error) {
	if c.Logger != nil {
		return c.Logger, nil
	}
	return c.NewLogger(os.Stderr)
}

// build makes the parts, each after those that it needs: first the log, to which all others append. Who may read what is asked
// of the last ones too, once they serve.
func (a *App) build(ctx context.Context) (err error) {
	if a.id, _, err = installation(ctx, a.DB); err != nil {
		return err
	}
	a.registerMetrics()
	access := &resources{app: a}
	if err := a.buildOutbox(access); err != nil {
		return err
	}
	if err := a.buildAccounts(); err != nil {
		return err
	}
	if err := a.buildServices(access); err != nil {
		return err
	}
	a.buildDomain()
	if err := a.buildFiles(); err != nil {
		return err
	}
	if err := a.buildJobs(ctx, access); err != nil {
		return err
	}
	a.addConsumers()
	if err := a.buildAPI(); err != nil {
		return err
	}
	a.health.start(a.freeDisk())
	return nil
}

// clustered reports whether there may be other servers on the database.
func (a *App) clustered() bool { return a.unlock != nil && a.DB.Dialect() == sqldb.Postgres }

// buildOutbox builds the log, with the events of the application beside Callboard's own.
func (a *App) buildOutbox(access *resources) error {
	events, err := a.cfg.events()
	if err != nil {
		return err
	}
	if a.clustered() {
		if a.Notices, err = a.DB.NewNotices(a.log); err != nil {
			return fmt.Errorf("set up notices: %w", err)
		}
		a.Notices.Receive(secretTopic, a.secrets.hear)
		a.registerNotices()
	}
	a.Outbox = outbox.New(outbox.Config{
		DB: a.DB, Events: events, Access: access, Logger: a.log, Metrics: a.registry, Retention: a.cfg.EventRetention, Notices: a.Notices, Tracer: a.cfg.tracer(),
	})
	return nil
}

func (a *App) buildAccounts() error {
	secret := []byte(a.cfg.JWTSecret)
	var err error
	switch {
	case len(secret) > 0 || a.cfg.DataDir == "":
	case a.unlock != nil:
		if secret, err = a.cfg.generatedSecret(); err != nil {
			return err
		}
	default: // a command signs nothing that outlives it, and generates none
		secret = a.cfg.foundSecret()
	}
	a.signs = len(secret) > 0
	a.Accounts, err = account.New(account.Config{
		DB: a.DB, Log: a.Outbox, Logger: a.log, JWTSecret: secret, TrustProxy: a.cfg.TrustProxy, PathPrefix: a.cfg.PathPrefix, Users: a.cfg.Users,
		OIDC: a.cfg.oidc(), DisablePasswords: a.cfg.DisablePasswords,
	})
	if err != nil {
		return fmt.Errorf("set up accounts: %w", err)
	}
	if _, lists := a.cfg.Users.(callboard.UserLister); a.cfg.Users != nil && !lists {
		a.log.Warn("Config.Users lists no users: the audiences all, role:… and group:… reach those of them who have been here, and accounts")
	}
	return nil
}

// buildServices builds what follows from events.
func (a *App) buildServices(access *resources) (err error) {
	signingKey, err := a.signingKey()
	if err != nil {
		return err
	}
	a.Activity = activity.New(activity.Config{
		DB: a.DB, Log: a.Outbox, Users: a.Accounts, Access: access, Logger: a.log, Retention: days(a.cfg.ActivityRetentionDays),
		SigningKey: signingKey, CheckpointFile: a.cfg.inDataDir(checkpointFile),
	})
	viewers := presence.Config{
		DB: a.DB, Access: access, EditAccess: access, Users: a.Accounts, Logger: a.log, Registerer: a.registry, TTL: a.cfg.PresenceTTL,
	}
	if a.clustered() {
		viewers.Peers = peers{a}
	}
	a.Presence, err = presence.New(viewers)
	if err != nil {
		return fmt.Errorf("set up presence: %w", err)
	}
	sockets := realtime.Config{
		Authenticator: a.Accounts, Users: a.Accounts, Access: access, Tokens: a.Accounts, DB: a.DB, Log: a.Outbox,
		Logger: a.log, Registerer: a.registry, AllowedOrigins: a.cfg.SocketCORSOrigin,
		MaxConnections: a.cfg.MaxSocketConnections, AliveEvery: a.cfg.PresenceTTL / 3,
		URL: a.cfg.SocketURL, Port: a.cfg.SocketPort, Name: a.cfg.nodeName(),
	}
	switch {
	case !a.clustered():
	case a.cfg.RedisURL != "":
		sockets.RedisURL, sockets.RedisPrefix = a.cfg.RedisURL, a.cfg.RedisPrefix
	default:
		sockets.Notices = a.Notices
	}
	if a.cfg.Authenticate != nil {
		sockets.Authenticate = a.caller
	}
	if !a.cfg.DisablePresence {
		sockets.Viewers = a.Presence
	}
	a.Realtime, err = realtime.New(sockets)
	if err != nil {
		return fmt.Errorf("set up sockets: %w", err)
	}
	if !a.cfg.DisablePresence {
		a.registry.MustRegister(newAccuracy(a.Presence, a.Realtime))
	}
	a.Notifications = notification.New(notification.Config{
		DB: a.DB, Log: a.Outbox, Users: a.Accounts, Access: access, Logger: a.log, Publisher: userChannels{a.Realtime},
		RateLimit: a.cfg.NotificationRateLimit, Retention: days(a.cfg.NotificationRetentionDays),
	})
	return nil
}

// buildDomain builds shows and episodes, which need each other: a show must not lose its episodes, and an episode must
// not lose its show.
func (a *App) buildDomain() {
	count := &episodeCounter{}
	shows := show.Config{DB: a.DB, Log: a.Outbox, Episodes: count, Names: a.Accounts, Logger: a.log}
	if !a.cfg.DisableNotifications {
		shows.Watches = a.Notifications
	}
	a.Shows = show.New(shows)
	episodes := episode.Config{DB: a.DB, Log: a.Outbox, Shows: a.Shows, Names: a.Accounts, Logger: a.log}
	if !a.cfg.DisablePresence {
		episodes.Viewers = episodeViewers{a.Presence}
	}
	if !a.cfg.DisableNotifications {
		episodes.Watches = a.Notifications
	}
	a.Episodes = episode.New(episodes)
	count.Service = a.Episodes
	a.SavedViews = savedview.New(savedview.Config{DB: a.DB, Log: a.Outbox})
}

func (a *App) buildFiles() error {
	storage, err := file.OpenStorage(file.StorageConfig{
		URL: a.cfg.StorageURL, Folder: a.cfg.filesFolder(),
		AccessKey: a.cfg.StorageAccessKey, SecretKey: a.cfg.StorageSecretKey,
	})
	if err != nil {
		return fmt.Errorf("set up files: %w", err)
	}
	a.Files = file.New(file.Config{
		DB: a.DB, Log: a.Outbox, Storage: storage, Episodes: a.Episodes, Names: a.Accounts, Logger: a.log, PathPrefix: a.cfg.PathPrefix,
		MaxUpload: int64(a.cfg.MaxUploadMB) << 20, DeletedEpisodeRetention: days(a.cfg.FileRetentionDays),
	})
	return nil
}

// buildJobs builds the jobs last, since they work with everything else.
func (a *App) buildJobs(ctx context.Context, access *resources) (err error) {
	a.Imports = importer.New(importer.Config{DB: a.DB, Shows: a.Shows, Episodes: a.Episodes, Files: a.Files})
	kinds := jobkinds.All(jobkinds.Parts{Shows: a.Shows, Episodes: a.Episodes, Activity: a.Activity, Files: a.Files, Imports: a.Imports})
	if a.cfg.Kinds != nil {
		kinds = append(kinds, a.cfg.Kinds(a)...)
	}
	a.Jobs, err = job.New(ctx, job.Config{
		DB: a.DB, Log: a.Outbox, Kinds: kinds, Access: access, Owners: a.Accounts, Live: a.Realtime, Files: a.Files, Logger: a.log, Metrics: a.registry,
		StopGrace: a.cfg.JobStopGrace, Retention: days(a.cfg.JobRetentionDays), PathPrefix: a.cfg.PathPrefix,
	})
	return err
}

func days(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }

const (
	// consumerLive is the consumer that brings events to the sockets.
	consumerLive = "live"
	// consumerRights ends what users have under way who lost the right to it.
	consumerRights = "rights"
)

// addConsumers names the consumers of the log. The sockets follow the log and the inboxes, so that who receives a change can
// read what follows from it.
//
// With Redis one node publishes for all. Without it each node follows the log for the sockets that it has; a command beside them knows of
// none how far it is, and does not take the place that is kept in the database for that. Rights are followed by each in either case: what
// must not fail does not depend on what nodes can tell each other.
func (a *App) addConsumers() {
	everyNode := a.DB.Dialect() == sqldb.Postgres && a.cfg.RedisURL == ""
	live := outbox.Consumer{Name: consumerLive, Send: a.sendLive, MaxWait: a.cfg.LiveMaxWait, EveryNode: everyNode}
	rights := outbox.Consumer{
		Name: consumerRights, Send: a.followRights, Wants: concernsRights, Follows: []string{consumerLive}, MaxWait: a.cfg.LiveMaxWait, EveryNode: true,
	}
	var consumers []outbox.Consumer
	if !a.cfg.DisableActivity {
		consumers = append(consumers, a.Activity.Consumer(), a.Activity.TreeConsumer())
		live.Follows = append(live.Follows, activity.ConsumerName)
	}
	if !a.cfg.DisableNotifications {
		for _, c := range a.Notifications.Consumers() {
			c.EveryNode = everyNode && c.Send != nil
			consumers = append(consumers, c)
		}
		live.Follows = append(live.Follows, notification.ConsumerInbox)
	}
	a.Outbox.Add(append(consumers, live, rights)...)
}

// sendLive brings events to the sockets. Episodes come first: who receives a change that a command made beside the server
// must not read what was cached before it. Events of a type that is not known here go nowhere: nobody can tell any more who may hear
// them.
func (a *App) sendLive(ctx context.Context, events []callboard.Event) error {
	a.Episodes.Forget(events)
	return a.Realtime.Publish(ctx, a.Outbox.Known(events))
}

// concernsRights reports whether an event may take rights from a user.
func concernsRights(e *callboard.Event) bool {
	return slices.Contains([]string{
		callboard.UserUpdated.Name, callboard.UserDisabled.Name, callboard.CredentialRevoked.Name, callboard.ConnectionsEnded.Name,
	}, e.Name)
}

// followRights ends what users have under way on this node. The sockets end first: they would bring a user back.
func (a *App) followRights(ctx context.Context, events []callboard.Event) error {
	a.Realtime.FollowRights(events)
	for _, e := range events {
		switch t, _ := a.Outbox.Registry().TypeOf(&e); t.Name {
		case callboard.UserDisabled.Name:
			if err := a.Presence.RemoveUser(ctx, e.Resource.ID); err != nil {
				return err
			}
		case callboard.UserUpdated.Name:
		default:
			continue
		}
		if err := a.Jobs.FollowRights(ctx, e.Resource.ID); err != nil {
			return err
		}
	}
	return nil
}

func (a *App) buildAPI() error {
	rates, err := a.cfg.rates()
	if err != nil {
		return err
	}
	a.serverErrors = httpapi.ServerErrors(a.log, a.registry)
	board := web.Options{PathPrefix: a.cfg.PathPrefix, SocketURL: a.cfg.SocketURL, SocketPort: a.cfg.SocketPort}
	a.api = httpapi.New(httpapi.Config{
		Version: a.cfg.Version, DB: a.DB, Authenticate: a.authenticate, Logger: a.log,
		TrustedOrigins: a.cfg.SocketCORSOrigin, TrustProxy: a.cfg.TrustProxy, Registerer: a.registry, PathPrefix: a.cfg.PathPrefix,
		NoPage: web.NoPage(board), Rates: rates, Tracer: a.cfg.tracer(),
	})
	for _, page := range web.Pages(board) {
		httpapi.Raw(a.api, httpapi.Route{
			ID: "board " + page.Path, Method: http.MethodGet, Path: page.Path, Access: httpapi.Public, Hidden: true,
		}, page)
	}
	a.systemRoutes(a.api)
	a.profileRoutes(a.api)
	a.Accounts.Routes(a.api)
	a.Shows.Routes(a.api)
	a.Episodes.Routes(a.api)
	a.SavedViews.Routes(a.api)
	a.Files.Routes(a.api)
	a.Jobs.Routes(a.api)
	a.Imports.Routes(a.api, a.Jobs)
	a.Jobs.AdminRoutes(a.api)
	a.Activity.Routes(a.switched(!a.cfg.DisableActivity, "the activity log is switched off"))
	a.Notifications.Routes(a.switched(!a.cfg.DisableNotifications, "notifications are switched off"))
	a.Presence.Routes(a.switched(!a.cfg.DisablePresence, "presence is switched off"))
	a.Realtime.Routes(a.api)
	a.Outbox.Routes(a.api)
	a.eventRoutes(a.api)
	a.socketRoutes(a.api)
	var v callboard.Validator
	for operation := range rates {
		known := slices.ContainsFunc(a.api.Routes(), func(r httpapi.Route) bool { return r.ID == operation })
		v.Check(known || operation == httpapi.AllOthers, "RATE_LIMITS", "names %s, which is no operation of the OpenAPI document", operation)
	}
	return v.Err()
}

// switched returns the API for a service: the routes of one that is off answer 503.
func (a *App) switched(on bool, message string) *httpapi.API {
	if on {
		return a.api
	}
	return httpapi.Off(a.api, message)
}
