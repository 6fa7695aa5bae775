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

// How long a channel remembers its place after its last message or subscriber, so that a client which comes back can
// tell whether it missed anything. Every resource that anything happened to has a place, so theirs is short.
const (
	longMeta  = 24 * time.Hour
	shortMeta = time.Hour
)

func metaTTL(kind channelKind, historyTTL time.Duration) time.Duration {
	if kind == channelBroadcast || kind == channelUser {
		return longMeta
	}
	return max(shortMeta, 2*historyTTL)
}

// subscription returns the options with which clients subscribe to channels that keep a history.
func (s *Service) subscription(kind channelKind) centrifuge.SubscribeOptions {
	return centrifuge.SubscribeOptions{EnableRecovery: true, HistoryMetaTTL: metaTTL(kind, s.cfg.HistoryTTL)}
}

// history returns the option with which messages are published to channels that keep a history.
func (s *Service) history(kind channelKind) centrifuge.PublishOption {
	size := s.cfg.ChannelHistory
	if kind == channelBroadcast {
		size = s.cfg.BroadcastHistory
	}
	return centrifuge.WithHistory(size, s.cfg.HistoryTTL, metaTTL(kind, s.cfg.HistoryTTL))
}
