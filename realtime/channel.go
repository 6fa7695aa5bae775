package realtime

import (
	"fmt"
	"strings"
	"time"

	"github.com/centrifugal/centrifuge"

	"github.com/callboard/callboard"
)

// maxChannelName is longer than every name there is, in bytes: that of a user has an ID of 128 characters.
const maxChannelName = 1024

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
	case typ == "user" && callboard.ValidUserID(rest):
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

// subscription returns the options with which a connection subscribes to channels that keep a history.
func (s *Service) subscription(kind channelKind, cn *conn) centrifuge.SubscribeOptions {
	meta := s.cfg.HistoryTTL
	if kind == channelBroadcast {
		meta = broadcastMeta
	}
	return centrifuge.SubscribeOptions{EnablePositioning: true, EnableRecovery: cn.recovers, HistoryMetaTTL: meta}
}

// retention reports whether anybody would receive a message to the channel, and for how long its position is kept. Who listens to it
// on other nodes is not known here.
func (s *Service) retention(name string) (time.Duration, bool) {
	switch {
	case name == callboard.BroadcastChannel:
		return broadcastMeta, true
	case s.nodes.redis != nil:
		return s.cfg.HistoryTTL, true
	}
	return s.subscriptions.retention(name, time.Now())
}

// history returns the option with which a message of size bytes is published to a channel that keeps a history.
func (s *Service) history(name string, size int, meta time.Duration) (centrifuge.PublishOption, error) {
	limit := s.cfg.ChannelHistory
	if name == callboard.BroadcastChannel {
		limit = s.cfg.BroadcastHistory
	}
	if s.nodes.redis != nil && !s.histories.knows(name) { // another node has published until now, perhaps
		kept, err := s.node.History(name, centrifuge.WithLimit(centrifuge.NoLimit))
		if err != nil {
			return nil, errNoRedis(fmt.Errorf("read the history of a channel: %w", err))
		}
		for _, pub := range kept.Publications {
			s.histories.fit(name, len(pub.Data), limit, time.Now())
		}
	}
	return centrifuge.WithHistory(s.histories.fit(name, size, limit, time.Now()), s.cfg.HistoryTTL, meta), nil
}
