package realtime

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/centrifugal/centrifuge"

	"github.com/callboard/callboard"
)

// Codes with which connections end, beside those of the protocol (3000–3999). Clients reconnect by themselves after
// codes below 3500 and from 4000 to 4499; after the others they don't.
const (
	CodeShutdown      = 3001 // the server restarts
	CodeExpired       = 3005 // the credential expired or no longer holds
	CodeSlow          = 3008 // the client does not read fast enough
	CodeInvalidToken  = 3500 // no credential, or one that does not hold
	CodeLimit         = 3504 // the user has too many connections
	CodeRightsChanged = 4001 // sign in again: role, name, sessions or tokens of the user changed
	CodeUnavailable   = 4002 // could not be checked now
	CodeEndedByAdmin  = 4501 // an admin ended the connections of the user
)

// conn is what is known of one connection beyond the library's own record.
type conn struct {
	proof    atomic.Pointer[proof]
	recovers bool // what it missed comes from the histories of its channels
	actor    atomic.Pointer[callboard.Actor]
	verifyAt atomic.Int64 // Unix seconds; 0: the library says when, since the client sends no new token by itself

	mu       sync.Mutex
	watching map[callboard.Resource]struct{} // resources that presence counts this connection for
}

type (
	connKey       struct{}
	credentialKey struct{}
	handshakeKey  struct{}
)

// proof is what tells, again and again, who has a connection.
type proof struct {
	credential string        // for Authenticator
	request    *http.Request // for Config.Authenticate, which goes first; nil without
}

func connOf(c *centrifuge.Client) *conn {
	cn, _ := c.Context().Value(connKey{}).(*conn)
	return cn
}

func (cn *conn) user() callboard.UserRef {
	a := cn.actor.Load()
	return callboard.UserRef{ID: a.ID, Name: a.Name}
}

// connecting decides whether a client may connect. A token in the connect command counts before the request's own
// credential, which the handlers left in ctx.
func (s *Service) connecting(ctx context.Context, e centrifuge.ConnectEvent) (centrifuge.ConnectReply, error) {
	arrived := arrivalOf(ctx)
	arrived.pass()
	shown := proofOf(ctx, e.Token)
	if shown == (proof{}) {
		s.metrics.refused.Inc()
		arrived.wait()
		return centrifuge.ConnectReply{}, signInFirst()
	}
	actor, expires, err := s.identify(ctx, shown)
	if err != nil {
		s.metrics.refused.Inc()
		arrived.wait() // for the client to hang up
		return centrifuge.ConnectReply{}, s.refusal(shown, err)
	}
	cn := &conn{recovers: !s.slow.has(actor.ID, time.Now()), watching: map[callboard.Resource]struct{}{}}
	cn.proof.Store(&shown)
	cn.actor.Store(&actor)
	expireAt := s.verifyAt(expires)
	renews := !expires.IsZero() && time.Until(expires) < maxRenew && strings.Count(e.Token, ".") == 2
	if renews { // libraries that connect with a JWT get the next one by themselves, and stay connected
		expireAt = renewAt(expires)
		cn.verifyAt.Store(s.verifyAt(expires))
	}
	return centrifuge.ConnectReply{
		WriteDelay: writeDelay, MaxMessagesInFrame: -1, ClientSideRefresh: renews,
		Context:     context.WithValue(ctx, connKey{}, cn),
		Credentials: &centrifuge.Credentials{UserID: actor.ID, ExpireAt: expireAt},
		Subscriptions: map[string]centrifuge.SubscribeOptions{
			callboard.BroadcastChannel:      s.subscription(channelBroadcast, cn),
			callboard.UserChannel(actor.ID): s.subscription(channelUser, cn),
		},
	}, nil
}

// writeDelay is how long a connection collects messages before it writes them at once. The write is most of what a message costs,
// and nobody sees so short a delay. The library's writer by timer would save memory too, but it makes all others wait for a
// client that does not read.
const writeDelay = 20 * time.Millisecond

// proofOf returns what a client shows: the token of its connect command, or else what its handshake carried.
func proofOf(ctx context.Context, token string) proof {
	credential, _ := ctx.Value(credentialKey{}).(string)
	handshake, _ := ctx.Value(handshakeKey{}).(*http.Request) // nil without Config.Authenticate
	if token == "" {
		return proof{credential, handshake}
	}
	if handshake != nil {
		bearing := *handshake
		bearing.Header = handshake.Header.Clone()
		bearing.Header.Del("Cookie") // the token counts, not who has the browser
		bearing.Header.Set("Authorization", "Bearer "+token)
		handshake = &bearing
	}
	return proof{token, handshake}
}

// identify finds out whose a proof is, and until when it holds. One that does not hold is an error.
func (s *Service) identify(ctx context.Context, shown proof) (actor callboard.Actor, expires time.Time, err error) {
	if shown.request != nil {
		if actor, err = s.cfg.Authenticate(shown.request.WithContext(ctx)); err != nil || !actor.IsZero() {
			return actor, actor.Expires, err
		}
	}
	if shown.credential != "" {
		actor, expires, err = s.cfg.Authenticator.Verify(ctx, shown.credential)
	}
	switch {
	case err != nil:
	case actor.IsZero():
		err = callboard.Errorf(callboard.CodeUnauthenticated, "nobody")
	case !actor.Scopes.Allows(callboard.ServiceSockets, false):
		err = callboard.Errorf(callboard.CodeForbidden, "the token is limited to other scopes")
	}
	return actor, expires, err
}

func signInFirst() centrifuge.Disconnect {
	return centrifuge.Disconnect{Code: CodeInvalidToken, Reason: "sign in first"}
}

// refusal is the answer to a client whose credential was not accepted. A JWT that has merely expired gets the
// answer after which client libraries fetch a new one; anything else that does not hold ends their attempts.
func (s *Service) refusal(shown proof, err error) error {
	if !isRefusal(err) {
		s.log.Warn("a socket's credential could not be verified", "error", err)
		return centrifuge.Disconnect{Code: CodeUnavailable, Reason: "not available now, try again"}
	}
	if expiredJWT(shown.credential, time.Now()) {
		return centrifuge.ErrorTokenExpired
	}
	if shown.credential == "" {
		return signInFirst()
	}
	return centrifuge.Disconnect{Code: CodeInvalidToken, Reason: "the credential is not valid"}
}

// isRefusal tells a credential that does not hold from one that could not be checked.
func isRefusal(err error) bool {
	return slices.Contains([]callboard.Code{
		callboard.CodeUnauthenticated, callboard.CodeForbidden, callboard.CodeNotFound,
		callboard.CodeInvalid, callboard.CodeMalformed,
	}, callboard.CodeOf(err))
}

// expiredJWT reports whether token looks like a JWT whose time is over. It verifies nothing: it only chooses between two
// ways to say no.
func expiredJWT(token string, now time.Time) bool {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return false
	}
	var claims struct {
		Expires float64 `json:"exp"`
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	return err == nil && json.Unmarshal(payload, &claims) == nil && claims.Expires > 0 && claims.Expires <= float64(now.Unix())
}

// verifyAt returns when a credential must be verified again, in Unix seconds: after VerifyEvery at the latest, and when
// it expires. Connections that began together are spread out, since each verification reads the database.
func (s *Service) verifyAt(expires time.Time) int64 {
	spread := time.Duration(rand.Int64N(int64(s.cfg.VerifyEvery)/4 + 1)) //nolint:gosec // no secret
	at := time.Now().Add(s.cfg.VerifyEvery - spread).Unix()
	if !expires.IsZero() {
		at = min(at, expires.Unix())
	}
	return max(at, time.Now().Unix()+1)
}

// renewAt returns when a client is to send its next token, in Unix seconds: so early that the one it has still holds while the
// next is on its way, for as long as the library waits for it.
func renewAt(expires time.Time) int64 {
	left := time.Until(expires)
	return time.Now().Add(left-min(renewTime, left/2)).Unix() + 1
}

// connected sets up a connection that was let in. Publishing, history and presence calls have no handler, and so are
// refused by the library.
func (s *Service) connected(c *centrifuge.Client) {
	cn := connOf(c)
	s.subscriptions.add(callboard.UserChannel(c.UserID()), callboard.SystemID, time.Now())
	c.OnRefresh(func(e centrifuge.RefreshEvent, cb centrifuge.RefreshCallback) {
		if e.ClientSideRefresh {
			cb(s.renew(c.Context(), cn, e.Token))
			return
		}
		cb(s.verifyAgain(c.Context(), cn))
	})
	c.OnSubscribe(func(e centrifuge.SubscribeEvent, cb centrifuge.SubscribeCallback) { s.subscribe(c, cn, e, cb) })
	c.OnUnsubscribe(func(e centrifuge.UnsubscribeEvent) { s.unsubscribed(c, cn, e.Channel) })
	present := s.cfg.Viewers != nil && !cn.actor.Load().Service // an application is nobody who could be there
	c.OnAlive(func() {
		s.verifyAlive(c, cn)
		if present {
			s.alive(c, cn)
		}
	})
	s.signedIn.Add(1)
	c.OnDisconnect(func(e centrifuge.DisconnectEvent) {
		defer s.signedIn.Add(-1)
		if e.Code == CodeSlow {
			s.slow.add(c.UserID(), time.Now())
		}
		if !present {
			return
		}
		ctx, cancel := afterClose(c.Context())
		defer cancel()
		s.logPresence(ctx, "disconnected", s.cfg.Viewers.Disconnected(ctx, cn.user(), c.ID()))
	})
	if !present {
		return
	}
	s.logPresence(c.Context(), "connected", s.cfg.Viewers.Connected(c.Context(), cn.user(), c.ID()))
}

const (
	// retryVerify is when to try again after a credential could not be verified because the database was away.
	retryVerify = 10 * time.Second
	// renewTime is how long a client has to send its next token.
	renewTime = 25 * time.Second
	// maxRenew is how far ahead a client can be told to do so: the timers of JavaScript end at 24.8 days.
	maxRenew = 24 * 24 * time.Hour
)

// verifyAgain is the backstop behind the events about changed rights: whatever was missed ends here.
func (s *Service) verifyAgain(ctx context.Context, cn *conn) (centrifuge.RefreshReply, error) {
	actor, expires, err := s.identify(ctx, *cn.proof.Load())
	known := cn.actor.Load()
	switch {
	case err != nil && isRefusal(err):
		return centrifuge.RefreshReply{Expired: true}, nil
	case err != nil:
		// The sockets outlive an outage of the database: nobody's rights can have changed in it meanwhile.
		s.log.Warn("a socket's credential could not be verified again", "error", err)
		return centrifuge.RefreshReply{ExpireAt: time.Now().Add(retryVerify).Unix()}, nil
	case actor.ID != known.ID || actor.Role != known.Role || actor.Service != known.Service:
		return centrifuge.RefreshReply{}, rightsChanged()
	case !expires.IsZero() && !expires.After(time.Now()):
		return centrifuge.RefreshReply{Expired: true}, nil
	}
	cn.actor.Store(&actor)
	return centrifuge.RefreshReply{ExpireAt: s.verifyAt(expires)}, nil
}

// verifyAlive is verifyAgain for a connection whose client sends its next token by itself: the library does not ask for it.
func (s *Service) verifyAlive(c *centrifuge.Client, cn *conn) {
	if at := cn.verifyAt.Load(); at == 0 || time.Now().Unix() < at {
		return
	}
	reply, err := s.verifyAgain(c.Context(), cn)
	switch {
	case err != nil:
		c.Disconnect(rightsChanged())
	case reply.Expired:
		c.Disconnect(centrifuge.DisconnectExpired)
	default:
		cn.verifyAt.Store(reply.ExpireAt)
	}
}

// renew takes the token with which a client stays connected. It must be of the same user, with the same rights.
func (s *Service) renew(ctx context.Context, cn *conn, token string) (centrifuge.RefreshReply, error) {
	shown := proofOf(ctx, token)
	actor, expires, err := s.identify(ctx, shown)
	known := cn.actor.Load()
	switch {
	case err != nil && isRefusal(err):
		return centrifuge.RefreshReply{Expired: true}, nil // the client connects anew, and hears why it may not
	case err != nil:
		s.log.Warn("a socket's next credential could not be verified", "error", err)
		return centrifuge.RefreshReply{ExpireAt: time.Now().Add(retryVerify).Unix()}, nil
	case actor.ID != known.ID || actor.Role != known.Role || actor.Service != known.Service:
		return centrifuge.RefreshReply{}, rightsChanged()
	}
	cn.proof.Store(&shown)
	cn.actor.Store(&actor)
	cn.verifyAt.Store(s.verifyAt(expires))
	if expires.IsZero() {
		return centrifuge.RefreshReply{}, nil
	}
	return centrifuge.RefreshReply{ExpireAt: renewAt(expires)}, nil
}

func rightsChanged() centrifuge.Disconnect {
	return centrifuge.Disconnect{Code: CodeRightsChanged, Reason: "rights changed, sign in again"}
}
