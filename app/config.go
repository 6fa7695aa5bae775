package app

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/account"
	"github.com/callboard/callboard/activity"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/realtime"
)

// Release is the version of this code, where the build names no other one.
const Release = "0.2.0-dev"

// Config is every setting of a server. Each is an environment variable and a flag; the tags name them for the command
// line and hold the help. A zero value means the default in the tag: the zero Config is what serve has without settings.
//
// HTTPAddr, MaxConnectionsPerAddress, SocketPort, DrainDelay and Ready are for Run. An application that serves Handler by itself leaves them
// alone. Errors name a field by its variable: DATABASE_SHARED is DatabaseShared.
type Config struct {
	// DataDir is not needed with PostgreSQL: when it is empty there, nothing is kept in a folder. Files then need StorageURL, and
	// are switched off without; the JWT secret, unless it is given, holds until the process ends.
	DataDir        string `env:"DATA_DIR" default:"./data" help:"Folder of the SQLite database and of generated secrets."`
	DatabaseURL    string `env:"DATABASE_URL" help:"postgres://user@host:5432/name, or the path of a SQLite file. Default: callboard.db in DATA_DIR."`
	TablePrefix    string `env:"TABLE_PREFIX" help:"What the names of the tables begin with, such as acme_, or on PostgreSQL the name of a schema and a dot, such as acme. with the dot. Default: callboard_, on PostgreSQL the schema callboard."`
	DatabaseShared bool   `env:"DATABASE_SHARED" help:"Take a SQLite file that has tables of another program, and make those of Callboard beside them."`
	DatabaseConns  int    `name:"database-max-conns" env:"DATABASE_MAX_CONNS" default:"0" help:"Connections to the database at most; 0 means 40 on PostgreSQL, and 8 that read on SQLite."`
	LogLevel       string `env:"LOG_LEVEL" default:"info" enum:"debug,info,warn,error" help:"What is logged: debug, info, warn or error."`
	LogFormat      string `env:"LOG_FORMAT" default:"text" enum:"text,json" help:"How it is logged: text or json."`

	HTTPAddr                 string        `env:"HTTP_ADDR" default:"127.0.0.1:8080" help:"Address to listen on."`
	PathPrefix               string        `name:"path-prefix" env:"PATH_PREFIX" help:"What all paths begin with, such as /callboard, whether or not a proxy takes it off. Default: nothing."`
	TrustProxy               bool          `env:"TRUST_PROXY" help:"Believe X-Forwarded-For and X-Forwarded-Proto. Only behind a proxy that sets them."`
	MaxConnectionsPerAddress int           `name:"max-connections-per-address" env:"MAX_CONNECTIONS_PER_ADDRESS" default:"1000" help:"Open connections of one client address, sockets included; more are closed. A negative number is no limit. Loopback is exempt, and so are all with TRUST_PROXY."`
	RateLimits               []string      `env:"RATE_LIMITS" help:"How often one caller may call an operation within a minute: create-episode=600,*=6000. Operations are named as in the OpenAPI document, which has the defaults as x-callboard-rate; * stands for those without one; 0 is no limit. Each node counts by itself."`
	RedisURL                 string        `env:"REDIS_URL" help:"Where the nodes on one PostgreSQL meet: redis://user:password@host:6379/0, rediss:// with TLS, redis+sentinel://host:26379?sentinel_master_name=…, redis+cluster://host:6379; more servers as &addr=host:port. Default: they meet in PostgreSQL."`
	RedisPrefix              string        `env:"REDIS_PREFIX" default:"callboard" help:"What all names in Redis begin with: one for each installation that shares it."`
	DrainDelay               time.Duration `env:"DRAIN_DELAY" default:"0s" help:"How long a server that is told to stop goes on as before while /readyz answers 503, for the proxy to notice and send nobody any more: twice what lies between two of its checks."`
	NodeName                 string        `env:"NODE_NAME" help:"Name of this node among several. Default: that of the host, and the port of HTTP_ADDR."`

	SocketPort           int      `env:"SOCKET_PORT" help:"A port of their own for the sockets, on the host of HTTP_ADDR. Default: the same listener."`
	SocketURL            string   `name:"socket-url" env:"SOCKET_URL" help:"Where clients reach the sockets, such as wss://sockets.example.org, when a proxy has them elsewhere than the API. Default: the API's address, or SOCKET_PORT of its host."`
	SocketCORSOrigin     []string `env:"SOCKET_CORS_ORIGIN" help:"Origins of pages, beside the server's own, that may call the API and connect sockets: https://board.example.org,…"`
	MaxSocketConnections int      `env:"MAX_SOCKET_CONNECTIONS" default:"20000" help:"Open sockets; more are refused."`

	StorageURL        string `name:"storage-url" env:"STORAGE_URL" help:"Where files are kept: s3://bucket/prefix?endpoint=https://host:port&region=…, or file:///folder. Default: files in DATA_DIR."`
	StorageAccessKey  string `env:"AWS_ACCESS_KEY_ID" help:"Access key of the bucket."`
	StorageSecretKey  string `env:"AWS_SECRET_ACCESS_KEY" help:"Secret key of the bucket. Better set in the environment."`
	MaxUploadMB       int    `name:"max-upload-mb" env:"MAX_UPLOAD_MB" default:"4096" type:"megabytes" help:"The largest file that may be uploaded, in MB, or with a unit: 4GB."`
	FileRetentionDays int    `env:"FILE_RETENTION_DAYS" default:"30" type:"days" help:"Days that the files of a deleted episode are kept, so that it can be restored with them."`

	JobStopGrace     time.Duration `env:"JOB_STOP_GRACE" default:"10s" help:"How long running jobs may go on when the server stops. What has not ended by then goes on after the next start."`
	JobRetentionDays int           `env:"JOB_RETENTION_DAYS" default:"30" type:"days" help:"Days that jobs are kept after their end, with their log lines, reports and files."`

	// What is on by default is named for being off, so that the zero value is the default. The settings say when it is on.
	DisableActivity      bool `name:"activity-db-enabled" env:"ACTIVITY_DB_ENABLED" default:"true" negatable:"" type:"enabled" help:"Keep the activity log."`
	DisableNotifications bool `name:"notification-enabled" env:"NOTIFICATION_ENABLED" default:"true" negatable:"" type:"enabled" help:"Keep inboxes and notify."`
	DisablePresence      bool `name:"presence-tracking-enabled" env:"PRESENCE_TRACKING_ENABLED" default:"true" negatable:"" type:"enabled" help:"Track who looks at what."`

	EventsFile                string        `env:"EVENTS_FILE" help:"A YAML file with event types of your own, beside Callboard's; see docs/events.md."`
	EventRetention            time.Duration `env:"EVENT_RETENTION" default:"7d" help:"How long events are kept for catching up: 1h or more."`
	ActivityRetentionDays     int           `env:"ACTIVITY_RETENTION_DAYS" default:"0" type:"days" help:"Days that activity entries are kept; 0 keeps them for ever."`
	NotificationRetentionDays int           `env:"NOTIFICATION_RETENTION_DAYS" default:"90" type:"days" help:"Days that read notifications are kept."`
	NotificationRateLimit     int           `env:"NOTIFICATION_RATE_LIMIT" default:"200" help:"New inbox entries per user and hour; the rest is collapsed into one, never lost. A negative number is no limit."`
	LiveMaxWait               time.Duration `env:"LIVE_MAX_WAIT" default:"1s" help:"How long live events wait at most for the activity log and the inboxes, so that who hears can read."`
	PresenceTTL               time.Duration `env:"PRESENCE_TTL" default:"60s" help:"How long a viewer stays without a sign of life."`

	JWTSecret     string `env:"JWT_SECRET" help:"Secret of at least 32 bytes that signs JWTs (HS256). Default: generated into DATA_DIR."`
	LogSigningKey string `name:"log-signing-key" env:"LOG_SIGNING_KEY" help:"Private key that signs checkpoints of the activity log. Default: generated into DATA_DIR. Nodes that share a database share it."`
	OIDCIssuer    string `name:"oidc-issuer" env:"OIDC_ISSUER" help:"Issuer of OpenID Connect tokens that are accepted too."`
	OIDCAudience  string `name:"oidc-audience" env:"OIDC_AUDIENCE" help:"Audience that those tokens must have: the client ID."`
	OIDCUserClaim string `name:"oidc-user-claim" env:"OIDC_USER_CLAIM" help:"Claim of those tokens, such as sub, with the ID of users who have no account and are let in all the same. Default: nobody without an account is."`

	OIDCVerifiedClaim string   `name:"oidc-verified-claim" env:"OIDC_VERIFIED_CLAIM" default:"email_verified" help:"Claim by which the issuer says that it has verified the e-mail address; xms_edov of Entra ID."`
	OIDCSignIn        bool     `name:"oidc-sign-in" env:"OIDC_SIGN_IN" help:"Let people sign in at that issuer, from the sign-in page. Needs PUBLIC_URL; see docs/signin.md."`
	PublicURL         string   `name:"public-url" env:"PUBLIC_URL" help:"Where people reach the board, such as https://board.example.org, with PATH_PREFIX at its end."`
	OIDCProviderName  string   `name:"oidc-provider-name" env:"OIDC_PROVIDER_NAME" default:"single sign-on" help:"What the sign-in page calls the issuer, such as Keycloak."`
	OIDCClientSecret  string   `name:"oidc-client-secret" env:"OIDC_CLIENT_SECRET" help:"Secret of the client, where it has one. Better set in the environment."`
	OIDCScopes        []string `name:"oidc-scopes" env:"OIDC_SCOPES" default:"openid,email,profile" help:"Scopes that are asked for."`
	OIDCRoleClaim     string   `name:"oidc-role-claim" env:"OIDC_ROLE_CLAIM" help:"Claim by which people get their role at each sign-in, such as realm_access.roles. Default: roles are those of the accounts."`
	OIDCRoles         []string `name:"oidc-roles" env:"OIDC_ROLES" help:"Role that each value of that claim gives: board-admins=admin,crew=editor,*=viewer, where * is any other. Who gets none is refused."`
	OIDCCreateUsers   bool     `name:"oidc-create-users" env:"OIDC_CREATE_USERS" help:"Make an account at the first sign-in of who has none: a viewer, unless OIDC_ROLES say otherwise."`
	OIDCEmailDomains  []string `name:"oidc-email-domains" env:"OIDC_EMAIL_DOMAINS" help:"Domains of the addresses that accounts are made for: example.org,… Default: all."`
	DisablePasswords  bool     `name:"password-sign-in" env:"PASSWORD_SIGN_IN" default:"true" negatable:"" type:"enabled" help:"Let people sign in with a password, too. The first admin is made with one in any case."`

	// Authenticate, when set, says who sends a request, and who opened a socket: the application's own sessions count. The zero
	// Actor is somebody it does not know, who may still have a session, a token or a JWT of Callboard's. An Actor without a role
	// is a viewer. An error with CodeUnauthenticated or CodeForbidden refuses the request; any other one says that it cannot be
	// told now, and is a 503.
	//
	// It is asked for each request, again once a body has arrived, every few seconds while a download or an upload lasts, and every
	// minute for a socket, with the headers of its handshake: what a middleware has left in the context of the request does not
	// change any more. A token that a client sends over its socket is shown to it in an Authorization header.
	//
	// Pages of another origin cannot use the cookies that it accepts: what changes something must come from the same origin, or from
	// one of SocketCORSOrigin.
	Authenticate func(*http.Request) (callboard.Actor, error) `kong:"-"`
	// Access, when set, says who may read the resources of types that Callboard does not keep: their channels, who looks at them,
	// the events on their channels and what the activity log has of them; also who may write about them. Without it they are open
	// to all who are signed in. CodeForbidden and CodeNotFound refuse; any other error says that it cannot be told now. What goes to
	// broadcast or a room is for all, and so is its entry in the lists of the log. Of the log and the events, admins and applications
	// read and write everything.
	Access callboard.Access `kong:"-"`
	// Metrics, when set, gets the figures of Callboard, callboard_* and go_sql_*, until Stop. Two servers of one process need one
	// each, such as of prometheus.WrapRegistererWith. /metrics has them in either case, and those of the socket library.
	Metrics prometheus.Registerer `kong:"-"`
	// Traces, when set, takes the spans of requests and of what follows from their changes.
	Traces trace.TracerProvider `kong:"-"`
	// Users tells who the users of the application are that embeds Callboard, under IDs of its own. It is asked before the accounts.
	// Without it an ID that is no UUID belongs to whoever an application, or its tokens, say. Where it is also a
	// callboard.UserLister, all of its users can be notified at once, or by role or group.
	Users callboard.Users `kong:"-"`
	// Kinds, when set, returns kinds of jobs of one's own, beside those of the product. It is called once all other parts are
	// built.
	Kinds func(*App) []job.Kind `kong:"-"`
	// Events are the event types of an application, beside Callboard's own.
	Events []callboard.EventType `kong:"-"`
	// Logger overrides LogLevel and LogFormat.
	Logger *slog.Logger `kong:"-"`
	// Version is shown to clients; empty means Release.
	Version string `kong:"-"`
	// NewDatabase lets New make an empty database although DATA_DIR shows that there was one.
	NewDatabase bool `kong:"-"`
	// Ready, when set, is called with the address once requests are answered.
	Ready func(url string) `kong:"-"`
}

// maxRate is the highest limit of calls a minute.
const maxRate = 1_000_000

// maxUploadMB keeps a content within what a bucket takes in the parts that it is sent in.
const maxUploadMB = 100_000

// check refuses settings that cannot work, naming the variable.
func (c Config) check() error {
	var v callboard.Validator
	v.Check(c.DataDir != "" || c.onPostgres(), "DATA_DIR", "must name a folder")
	v.Check(httpapi.ValidPrefix(c.PathPrefix), "PATH_PREFIX", "must be a path such as /callboard, of letters, digits and -._~, without a / at its end")
	v.Check(c.JWTSecret == "" || len(c.JWTSecret) >= minSecret, "JWT_SECRET", "must be at least %d bytes long", minSecret)
	v.Check(c.RedisURL == "" || realtime.ValidRedisURL(c.RedisURL), "REDIS_URL", "must be like redis://host:6379/0")
	v.Check(c.RedisURL == "" || c.onPostgres(), "REDIS_URL", "goes together with DATABASE_URL: a SQLite file has one node, which needs no Redis")
	v.Check(callboard.ValidName(cmp.Or(c.RedisPrefix, realtime.DefaultRedisPrefix)), "REDIS_PREFIX", "must be letters, digits, _ - or .")
	_, err := activity.PublicKey(c.LogSigningKey)
	v.Check(c.LogSigningKey == "" || err == nil, "LOG_SIGNING_KEY", "must be a private key such as the one in log_signing_key of a DATA_DIR")
	socketURL, err := url.Parse(c.SocketURL)
	v.Check(c.SocketURL == "" || err == nil && socketURL.Host != "" && (socketURL.Scheme == "ws" || socketURL.Scheme == "wss"),
		"SOCKET_URL", "must be like wss://sockets.example.org")
	v.Check(c.SocketPort >= 0 && c.SocketPort <= 65535, "SOCKET_PORT", "must be 0 to 65535")
	v.Check(c.MaxSocketConnections >= 0, "MAX_SOCKET_CONNECTIONS", "must not be negative")
	v.Check(c.DatabaseConns >= 0, "DATABASE_MAX_CONNS", "must not be negative")
	v.Check(c.EventRetention >= time.Hour, "EVENT_RETENTION", "must be at least 1h")
	v.Check(c.ActivityRetentionDays >= 0, "ACTIVITY_RETENTION_DAYS", "must not be negative")
	v.Check(c.NotificationRetentionDays >= 1, "NOTIFICATION_RETENTION_DAYS", "must be at least 1")
	v.Check(c.MaxUploadMB >= 1 && c.MaxUploadMB <= maxUploadMB, "MAX_UPLOAD_MB", "must be 1 to %d", maxUploadMB)
	v.Check(c.FileRetentionDays >= 1, "FILE_RETENTION_DAYS", "must be at least 1")
	v.Check(c.DrainDelay >= 0 && c.DrainDelay <= time.Hour, "DRAIN_DELAY", "must be 0s to 1h")
	v.Check(c.JobStopGrace > 0 && c.JobStopGrace <= time.Hour, "JOB_STOP_GRACE", "must be more than 0s and at most 1h")
	v.Check(c.JobRetentionDays >= 1, "JOB_RETENTION_DAYS", "must be at least 1")
	v.Check(c.LiveMaxWait > 0 && c.LiveMaxWait <= time.Minute, "LIVE_MAX_WAIT", "must be more than 0s and at most 1m")
	v.Check(c.PresenceTTL >= 10*time.Second, "PRESENCE_TTL", "must be at least 10s")
	v.Check((c.OIDCIssuer == "") == (c.OIDCAudience == ""), "OIDC_AUDIENCE", "goes together with OIDC_ISSUER")
	issuer, err := url.Parse(c.OIDCIssuer)
	v.Check(err == nil && issuer.User == nil, "OIDC_ISSUER", "must be an address such as https://id.example.org/realms/studio, without a password")
	v.Check(c.OIDCUserClaim == "" || c.OIDCIssuer != "", "OIDC_USER_CLAIM", "goes together with OIDC_ISSUER")
	_, err = c.rates()
	v.Check(err == nil, "RATE_LIMITS", "must be like create-episode=600,*=6000, each with a whole number of calls a minute")
	c.checkSignIn(&v)
	c.checkNil(&v)
	_, err = httpapi.NewOrigins(c.SocketCORSOrigin)
	v.Check(err == nil, "SOCKET_CORS_ORIGIN", "must be a list of origins such as https://board.example.org")
	return v.Err()
}

// rates returns RateLimits by operation.
func (c Config) rates() (map[string]int, error) {
	rates := map[string]int{}
	for _, entry := range c.RateLimits {
		operation, number, _ := strings.Cut(entry, "=")
		limit, err := strconv.Atoi(strings.TrimSpace(number))
		operation = strings.TrimSpace(operation)
		if _, twice := rates[operation]; twice || err != nil || limit < 0 || limit > maxRate || operation == "" {
			return nil, errors.New("not a limit")
		}
		rates[operation] = limit
	}
	return rates, nil
}

// checkSignIn refuses ways to sign in that do not go together.
func (c Config) checkSignIn(v *callboard.Validator) {
	public, err := url.Parse(c.PublicURL)
	v.Check(c.PublicURL == "" || err == nil && (public.Scheme == "https" || public.Scheme == "http") && public.Host != "" &&
		public.Scheme+"://"+public.Host+public.Path == c.PublicURL, "PUBLIC_URL", "must be like https://board.example.org, without a / at its end")
	v.Check(c.PublicURL == "" || err != nil || public.Path == c.PathPrefix, "PUBLIC_URL", "must end in PATH_PREFIX, and have no other path")
	v.Check(!c.OIDCSignIn || c.OIDCIssuer != "" && c.PublicURL != "", "OIDC_SIGN_IN", "goes together with OIDC_ISSUER and PUBLIC_URL")
	v.Check(!c.OIDCSignIn || slices.Contains(c.OIDCScopes, "openid"), "OIDC_SCOPES", "must have openid")
	v.Check(account.ValidRoles(c.OIDCRoles), "OIDC_ROLES", "must be a list such as board-admins=admin,crew=editor")
	v.Check((c.OIDCRoleClaim == "") == (len(c.OIDCRoles) == 0), "OIDC_ROLES", "goes together with OIDC_ROLE_CLAIM")
	for _, set := range []struct {
		name string
		set  bool
	}{
		{"OIDC_CLIENT_SECRET", c.OIDCClientSecret != ""}, {"OIDC_ROLE_CLAIM", c.OIDCRoleClaim != ""}, {"OIDC_CREATE_USERS", c.OIDCCreateUsers},
	} {
		v.Check(!set.set || c.OIDCSignIn, set.name, "goes together with OIDC_SIGN_IN")
	}
	v.Check(len(c.OIDCEmailDomains) == 0 || c.OIDCCreateUsers, "OIDC_EMAIL_DOMAINS", "goes together with OIDC_CREATE_USERS")
	v.Check(!c.DisablePasswords || c.OIDCSignIn || c.Authenticate != nil, "PASSWORD_SIGN_IN", "may be off only with OIDC_SIGN_IN, or nobody could sign in")
}

// oidc returns what accounts have to know of the issuer.
func (c Config) oidc() account.OIDCConfig {
	o := account.OIDCConfig{Issuer: c.OIDCIssuer, Audience: c.OIDCAudience, UserClaim: c.OIDCUserClaim, VerifiedClaim: c.OIDCVerifiedClaim}
	if c.OIDCSignIn {
		o.SignIn = account.OIDCSignIn{
			PublicURL: c.PublicURL, ProviderName: c.OIDCProviderName, ClientSecret: c.OIDCClientSecret, Scopes: c.OIDCScopes,
			RoleClaim: c.OIDCRoleClaim, Roles: c.OIDCRoles, CreateUsers: c.OIDCCreateUsers, EmailDomains: c.OIDCEmailDomains,
		}
	}
	return o
}

// checkNil refuses a nil pointer or function in an interface, which there is not nil and would be called.
func (c Config) checkNil(v *callboard.Validator) {
	fields := reflect.ValueOf(c)
	for i := range fields.NumField() {
		field := fields.Field(i)
		if field.Kind() != reflect.Interface || field.IsNil() {
			continue
		}
		value := field.Elem()
		missing := (value.Kind() == reflect.Pointer || value.Kind() == reflect.Func) && value.IsNil()
		v.Check(!missing, fields.Type().Field(i).Name, "holds a nil %s; leave the field unset, or give it a value", value.Type())
	}
}

// tracer returns what makes spans, or nil.
func (c Config) tracer() trace.Tracer {
	if c.Traces == nil {
		return nil
	}
	return c.Traces.Tracer("github.com/callboard/callboard")
}

// nodeName returns the name of this node.
func (c Config) nodeName() string {
	if c.NodeName != "" {
		return c.NodeName
	}
	host, _ := os.Hostname() // "" will do: the port is there, too
	_, port, _ := net.SplitHostPort(c.HTTPAddr)
	return host + ":" + port
}

// databaseURL returns what sqldb.Open takes.
func (c Config) databaseURL() string {
	return cmp.Or(c.DatabaseURL, filepath.Join(c.DataDir, "callboard.db"))
}

// events returns the registry of all event types.
func (c Config) events() (*callboard.Registry, error) {
	own := c.Events
	if c.EventsFile != "" {
		fromFile, err := ReadEventFile(c.EventsFile)
		if err != nil {
			return nil, err
		}
		own = append(slices.Clip(own), fromFile...)
	}
	registry, err := callboard.NewRegistry(own...)
	if err != nil {
		return nil, fmt.Errorf("set up events: %w", err)
	}
	return registry, nil
}

// filesFolder is where files are kept unless StorageURL says otherwise, "" for nowhere.
func (c Config) filesFolder() string {
	if c.DataDir == "" {
		return ""
	}
	return filepath.Join(c.DataDir, "files")
}

// withDefaults returns c with the defaults of the tags in place of zero values. On PostgreSQL there need not be a DataDir.
func (c Config) withDefaults() (Config, error) {
	var usual Config
	parser, err := newParser(&usual, func(string) string { return "" })
	if err == nil {
		_, err = parser.Parse(nil)
	}
	if err != nil {
		return c, fmt.Errorf("read defaults: %w", err)
	}
	if c.onPostgres() {
		usual.DataDir = ""
	}
	given, defaults := reflect.ValueOf(&c).Elem(), reflect.ValueOf(usual)
	for i := range given.NumField() {
		if field := given.Field(i); field.IsZero() {
			field.Set(defaults.Field(i))
		}
	}
	return c, nil
}

// NewLogger returns the logger that the settings ask for, writing to out.
func (c Config) NewLogger(out interface{ Write([]byte) (int, error) }) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return nil, fmt.Errorf("LOG_LEVEL: %w", err)
	}
	options := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		options.ReplaceAttr = durationText
		return slog.New(slog.NewJSONHandler(out, options)), nil
	}
	return slog.New(slog.NewTextHandler(out, options)), nil
}

// durationText writes a duration with its unit, as the text format does: JSON would have a number of nanoseconds.
func durationText(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindDuration {
		a.Value = slog.StringValue(a.Value.Duration().String())
	}
	return a
}

// FromEnv returns the settings of the environment, with the defaults where it has none.
func FromEnv() (Config, error) {
	var cfg Config
	parser, err := NewParser(&cfg)
	if err == nil {
		_, err = parser.Parse(nil)
	}
	if err != nil {
		return cfg, fmt.Errorf("read settings: %w", err)
	}
	return cfg, nil
}
