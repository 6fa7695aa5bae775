package app

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/account"
	"github.com/callboard/callboard/realtime"
)

// settings looks at what is allowed, and is rarely meant.
func (d *doctor) settings(ctx context.Context, f *findings) {
	c := d.cfg
	for _, origin := range c.SocketCORSOrigin {
		if u, err := url.Parse(origin); err == nil && u.Scheme == "http" && !isLocal(u.Hostname()) {
			f.bad(checkOrigins, "SOCKET_CORS_ORIGIN has %s", origin)
		}
	}
	host, _, err := net.SplitHostPort(c.HTTPAddr)
	public := err == nil && !isLocal(host)
	switch {
	case public && !c.TrustProxy:
		f.bad(checkPublic, "HTTP_ADDR is %s, and TRUST_PROXY is off", c.HTTPAddr)
	case public && !strings.HasPrefix(d.options.URL, "https://"):
		f.bad(checkTrustProxy, "HTTP_ADDR is %s, and TRUST_PROXY is on", c.HTTPAddr)
	}
	if c.OIDCSignIn {
		d.signIn(f)
	}
	for _, service := range []struct {
		off           bool
		name, setting string
	}{
		{c.DisableActivity, "the activity log", "ACTIVITY_DB_ENABLED"}, {c.DisableNotifications, "notifications", "NOTIFICATION_ENABLED"},
		{c.DisablePresence, "presence", "PRESENCE_TRACKING_ENABLED"},
	} {
		if service.off {
			f.bad(checkServiceOff, "%s: switched off by %s", service.name, service.setting)
		}
	}
	select {
	case <-d.opened: // whether all of them can be used is known only now
	case <-ctx.Done():
		return
	}
	if len(f.list) == 0 && !d.unusable {
		f.ok("settings", "go together, and all services are on")
	}
}

// signIn looks at who gets in by the provider, and how.
func (d *doctor) signIn(f *findings) {
	c := d.cfg
	for _, setting := range [][2]string{{"PUBLIC_URL", c.PublicURL}, {"OIDC_ISSUER", c.OIDCIssuer}} {
		if u, err := url.Parse(setting[1]); err == nil && u.Scheme == "http" && !isLocal(u.Hostname()) {
			f.bad(checkSignInPlain, "%s is %s", setting[0], setting[1])
		}
	}
	forAll := c.OIDCRoleClaim == "" || slices.ContainsFunc(c.OIDCRoles, func(pair string) bool { return strings.HasPrefix(pair, "*=") })
	if u, err := url.Parse(c.OIDCIssuer); err == nil && c.OIDCCreateUsers && len(c.OIDCEmailDomains) == 0 && forAll && isForAll(u) {
		f.bad(checkSignInOpen, "anybody has, or makes, an account at %s, and gets one here", u.Host)
	}
	if c.OIDCRoleClaim != "" && !account.GivesRole(c.OIDCRoles, callboard.RoleAdmin) {
		f.bad(checkNoAdmin, "OIDC_ROLES gives nobody the admin role")
	}
}

// isForAll reports whether an issuer is one at which anybody can have an account.
func isForAll(issuer *url.URL) bool {
	switch issuer.Host {
	case "accounts.google.com", "gitlab.com", "appleid.apple.com", "login.yahoo.com", "www.linkedin.com":
		return true
	case "login.microsoftonline.com": // the tenant of personal accounts
		return strings.HasPrefix(issuer.Path, "/9188040d-6c67-4c5b-b112-36a304b66dad/")
	}
	return false
}

// issuer looks at whether the OpenID Connect issuer answers.
func (d *doctor) issuer(ctx context.Context, f *findings) {
	if d.cfg.OIDCIssuer == "" {
		return
	}
	if err := account.AskIssuer(ctx, d.cfg.OIDCIssuer, d.client().Transport); err != nil {
		f.bad(checkIssuer, "%s: %v", d.cfg.OIDCIssuer, netReason(err))
		return
	}
	f.ok("issuer", "%s answers", d.cfg.OIDCIssuer)
}

// isLocal reports whether a host is this machine.
func isLocal(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

// secrets looks at how well secrets are kept.
func (d *doctor) secrets(_ context.Context, f *findings) {
	if s := d.cfg.JWTSecret; s != "" && isWeak(s) {
		f.bad(checkWeakSecret, "JWT_SECRET looks like words, or repeats itself")
	}
	files := []string{filepath.Join(d.cfg.DataDir, secretFile), filepath.Join(d.cfg.DataDir, signingKeyFile)}
	if d.cfg.DataDir == "" {
		files = nil
	}
	if !d.cfg.onPostgres() { // it has the hashes of passwords
		files = append(files, strings.TrimPrefix(d.cfg.databaseURL(), "sqlite://"))
	}
	for _, path := range files {
		if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o007 != 0 {
			f.bad(checkOpenSecret, "%s has the mode %#o", path, info.Mode().Perm())
		}
	}
	if len(f.list) == 0 {
		f.ok("secrets", "are readable by their owner, and JWT_SECRET is no word")
	}
}

// isWeak reports whether a secret can be guessed: random bytes, however they are written, have more different characters than a repetition,
// and no words.
func isWeak(secret string) bool {
	different := map[rune]bool{}
	for _, r := range secret {
		different[r] = true
	}
	if len(different) < 10 {
		return true
	}
	lower := strings.ToLower(secret)
	for _, word := range []string{"secret", "change", "password", "example", "callboard", "0123456789", "1234567890", "abcdefgh", "qwerty"} {
		if strings.Contains(lower, word) {
			return true
		}
	}
	return strings.Count(lower, " ") > 2 // a sentence
}

// redis looks at where the nodes meet.
func (d *doctor) redis(ctx context.Context, f *findings) {
	if d.cfg.RedisURL == "" || !realtime.ValidRedisURL(d.cfg.RedisURL) { // the settings say so
		return
	}
	prefix := d.cfg.RedisPrefix
	if prefix == "" {
		prefix = realtime.DefaultRedisPrefix
	}
	state, err := realtime.LookAtRedis(ctx, d.cfg.RedisURL, prefix)
	switch {
	case err != nil:
		f.bad(checkRedis, "Redis does not answer: %v", netReason(err))
		return
	case state.Refuses != "":
		f.bad(checkRedisWrites, "Redis answers, and refuses a test write: %s", state.Refuses)
	}
	if state.MaxMemory > 0 && state.Policy != "noeviction" {
		f.bad(checkRedisEvicts, "maxmemory is %d MB, and maxmemory-policy %s", state.MaxMemory>>20, state.Policy)
	}
	if len(f.list) == 0 {
		f.ok("redis", "answers, and takes writes")
	}
}
