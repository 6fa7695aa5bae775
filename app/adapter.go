package app

import (
	"context"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/notification"
	"github.com/callboard/callboard/presence"
	"github.com/callboard/callboard/realtime"
)

// This file fills the small interfaces that the parts declare for what they need of each other.

// episodeCounter is show's view of the episodes, which are built after the shows.
type episodeCounter struct{ *episode.Service }

// episodeViewers is episode's view of presence.
type episodeViewers struct{ *presence.Service }

// Track leaves applications out: the user whose token they use does not look at anything. They name viewers themselves.
func (v episodeViewers) Track(ctx context.Context, res callboard.Resource) error {
	actor := callboard.ActorFrom(ctx)
	if actor.Service {
		return nil
	}
	return v.Service.Track(ctx, res, callboard.UserRef{ID: actor.ID, Name: actor.Name})
}

// peers is presence's view of the other nodes. The sockets, which carry what nodes tell each other, are built after it.
type peers struct{ app *App }

func (p peers) ID() string                        { return p.app.Realtime.NodeID() }
func (p peers) Send(to string, data []byte) error { return p.app.Realtime.SendToNodes(to, data) }
func (p peers) Receive(fn func(string, []byte))   { p.app.Realtime.ReceiveFromNodes(fn) }
func (p peers) Linked() bool                      { return p.app.Realtime.Linked() }

// socketsHere is presence's view of the sockets: each node knows who looks at what, and tells its own.
type socketsHere struct{ *realtime.Service }

func (s socketsHere) Ephemeral(ctx context.Context, ev callboard.Event) error {
	return s.EphemeralHere(ctx, ev)
}

// userChannels is notification's view of the sockets.
type userChannels struct{ *realtime.Service }

func (u userChannels) PublishToUsers(ctx context.Context, messages []notification.LiveMessage) error {
	directed := make([]realtime.ChannelMessage, len(messages))
	for i, m := range messages {
		directed[i] = realtime.ChannelMessage{Channel: callboard.UserChannel(m.UserID), Message: m.Message, Key: m.Key}
	}
	return u.PublishAll(ctx, directed)
}
