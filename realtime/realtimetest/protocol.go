package realtimetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"

	"github.com/gorilla/websocket"
)

// reply is what the server sends: the answer to a command when ID is set, and else a push; a ping when it is empty.
type reply struct {
	ID    uint32 `json:"id"`
	Error *struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
	Connect *struct {
		Client string                     `json:"client"`
		Pong   bool                       `json:"pong"`
		Subs   map[string]subscribeResult `json:"subs"`
	} `json:"connect"`
	Subscribe *subscribeResult `json:"subscribe"`
	Push      *struct {
		Channel string       `json:"channel"`
		Pub     *publication `json:"pub"`
	} `json:"push"`
}

type publication struct {
	Data   json.RawMessage `json:"data"`
	Offset uint64          `json:"offset"`
}

type subscribeResult struct {
	Position
	Recovered    bool            `json:"recovered"`
	WasRecovery  bool            `json:"was_recovering"`
	Publications []publication   `json:"publications"`
	Data         json.RawMessage `json:"data"`
}

func (r *subscribeResult) subscription(channel string) (Subscription, error) {
	s := Subscription{Position: r.Position, Recovered: r.Recovered, WasAsked: r.WasRecovery, Data: r.Data}
	for _, pub := range r.Publications {
		p, err := pub.push(channel)
		if err != nil {
			return Subscription{}, err
		}
		s.Missed = append(s.Missed, p)
	}
	return s, nil
}

func (p publication) push(channel string) (Push, error) {
	push := Push{Channel: channel, Offset: p.Offset, Raw: p.Data}
	if err := json.Unmarshal(p.Data, &push.Message); err != nil {
		return Push{}, fmt.Errorf("message on %s: %w", channel, err)
	}
	return push, nil
}

// command sends a command and waits for its answer.
func (c *Client) command(ctx context.Context, method string, params any) (reply, error) {
	answer := make(chan reply, 1)
	c.mu.Lock()
	c.nextID++
	id := c.nextID
	c.waiting[id] = answer
	c.mu.Unlock()
	if err := c.write(map[string]any{"id": id, method: params}); err != nil {
		return reply{}, err
	}
	select {
	case r := <-answer:
		if r.Error != nil {
			return reply{}, &Refused{Code: r.Error.Code, Reason: r.Error.Message}
		}
		return r, nil
	case <-c.done:
		return reply{}, c.Err()
	case <-ctx.Done():
		return reply{}, fmt.Errorf("wait for the answer to %s: %w", method, ctx.Err())
	}
}

func (c *Client) write(v any) error {
	c.writeMu.Lock()
	defer c.writeMu.Unlock()
	return c.ws.WriteJSON(v)
}

// read owns the reading side until the connection ends.
func (c *Client) read() {
	defer close(c.done)
	for {
		_, frame, err := c.ws.ReadMessage()
		if err == nil {
			err = c.handleFrame(frame)
		}
		if err != nil {
			c.fail(err)
			return
		}
		c.mu.Lock()
		stalled := c.stalled
		c.mu.Unlock()
		<-stalled
	}
}

func (c *Client) fail(err error) {
	if closed, ok := errors.AsType[*websocket.CloseError](err); ok {
		err = &Closed{Code: closed.Code, Reason: closed.Text}
	}
	c.mu.Lock()
	c.err = err
	c.mu.Unlock()
}

// handleFrame handles the messages of a frame, one a line.
func (c *Client) handleFrame(frame []byte) error {
	for line := range bytes.SplitSeq(frame, []byte("\n")) {
		if len(line) == 0 {
			continue
		}
		var r reply
		if err := json.Unmarshal(line, &r); err != nil {
			return fmt.Errorf("frame: %w", err)
		}
		if err := c.handle(r); err != nil {
			return err
		}
	}
	return nil
}

func (c *Client) handle(r reply) error {
	switch {
	case r.ID != 0:
		if r.Connect != nil {
			c.pong = r.Connect.Pong
		}
		c.mu.Lock()
		answer := c.waiting[r.ID]
		delete(c.waiting, r.ID)
		c.mu.Unlock()
		if answer != nil {
			answer <- r
		}
	case r.Push != nil && r.Push.Pub != nil:
		p, err := r.Push.Pub.push(r.Push.Channel)
		if err != nil {
			return err
		}
		c.mu.Lock()
		c.pushes = append(c.pushes, p)
		c.mu.Unlock()
		select {
		case c.arrived <- struct{}{}:
		default:
		}
	case r.Push == nil && c.pong && !c.mute:
		return c.write(struct{}{})
	}
	return nil
}

// dialWithBuffer returns a dial function that bounds the receive buffer, or nil for the default.
func dialWithBuffer(size int) func(ctx context.Context, network, addr string) (net.Conn, error) {
	if size <= 0 {
		return nil
	}
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, addr)
		if tcp, ok := conn.(*net.TCPConn); ok {
			err = errors.Join(err, tcp.SetReadBuffer(size))
		}
		return conn, err
	}
}
