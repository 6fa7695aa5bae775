// Package account knows who may sign in and how: users with a role, a password and a second factor, browser sessions, API tokens of people
// and of applications, and JWTs, of our own or of an OpenID Connect issuer, at which people also sign in.
//
// One verifier serves REST and sockets. A user who is disabled, or a credential that is revoked, stops working with the
// next request, or within a second where another process did it.
package account

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/golang-jwt/jwt/v5"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/ttlcache"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// minSecret is the shortest JWT secret that is accepted, in bytes: the length of a SHA-256 hash, as RFC 7518 asks for.
const minSecret = 32

// Config is what a Service needs. DB is required.
type Config struct {
	DB     *sqldb.DB
	Log    *outbox.Log // nil: one that knows Callboard's own events alone
	Logger *slog.Logger
	// JWTSecret signs and verifies HS256 tokens; at least 32 bytes. Empty means one that lasts as long as the process,
	// so that socket tokens work on a single node.
	JWTSecret []byte
	// OIDC, when it has an issuer, also accepts the tokens of that issuer, and lets people sign in there.
	OIDC OIDCConfig
	// DisablePasswords refuses to sign anybody in with a password. The first admin is still made with one.
	DisablePasswords bool
	// PathPrefix, such as "/callboard", is what cookies are for; empty means the whole host.
	PathPrefix string
	// Users tells who the users of the application are that embeds Callboard; nil: whoever has an ID that is no UUID.
	Users callboard.Users
	// TrustProxy believes X-Forwarded-Proto when it decides whether a cookie is for https alone.
	TrustProxy bool
	// Hashing sets the cost of password hashes; nil means 46 MiB and one pass.
	Hashing *argon2id.Params
	// Now is the clock; nil means callboard.Now.
	Now func() time.Time
}

// Service manages users and their credentials. Its methods act for the actor of their context and check its rights.
type Service struct {
	db         *sqldb.DB
	log        *outbox.Log
	users      callboard.Users // of the application; may be nil
	logger     *slog.Logger
	now        func() time.Time
	passwords  *passwords
	jwt        *jwt.Parser
	jwtSecret  []byte
	sealer     sealer
	oidc       *oidcVerifier // nil without an issuer
	limit      *loginLimit
	recent     *ttlcache.Cache[credentialStatus]   // by the hash of the credential
	names      *ttlcache.Cache[string]             // by the IDs of users and applications
	remembered *ttlcache.Cache[callboard.UserInfo] // of users of applications, by their IDs
	trustProxy bool
	cookiePath string
	noPassword bool

	usedTokens, usedSessions usedIDs
}

// New returns a Service. A JWT secret that is too short, or an OIDC issuer without an audience, is an error.
func New(cfg Config) (*Service, error) {
	if len(cfg.JWTSecret) == 0 {
		cfg.JWTSecret = make([]byte, minSecret)
		_, _ = rand.Read(cfg.JWTSecret) // never fails
	}
	if len(cfg.JWTSecret) < minSecret {
		return nil, errors.New("the JWT secret must have at least 32 bytes")
	}
	if cfg.OIDC.Issuer != "" && cfg.OIDC.Audience == "" {
		return nil, errors.New("an OIDC issuer needs an audience")
	}
	if cfg.Log == nil && cfg.DB != nil {
		cfg.Log = outbox.New(outbox.Config{DB: cfg.DB})
	}
	if cfg.Now == nil {
		cfg.Now = callboard.Now
	}
	s := &Service{
		db: cfg.DB, log: cfg.Log, users: cfg.Users, logger: cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler)), now: cfg.Now,
		trustProxy: cfg.TrustProxy, noPassword: cfg.DisablePasswords, cookiePath: cmp.Or(cfg.PathPrefix, "/"),
		passwords: newPasswords(cfg.Hashing), limit: &loginLimit{now: cfg.Now, counts: map[limitKey]failures{}},
		jwt: newJWTParser(cfg.Now), jwtSecret: cfg.JWTSecret,
		recent:     ttlcache.New(recentFor, maxRecent, maxRecentBytes, credentialStatus.size),
		names:      ttlcache.New(namesFor, maxNames, maxNamesBytes, func(name string) int { return len(name) }),
		remembered: ttlcache.New(rememberedFor, maxRemembered, maxRememberedBytes, userSize),
	}
	var err error
	if s.sealer, err = newSealer(cfg.JWTSecret); err != nil {
		return nil, err
	}
	if cfg.OIDC.Issuer != "" {
		if s.oidc, err = newOIDCVerifier(cfg.OIDC, cfg.Now); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// emit appends an event about a user in the transaction of the change. Every change of a credential has one, so the cache
// of credentials is emptied here.
func (s *Service) emit(ctx context.Context, tx *sqldb.Tx, kind callboard.EventDef[callboard.UserData], u User, changes callboard.Changes) error {
	tx.OnCommit(s.recent.ForgetAll)
	tx.OnCommit(func() { s.names.Forget(u.ID) })
	return note(ctx, s, tx, kind, u, callboard.UserData{Name: u.Name, Role: u.Role, Disabled: u.Disabled, Changes: changes})
}

// note appends an event about a user, the zero User for nobody known, and logs it once it is committed.
func note[P any](ctx context.Context, s *Service, tx *sqldb.Tx, kind callboard.EventDef[P], u User, data P) error {
	e := kind.New(ctx, callboard.Resource{Type: "user", ID: u.ID, Name: u.Name}, data)
	if u.ID == "" {
		e.Resource, e.Channels = callboard.Resource{}, nil // for admins alone
	}
	level := slog.LevelInfo
	if e.Name == callboard.SignInFailed.Name {
		level = slog.LevelWarn
	}
	tx.OnCommit(func() {
		s.logger.Log(ctx, level, "account", "event", e.Name, "user_id", u.ID, "actor_id", e.Actor.ID,
			"ip", e.IP, "request_id", callboard.RequestFrom(ctx).ID)
	})
	return s.log.Append(ctx, tx, e)
}

// needAdmin returns an error unless the actor of ctx is an admin.
func needAdmin(ctx context.Context) error {
	if callboard.ActorFrom(ctx).Role != callboard.RoleAdmin {
		return callboard.Errorf(callboard.CodeForbidden, "this needs the admin role")
	}
	return nil
}

// needPerson returns an error when the actor of ctx is an application, or a user of one: with a user that it made, or whose password
// it set, it could make itself credentials that outlive its token, and the user whose token it has is not the one who acts. Who has
// no account here can neither be locked while it changes accounts nor be disabled, which would end what it made.
func needPerson(ctx context.Context) error {
	actor := callboard.ActorFrom(ctx)
	if actor.Service {
		return callboard.Errorf(callboard.CodeForbidden, "an application cannot change accounts")
	}
	if !actor.IsZero() && actor.ID != callboard.SystemID && !callboard.ValidID(actor.ID) {
		return callboard.Errorf(callboard.CodeForbidden, "this needs an account; yours is with an application")
	}
	return nil
}

// needAdminInPerson returns an error unless the actor of ctx is an admin with an account.
func needAdminInPerson(ctx context.Context) error {
	if err := needPerson(ctx); err != nil {
		return err
	}
	return needAdmin(ctx)
}

// needSelfOrAdmin returns an error unless the actor of ctx is the user, or an admin.
func needSelfOrAdmin(ctx context.Context, userID string) error {
	actor := callboard.ActorFrom(ctx)
	if actor.IsZero() || actor.ID != userID && actor.Role != callboard.RoleAdmin {
		return callboard.Errorf(callboard.CodeForbidden, "this is another user's, and needs the admin role")
	}
	return nil
}
