package app

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"slices"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/job"
)

// Config is every setting of a server. Each is an environment variable and a flag; the tags name them for the command
// line and hold the help. Zero values mean what the defaults say, except where noted.
type Config struct {
	DataDir       string `env:"DATA_DIR" default:"./data" help:"Folder of the SQLite database and of generated secrets."`
	DatabaseURL   string `env:"DATABASE_URL" help:"postgres://user@host:5432/name, or the path of a SQLite file. Default: callboard.db in DATA_DIR."`
	DatabaseConns int    `name:"database-max-conns" env:"DATABASE_MAX_CONNS" default:"0" help:"Connections to the database at most; 0 means 40 on PostgreSQL, and 8 that read on SQLite."`
	LogLevel      string `env:"LOG_LEVEL" default:"info" enum:"debug,info,warn,error" help:"What is logged: debug, info, warn or error."`
	LogFormat     string `env:"LOG_FORMAT" default:"text" enum:"text,json" help:"How it is logged: text or json."`

	HTTPAddr                 string `env:"HTTP_ADDR" default:"127.0.0.1:8080" help:"Address to listen on."`
	TrustProxy               bool   `env:"TRUST_PROXY" help:"Believe X-Forwarded-For and X-Forwarded-Proto. Only behind a proxy that sets them."`
	MaxConnectionsPerAddress int    `name:"max-connections-per-address" env:"MAX_CONNECTIONS_PER_ADDRESS" default:"1000" help:"Open connections of one client address, sockets included; more are closed. 0 is no limit. Loopback is exempt, and so are all with TRUST_PROXY."`
	RedisURL                 string `env:"REDIS_URL" help:"Must be empty in this version, which runs as one node for sockets and presence."`

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

	ActivityEnabled     bool `name:"activity-db-enabled" env:"ACTIVITY_DB_ENABLED" default:"true" negatable:"" help:"Keep the activity log."`
	NotificationEnabled bool `env:"NOTIFICATION_ENABLED" default:"true" negatable:"" help:"Keep inboxes and notify."`
	PresenceEnabled     bool `name:"presence-tracking-enabled" env:"PRESENCE_TRACKING_ENABLED" default:"true" negatable:"" help:"Track who looks at what."`

	EventsFile                string        `env:"EVENTS_FILE" help:"A YAML file with event types of your own, beside Callboard's; see docs/events.md."`
	EventRetention            time.Duration `env:"EVENT_RETENTION" default:"7d" help:"How long events are kept for catching up."`
	ActivityRetentionDays     int           `env:"ACTIVITY_RETENTION_DAYS" default:"0" type:"days" help:"Days that activity entries are kept; 0 keeps them for ever."`
	NotificationRetentionDays int           `env:"NOTIFICATION_RETENTION_DAYS" default:"90" type:"days" help:"Days that read notifications are kept."`
	NotificationRateLimit     int           `env:"NOTIFICATION_RATE_LIMIT" default:"200" help:"New inbox entries per user and hour; the rest is collapsed into one, never lost. A negative number is no limit."`
	LiveMaxWait               time.Duration `env:"LIVE_MAX_WAIT" default:"1s" help:"How long live events wait at most for the activity log and the inboxes, so that who hears can read."`
	PresenceTTL               time.Duration `env:"PRESENCE_TTL" default:"60s" help:"How long a viewer stays without a sign of life."`

	JWTSecret    string `env:"JWT_SECRET" help:"Secret of at least 32 bytes that signs JWTs (HS256). Default: generated into DATA_DIR."`
	OIDCIssuer   string `name:"oidc-issuer" env:"OIDC_ISSUER" help:"Issuer of OpenID Connect tokens that are accepted too."`
	OIDCAudience string `name:"oidc-audience" env:"OIDC_AUDIENCE" help:"Audience that those tokens must have."`

	// Kinds, when set, returns kinds of jobs of one's own, beside those of the product. It is called once all other parts are
	// built.
	Kinds func(*App) []job.Kind `kong:"-"`
	// Events are the event types of an application, beside Callboard's own.
	Events []callboard.EventType `kong:"-"`
	// Logger overrides LogLevel and LogFormat.
	Logger *slog.Logger `kong:"-"`
	// Version is shown to clients; empty means "dev".
	Version string `kong:"-"`
	// NewDatabase lets New make an empty database although DATA_DIR shows that there was one.
	NewDatabase bool `kong:"-"`
	// Ready, when set, is called with the address once requests are answered.
	Ready func(url string) `kong:"-"`
}

// maxUploadMB keeps a content within what a bucket takes in the parts that it is sent in.
const maxUploadMB = 100_000

// check refuses settings that cannot work, naming the variable.
func (c Config) check() error {
	var v callboard.Validator
	v.Check(c.DataDir != "", "DATA_DIR", "must name a folder")
	v.Check(c.JWTSecret == "" || len(c.JWTSecret) >= minSecret, "JWT_SECRET", "must be at least %d bytes long", minSecret)
	v.Check(c.RedisURL == "", "REDIS_URL", "must be empty: this version keeps sockets and presence in the memory of one node")
	socketURL, err := url.Parse(c.SocketURL)
	v.Check(c.SocketURL == "" || err == nil && socketURL.Host != "" && (socketURL.Scheme == "ws" || socketURL.Scheme == "wss"),
		"SOCKET_URL", "must be like wss://sockets.example.org")
	v.Check(c.SocketPort >= 0 && c.SocketPort <= 65535, "SOCKET_PORT", "must be 0 to 65535")
	v.Check(c.MaxSocketConnections >= 0, "MAX_SOCKET_CONNECTIONS", "must not be negative")
	v.Check(c.MaxConnectionsPerAddress >= 0, "MAX_CONNECTIONS_PER_ADDRESS", "must not be negative")
	v.Check(c.DatabaseConns >= 0, "DATABASE_MAX_CONNS", "must not be negative")
	v.Check(c.EventRetention >= time.Hour, "EVENT_RETENTION", "must be at least 1h")
	v.Check(c.ActivityRetentionDays >= 0, "ACTIVITY_RETENTION_DAYS", "must not be negative")
	v.Check(c.NotificationRetentionDays >= 1, "NOTIFICATION_RETENTION_DAYS", "must be at least 1")
	v.Check(c.MaxUploadMB >= 1 && c.MaxUploadMB <= maxUploadMB, "MAX_UPLOAD_MB", "must be 1 to %d", maxUploadMB)
	v.Check(c.FileRetentionDays >= 1, "FILE_RETENTION_DAYS", "must be at least 1")
	v.Check(c.JobStopGrace >= 0 && c.JobStopGrace <= time.Hour, "JOB_STOP_GRACE", "must be 0s to 1h")
	v.Check(c.JobRetentionDays >= 1, "JOB_RETENTION_DAYS", "must be at least 1")
	v.Check(c.LiveMaxWait > 0 && c.LiveMaxWait <= time.Minute, "LIVE_MAX_WAIT", "must be more than 0s and at most 1m")
	v.Check(c.PresenceTTL >= 10*time.Second, "PRESENCE_TTL", "must be at least 10s")
	v.Check((c.OIDCIssuer == "") == (c.OIDCAudience == ""), "OIDC_AUDIENCE", "goes together with OIDC_ISSUER")
	_, err = httpapi.NewOrigins(c.SocketCORSOrigin)
	v.Check(err == nil, "SOCKET_CORS_ORIGIN", "must be a list of origins such as https://board.example.org")
	return v.Err()
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

// filesFolder is where files are kept unless StorageURL says otherwise.
func (c Config) filesFolder() string { return filepath.Join(c.DataDir, "files") }

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
