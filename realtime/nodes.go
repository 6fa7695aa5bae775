package realtime

import (
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/centrifugal/centrifuge"

	"github.com/callboard/callboard"
)

// Nodes of one installation reach each other through Redis, where there is one, and else through notices of the database. What they
// say to each other is lost while that link is broken: nothing that must not be lost goes this way.

// Notices carry small messages to all nodes, this one included, in the order of each sender. They may be lost.
type Notices interface {
	// Send does not block, and is false where a notice was dropped.
	Send(topic string, payload []byte) bool
	// Receive sets who gets the notices of a topic, before the first one comes.
	Receive(topic string, fn func(payload []byte))
	// Alive reports whether notices arrive.
	Alive() bool
}

// Topics of notices.
const (
	topicControl   = "control"   // what the socket library has to say to its kind
	topicNodes     = "nodes"     // see SendToNodes
	topicEphemeral = "ephemeral" // messages without a history, for the sockets of all nodes
)

// nodes is what a node knows of its link to the others.
type nodes struct {
	receive atomic.Pointer[func(from string, data []byte)]
	redis   *redisLink // nil without Redis
}

// NodeID returns the ID of this node, which is new at each start.
func (s *Service) NodeID() string { return s.node.ID() }

// SendToNodes sends data to one node, or to all others when to is empty. It arrives once or not at all, and what one node sends
// arrives in order. Where there is only one node it does nothing.
func (s *Service) SendToNodes(to string, data []byte) error {
	envelope := appendEnvelope(nil, s.node.ID(), to, data)
	switch {
	case s.nodes.redis != nil:
		return s.nodes.redis.send(envelope)
	case s.cfg.Notices != nil && !s.cfg.Notices.Send(topicNodes, envelope):
		return errNoticeDropped()
	}
	return nil
}

func errNoticeDropped() error {
	return callboard.Errorf(callboard.CodeUnavailable, "too much waits to be sent to the other nodes")
}

// ReceiveFromNodes sets who gets what the other nodes send.
func (s *Service) ReceiveFromNodes(fn func(from string, data []byte)) { s.nodes.receive.Store(&fn) }

// Linked reports whether this node hears the others right now. A node that is alone does.
func (s *Service) Linked() bool {
	switch {
	case s.nodes.redis != nil:
		return s.nodes.redis.linked()
	case s.cfg.Notices != nil:
		return s.cfg.Notices.Alive()
	}
	return true
}

// Keeps reports whether Redis takes what it is to keep, so that events are published. Without Redis there is nothing that could refuse them.
func (s *Service) Keeps() bool { return s.nodes.redis == nil || !s.nodes.redis.noWrites.Load() }

func (s *Service) fromNode(envelope []byte) {
	from, to, data, err := readEnvelope(envelope)
	if err != nil {
		s.log.Warn("a message of another node cannot be read", "error", err)
		return
	}
	if fn := s.nodes.receive.Load(); fn != nil && from != s.node.ID() && (to == "" || to == s.node.ID()) {
		(*fn)(from, data)
	}
}

// appendEnvelope puts the length and the text of from and to before data.
func appendEnvelope(b []byte, from, to string, data []byte) []byte {
	b = slices.Grow(b, len(from)+len(to)+len(data)+2*binary.MaxVarintLen16)
	for _, name := range []string{from, to} {
		b = binary.AppendUvarint(b, uint64(len(name)))
		b = append(b, name...)
	}
	return append(b, data...)
}

func readEnvelope(b []byte) (from, to string, data []byte, err error) {
	for _, name := range []*string{&from, &to} {
		length, n := binary.Uvarint(b)
		if n <= 0 || length > uint64(len(b)-n) {
			return "", "", nil, errors.New("the envelope is cut off")
		}
		*name = string(b[n : n+int(length)]) //nolint:gosec // not longer than b
		b = b[n+int(length):]                //nolint:gosec // the same
	}
	return from, to, b, nil
}

// noticeController has the socket libraries of the nodes speak by notices.
type noticeController struct {
	notices Notices
	id      string
}

// RegisterControlEventHandler implements centrifuge.Controller.
func (c *noticeController) RegisterControlEventHandler(h centrifuge.ControlEventHandler) error {
	c.notices.Receive(topicControl, func(envelope []byte) {
		from, to, data, err := readEnvelope(envelope)
		if err == nil && from != c.id && (to == "" || to == c.id) {
			_ = h.HandleControl(data) // the library has logged it
		}
	})
	return nil
}

// PublishControl implements centrifuge.Controller.
func (c *noticeController) PublishControl(data []byte, to, _ string) error {
	if !c.notices.Send(topicControl, appendEnvelope(nil, c.id, to, data)) {
		return errNoticeDropped()
	}
	return nil
}

// useNotices links the nodes by notices: each has its own histories, which it fills from the log.
func (s *Service) useNotices() {
	s.node.SetController(&noticeController{s.cfg.Notices, s.node.ID()})
	s.cfg.Notices.Receive(topicNodes, s.fromNode)
	s.cfg.Notices.Receive(topicEphemeral, func(envelope []byte) {
		from, channel, data, err := readEnvelope(envelope)
		if err == nil && from != s.node.ID() {
			err = s.sendHere(channel, data)
		}
		if err != nil {
			s.log.Warn("a message of another node did not reach the sockets of this one", "error", err)
		}
	})
}

// sendHere sends a message without a history to the sockets of this node.
func (s *Service) sendHere(channel string, data []byte) error {
	return s.node.Hub().BroadcastPublication(channel, &centrifuge.Publication{Data: data, Time: time.Now().UnixMilli()}, centrifuge.StreamPosition{})
}

// sendEverywhere does so for those of all nodes.
func (s *Service) sendEverywhere(channel string, data []byte) error {
	if s.nodes.redis == nil && s.cfg.Notices != nil {
		if err := s.sendHere(channel, data); err != nil || s.cfg.Notices.Send(topicEphemeral, appendEnvelope(nil, s.node.ID(), channel, data)) {
			return err
		}
		return errNoticeDropped()
	}
	_, err := s.node.Publish(channel, data)
	return err
}

// reconnectPace is how many sockets a second are told to connect anew, where that is a node's own wish: each of them signs in, and
// asks for what it has missed.
const reconnectPace = 2000

// reconnect ends the sockets of this node with a code after which their clients come back, a few at a time.
func (s *Service) reconnect(ctx context.Context, why centrifuge.Disconnect) {
	tick := time.NewTicker(time.Second / 20)
	defer tick.Stop()
	n := 0
	for _, c := range s.node.Hub().Connections() {
		c.Disconnect(why)
		if n++; n%(reconnectPace/20) > 0 {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
