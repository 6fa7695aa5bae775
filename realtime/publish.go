package realtime

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/centrifugal/centrifuge"
	"golang.org/x/sync/errgroup"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/outbox"
)

// keyWindow is how long the idempotency key of a message is remembered.
const keyWindow = time.Minute

// Publish sends events to their channels, in order. Delivery is at least once: it stops at the first failure, and the
// caller repeats from there. What was already sent on a channel is recognised and not sent again.
func (s *Service) Publish(ctx context.Context, events []callboard.Event) error {
	if err := s.nodes.available(); err != nil {
		return err
	}
	late, epoch := outbox.Late(ctx), ""
	inTurn := s.nodes.redis != nil && !late && len(events) > 0
	if inTurn {
		var err error
		if epoch, err = s.nodes.redis.epochAt(ctx, events[0].Pos); err != nil {
			return err
		}
	}
	for i := range events {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.publish(&events[i], late, epoch); err != nil {
			return err
		}
	}
	if inTurn {
		return s.nodes.redis.notePublished(&events[len(events)-1])
	}
	return nil
}

func (s *Service) publish(ev *callboard.Event, late bool, epoch string) error {
	var data []byte
	sent := 0
	for _, name := range ev.Channels {
		meta, wanted := s.retention(name)
		if !wanted {
			continue
		}
		if sent++; data == nil {
			var err error
			if data, err = encode(ev.Message()); err != nil {
				return err
			}
		}
		history, err := s.history(name, len(data), meta)
		if err == nil {
			_, err = s.node.Publish(name, data, history, dedupe(parseChannel(name).kind, ev, late, epoch))
		}
		if err != nil {
			return fmt.Errorf("publish event %s: %w", ev.ID, err)
		}
	}
	if sent > 0 {
		s.metrics.sent(sent, ev.Age())
	}
	return nil
}

// dedupe has a channel recognise an event that is published again. Events reach a channel in the order of their
// positions, so its last position of the epoch tells, at no cost and however late the repeat comes. The channel of a user carries
// notifications too, which have the position of their cause: there, for events without one, and for those that come late, the ID
// is remembered.
func dedupe(kind channelKind, ev *callboard.Event, late bool, epoch string) centrifuge.PublishOption {
	if ev.Pos > 0 && kind != channelUser && !late {
		return centrifuge.WithVersion(uint64(ev.Pos), epoch)
	}
	return byKey(ev.ID)
}

func byKey(key string) centrifuge.PublishOption {
	return func(o *centrifuge.PublishOptions) {
		o.IdempotencyKey, o.IdempotentResultTTL = key, keyWindow
	}
}

// FollowRights ends the connections to this node of users whose rights changed, and of those whose connections an admin ended. Their
// clients connect again, except after the latter, and are then known by what holds now. Each node is to be given all events: none has to
// tell another.
func (s *Service) FollowRights(events []callboard.Event) {
	for i := range events {
		ev := &events[i]
		switch t, _ := s.events.TypeOf(ev); t.Name {
		case callboard.UserUpdated.Name, callboard.UserDisabled.Name, callboard.CredentialRevoked.Name:
			for _, c := range s.node.Hub().UserConnections(ev.Resource.ID) {
				c.Disconnect(rightsChanged())
			}
		case callboard.ConnectionsEnded.Name:
			for _, c := range s.node.Hub().UserConnections(ev.Resource.ID) {
				if c.ConnectedAtMS() <= ev.CreatedAt.UnixMilli() { // who has come back since was not meant
					c.Disconnect(endedByAdmin())
				}
			}
		}
	}
}

// Ephemeral sends an event to its channels now, at most once: without a position and without a place in their history. One of a type
// of the application's has to go together with it, as in the log (see callboard.Registry.Check).
func (s *Service) Ephemeral(_ context.Context, ev callboard.Event) error {
	if err := s.nodes.available(); err != nil {
		return err
	}
	return s.ephemeral(ev, s.sendEverywhere)
}

// EphemeralHere is Ephemeral to the sockets of this node alone: for what each node knows by itself.
func (s *Service) EphemeralHere(_ context.Context, ev callboard.Event) error {
	return s.ephemeral(ev, s.sendHere)
}

func (s *Service) ephemeral(ev callboard.Event, send func(channel string, data []byte) error) error {
	if err := ev.Err(); err != nil {
		return err
	}
	if _, known := s.events.TypeOf(&ev); known && !s.events.BuiltIn(ev.Name) {
		if err := s.events.Check(&ev); err != nil {
			return err
		}
	}
	ev.Pos = 0
	data, err := encode(ev.Message())
	if err != nil {
		return err
	}
	for _, name := range ev.Channels {
		if err := send(name, data); err != nil {
			return fmt.Errorf("send %s: %w", ev.Name, err)
		}
	}
	s.metrics.sent(len(ev.Channels), ev.Age())
	return nil
}

// ChannelMessage is a message for one channel, beside the events: a notification for its recipient.
type ChannelMessage struct {
	Channel string
	Message callboard.Message
	// Key makes repeats within a minute harmless; required.
	Key string
}

// publishAtOnce is how many channels PublishAll sends to at the same time.
const publishAtOnce = 16

// PublishAll sends each message to its channel and keeps it in the channel's history. Repeats with the same key within a minute
// are not sent again. Those for one channel are sent in order; different channels do not wait for each other. It returns the
// first error; the caller then repeats all of them.
func (s *Service) PublishAll(ctx context.Context, messages []ChannelMessage) error {
	if err := s.nodes.available(); err != nil {
		return err
	}
	byChannel := map[string][]*ChannelMessage{}
	for i := range messages {
		m := &messages[i]
		byChannel[m.Channel] = append(byChannel[m.Channel], m)
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(publishAtOnce)
	for name, list := range byChannel {
		g.Go(func() error { return s.publishToChannel(ctx, name, list) })
	}
	return g.Wait()
}

func (s *Service) publishToChannel(ctx context.Context, name string, list []*ChannelMessage) error {
	meta, wanted := s.retention(name)
	if !wanted {
		return nil
	}
	for _, m := range list {
		if err := ctx.Err(); err != nil {
			return err
		}
		data, err := encode(m.Message)
		if err != nil {
			return err
		}
		history, err := s.history(name, len(data), meta)
		if err == nil {
			_, err = s.node.Publish(name, data, history, byKey(m.Key))
		}
		if err != nil {
			return fmt.Errorf("publish message %s: %w", m.Message.ID, err)
		}
		s.metrics.sent(1, time.Since(m.Message.Timestamp))
	}
	return nil
}

// encode returns m as JSON on one line, as the protocol needs it. The data is JSON already, and goes in as it is: the encoder
// would check it once more, which takes longer than all the rest.
func encode(m callboard.Message) ([]byte, error) {
	raw := m.Data
	if m.Data = nil; bytes.ContainsAny(raw, "\r\n") {
		m.Data, raw = raw, nil // laid out by its sender: have it compacted
	}
	data, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("encode message %s: %w", m.ID, err)
	}
	if m.Data != nil {
		return data, nil
	}
	if len(raw) == 0 {
		raw = json.RawMessage("{}")
	}
	data = append(bytes.TrimSuffix(data, []byte("null}")), raw...) // data is the last field
	return append(data, '}'), nil
}
