package realtime

import (
	"strings"
	"time"

	"github.com/centrifugal/centrifuge"

	"callboard"
)

type channelKind int

const (
	channelUnknown channelKind = iota
	channelBroadcast
	channelUser
	channelRoom
	channelViewers
	channelResource
)

// channel is a parsed channel name.
type channel struct {
	kind     channelKind
	id       string             // of a user or a room
	resource callboard.Resource // of a resource or of its viewers
}

// parseChannel reads the name of a channel. What is not exactly one of the forms is channelUnknown.
func parseChannel(name string) channel {
	if name == callboard.BroadcastChannel {
		return channel{kind: channelBroadcast}
	}
	typ, rest, _ := strings.Cut(name, ":")
	switch typ {
	case "user":
		return named(channelUser, rest, callboard.ValidResourceID(rest))
	case "room":
		return named(channelRoom, rest, callboard.ValidName(rest))
	case "viewers":
		typ, id, _ := strings.Cut(rest, ":")
		return ofResource(channelViewers, typ, id)
	}
	return ofResource(channelResource, typ, rest)
}

func named(kind channelKind, id string, valid bool) channel {
	if !valid {
		return channel{}
	}
	return channel{kind: kind, id: id}
}

func ofResource(kind channelKind, typ, id string) channel {
	if !callboard.ValidName(typ) || !callboard.ValidResourceID(id) {
		return channel{}
	}
	return channel{kind: kind, resource: callboard.Resource{Type: typ, ID: id}}
}

// broadcastMeta is how long the broadcast channel remembers its place without a listener or a message. For the other channels
// see heard.
const broadcastMeta = 24 * time.Hour

// subscription returns the options with which clients subscribe to channels that keep a history.
func (s *Service) subscription(kind channelKind) centrifuge.SubscribeOptions {
	meta := s.cfg.HistoryTTL
	if kind == channelBroadcast {
		meta = broadcastMeta
	}
	return centrifuge.SubscribeOptions{EnableRecovery: true, HistoryMetaTTL: meta}
}

// history returns the option with which a message is published to a channel that keeps a history, or false when nobody would
// hear it.
func (s *Service) history(name string) (centrifuge.PublishOption, bool) {
	if name == callboard.BroadcastChannel {
		return centrifuge.WithHistory(s.cfg.BroadcastHistory, s.cfg.HistoryTTL, broadcastMeta), true
	}
	meta, ok := s.subscriptions.retention(name, time.Now())
	return centrifuge.WithHistory(s.cfg.ChannelHistory, s.cfg.HistoryTTL, meta), ok
}
