package realtime

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/centrifugal/centrifuge"

	"github.com/callboard/callboard"
)

// Viewers is what this package needs of presence. Sessions are IDs of connections.
type Viewers interface {
	// Join counts the session among those that look at res.
	Join(ctx context.Context, res callboard.Resource, user callboard.UserRef, session string) error
	// Refresh renews the session; it is called every Config.AliveEvery.
	Refresh(ctx context.Context, res callboard.Resource, user callboard.UserRef, session string) error
	// Leave removes the session.
	Leave(ctx context.Context, res callboard.Resource, user callboard.UserRef, session string) error
	// ViewersJSON returns the current list as a JSON object: {"viewers": […], …}.
	ViewersJSON(ctx context.Context, res callboard.Resource) (json.RawMessage, error)
	// Announce has the list sent to its channel soon.
	Announce(res callboard.Resource)
	// Connected, Alive and Disconnected do the same for the connection as a whole.
	Connected(ctx context.Context, user callboard.UserRef, client string) error
	Alive(ctx context.Context, user callboard.UserRef, client string) error
	Disconnected(ctx context.Context, user callboard.UserRef, client string) error
}

// Why a subscription is refused, as clients see it.
var (
	errUnknownChannel = &centrifuge.Error{Code: 102, Message: "there is no such channel"}
	errTooMany        = &centrifuge.Error{Code: 111, Message: "you have listened to too many channels, try again in some minutes", Temporary: true}
	errForbidden      = &centrifuge.Error{Code: 103, Message: "you may not listen to this channel"}
	errBadData        = &centrifuge.Error{Code: 107, Message: `the data of a subscription can only be {"track": true or false}`}
	errOff            = &centrifuge.Error{Code: 108, Message: "presence is switched off"}
	errNoResource     = &centrifuge.Error{Code: 404, Message: "there is no such resource"}
	errNotNow         = &centrifuge.Error{Code: 503, Message: "not available now, try again", Temporary: true}
)

// subscribe answers a client that wants to listen to a channel.
func (s *Service) subscribe(c *centrifuge.Client, cn *conn, e centrifuge.SubscribeEvent, cb centrifuge.SubscribeCallback) {
	if e.Type != centrifuge.SubscriptionTypeStream {
		cb(centrifuge.SubscribeReply{}, errUnknownChannel)
		return
	}
	ch := parseChannel(e.Channel)
	if err := s.mayListen(c.Context(), cn, ch); err != nil {
		cb(centrifuge.SubscribeReply{}, err)
		return
	}
	if ch.kind == channelViewers {
		s.subscribeViewers(c, cn, ch.resource, e.Data, cb)
		return
	}
	if !s.subscriptions.add(e.Channel, c.UserID(), time.Now()) {
		cb(centrifuge.SubscribeReply{}, errTooMany)
		return
	}
	cb(centrifuge.SubscribeReply{Options: s.subscription(ch.kind, cn)}, nil)
}

// mayListen checks what a client asks for. Its own user channel and broadcast are not among it: those it has already.
func (s *Service) mayListen(ctx context.Context, cn *conn, ch channel) error {
	switch {
	case ch.kind == channelUnknown:
		return errUnknownChannel
	case ch.kind == channelRoom:
		return nil
	case ch.kind == channelViewers && s.cfg.Viewers == nil:
		return errOff
	case ch.kind == channelBroadcast, ch.kind == channelUser, s.cfg.Access == nil:
		return errForbidden
	}
	err := s.cfg.Access.CanRead(ctx, *cn.actor.Load(), ch.resource)
	switch callboard.CodeOf(err) {
	case "":
		return nil
	case callboard.CodeForbidden, callboard.CodeUnauthenticated:
		return errForbidden
	case callboard.CodeNotFound, callboard.CodeGone, callboard.CodeInvalid:
		return errNoResource
	default:
		s.log.Warn("access to a channel could not be checked", "error", err)
		return errNotNow
	}
}

// subscribeViewers lets a client watch who looks at res, and counts it among them unless it asks not to be or is an application. The reply
// holds the list as it is now; the announcement covers what changes before the client is subscribed.
func (s *Service) subscribeViewers(
	c *centrifuge.Client, cn *conn, res callboard.Resource, data []byte, cb centrifuge.SubscribeCallback,
) {
	track, err := readTrack(data)
	if err != nil {
		cb(centrifuge.SubscribeReply{}, errBadData)
		return
	}
	if track && !cn.actor.Load().Service {
		// Where presence is full the client watches uncounted: that is no reason to keep a page from working.
		if err := s.cfg.Viewers.Join(c.Context(), res, cn.user(), c.ID()); err != nil {
			s.logPresence(c.Context(), "join", err)
		} else {
			cn.mu.Lock()
			cn.watching[res] = struct{}{}
			cn.mu.Unlock()
		}
	}
	list, err := s.cfg.Viewers.ViewersJSON(c.Context(), res)
	if err != nil {
		s.log.Warn("the list of viewers could not be read", "error", err)
		s.leave(c, cn, res)
		cb(centrifuge.SubscribeReply{}, errNotNow)
		return
	}
	cb(centrifuge.SubscribeReply{Options: centrifuge.SubscribeOptions{Data: list}}, nil)
	s.cfg.Viewers.Announce(res)
}

// readTrack reads the data of a subscription: whether the user becomes a viewer. A member that is not known is refused, since whoever
// misspells this one would be seen against their will.
func readTrack(data []byte) (bool, error) {
	options := struct {
		Track bool `json:"track"`
	}{Track: true}
	if len(data) == 0 {
		return options.Track, nil
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(&options)
	return options.Track, err
}

func (s *Service) leave(c *centrifuge.Client, cn *conn, res callboard.Resource) {
	cn.mu.Lock()
	_, watching := cn.watching[res]
	delete(cn.watching, res)
	cn.mu.Unlock()
	if !watching {
		return
	}
	ctx, cancel := afterClose(c.Context())
	defer cancel()
	s.logPresence(ctx, "leave", s.cfg.Viewers.Leave(ctx, res, cn.user(), c.ID()))
}

// unsubscribed follows every subscription that was allowed, once, also when the connection ends.
func (s *Service) unsubscribed(c *centrifuge.Client, cn *conn, name string) {
	s.subscriptions.remove(name, time.Now())
	if ch := parseChannel(name); ch.kind == channelViewers {
		s.leave(c, cn, ch.resource)
	}
}

func (s *Service) alive(c *centrifuge.Client, cn *conn) {
	ctx, user := c.Context(), cn.user()
	s.logPresence(ctx, "alive", s.cfg.Viewers.Alive(ctx, user, c.ID()))
	cn.mu.Lock()
	watching := slices.Collect(maps.Keys(cn.watching))
	cn.mu.Unlock()
	for _, res := range watching {
		s.logPresence(ctx, "refresh", s.cfg.Viewers.Refresh(ctx, res, user, c.ID()))
	}
}

// afterCloseTimeout bounds what is still done for a connection that is gone.
const afterCloseTimeout = 5 * time.Second

// afterClose returns a context for work that outlives the connection.
func afterClose(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), afterCloseTimeout)
}

// logPresence logs an error of presence. It never stands in the way of a connection.
func (s *Service) logPresence(ctx context.Context, what string, err error) {
	if err == nil || ctx.Err() != nil {
		return
	}
	level := s.log.WarnContext
	if code := callboard.CodeOf(err); code == callboard.CodeUnavailable || code == callboard.CodeRateLimited {
		level = s.log.DebugContext // full, and counted by presence
	}
	level(ctx, "presence was not updated for a socket", "what", what, "error", err)
}

// Watcher is a connection of this node, with the resources that presence counts it for.
type Watcher struct {
	UserID   string
	Watching []callboard.Resource
}

// Watchers returns the connections of this node by their IDs, but for those of applications, which are nobody who could be there.
func (s *Service) Watchers() map[string]Watcher {
	clients := s.node.Hub().Connections()
	all := make(map[string]Watcher, len(clients))
	for id, c := range clients {
		cn := connOf(c)
		if cn == nil || cn.actor.Load().Service {
			continue
		}
		cn.mu.Lock()
		all[id] = Watcher{UserID: c.UserID(), Watching: slices.Collect(maps.Keys(cn.watching))}
		cn.mu.Unlock()
	}
	return all
}
