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
	resource callboard.Resource // of a resource or of its viewers
}

// parseChannel reads the name of a channel. What is not exactly one of the forms is channelUnknown.
func parseChannel(name string) channel {
	kind := channelResource
	typ, rest, _ := strings.Cut(name, ":")
	switch {
	case name == callboard.BroadcastChannel:
		return channel{kind: channelBroadcast}
	case typ == "user" && callboard.ValidResourceID(rest):
		return channel{kind: channelUser}
	case typ == "room" && callboard.ValidName(rest):
		return channel{kind: channelRoom}
	case typ == "user", typ == "room":
		return channel{}
	case typ == "viewers":
		kind = channelViewers
		typ, rest, _ = strings.Cut(rest, ":")
	}
	if !callboard.ValidName(typ) || !callboard.ValidResourceID(rest) {
		return channel{}
	}
	return channel{kind: kind, resource: callboard.Resource{Type: typ, ID: rest}}
}

// broadcastMeta is how long the broadcast channel keeps its position without a subscriber or a message. For the other
// channels see subscriptions.
const broadcastMeta = 24 * time.Hour

// subscription returns the options with which clients subscribe to channels that keep a history.
func (s *Service) subscription(kind channelKind) centrifuge.SubscribeOptions {
	meta := s.cfg.HistoryTTL
	if kind == channelBroadcast {
		meta = broadcastMeta
	}
	return centrifuge.SubscribeOptions{EnableRecovery: true, HistoryMetaTTL: meta}
}

// history returns the option with which a message is published to a channel that keeps a history, or false when nobody
// would receive it.
func (s *Service) history(name string) (centrifuge.PublishOption, bool) {
	if name == callboard.BroadcastChannel {
		return centrifuge.WithHistory(s.cfg.BroadcastHistory, s.cfg.HistoryTTL, broadcastMeta), true
	}
	meta, ok := s.subscriptions.retention(name, time.Now())
	return centrifuge.WithHistory(s.cfg.ChannelHistory, s.cfg.HistoryTTL, meta), ok
}
