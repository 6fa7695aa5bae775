// Package realtimetest is a small client of the socket protocol for tests: it shows every message and every code as it
// came, reconnects by itself never, and waits on signals with the deadline of a context.
package realtimetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/callboard/callboard"
)

// Options says how a client introduces itself. The zero value sends no credential and no Origin.
type Options struct {
	Token  string       // in the connect command
	Cookie *http.Cookie // in the request
	Origin string
	Header http.Header
	// Since names the positions from which the channels that the server subscribes by itself are recovered.
	Since map[string]Position
	// ReadBuffer bounds the receive buffer of the connection in bytes, for tests of slow clients; 0 leaves it alone.
	ReadBuffer int
	// Mute has the client never answer pings, like one whose network is gone.
	Mute bool
}

// Position is a place in the history of a channel.
type Position struct {
	Offset uint64 `json:"offset"`
	Epoch  string `json:"epoch"`
}

// Push is a message that arrived on a channel. Offset is 0 for ephemeral messages. Raw is the message as it came.
type Push struct {
	Channel string
	Offset  uint64
	Message callboard.Message
	Raw     json.RawMessage
}

// Subscription is the state of a channel when the client was subscribed.
type Subscription struct {
	Position  Position
	Recovered bool // everything since the asked position is in Missed
	WasAsked  bool // recovery was tried
	Missed    []Push
	Data      json.RawMessage
}

// Refused is the error of a connection or of a command that the server refused, with the code of the protocol, or the
// HTTP status when it did not get as far as the protocol.
type Refused struct {
	Code   int
	Reason string
}

// Error implements error.
func (r *Refused) Error() string { return fmt.Sprintf("refused: %d %s", r.Code, r.Reason) }

// Closed is the error after the server has closed the connection.
type Closed struct {
	Code   int
	Reason string
}

// Error implements error.
func (c *Closed) Error() string { return fmt.Sprintf("closed: %d %s", c.Code, c.Reason) }

// Client is one connection.
type Client struct {
	ID   string                  // that the server gave it
	Subs map[string]Subscription // what the server subscribed it to

	ws      *websocket.Conn
	writeMu sync.Mutex
	pong    bool
	mute    bool

	mu      sync.Mutex
	pushes  []Push        // that came and were not asked for yet; without a bound, for only Stall makes a slow client
	arrived chan struct{} // holds a token when pushes may have grown
	nextID  uint32
	waiting map[uint32]chan reply
	err     error
	done    chan struct{}
	stalled chan struct{} // closed while not stalled
}

const timeout = 10 * time.Second

// Dial connects and fails the test if that does not work. The connection is closed when the test ends.
func Dial(t testing.TB, url string, o Options) *Client {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	c, err := Connect(ctx, url, o)
	if err != nil {
		t.Fatalf("connect to %s: %v", url, err)
	}
	t.Cleanup(c.Close)
	return c
}

// Connect connects to the WebSocket endpoint at url, "http://host/connection/websocket" or "ws://…". A refusal is a
// *Refused, at whatever stage it came.
func Connect(ctx context.Context, url string, o Options) (*Client, error) {
	header := o.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	if o.Cookie != nil {
		header.Add("Cookie", o.Cookie.String())
	}
	if o.Origin != "" {
		header.Set("Origin", o.Origin)
	}
	dialer := websocket.Dialer{HandshakeTimeout: timeout, NetDialContext: dialWithBuffer(o.ReadBuffer)}
	ws, resp, err := dialer.DialContext(ctx, strings.Replace(url, "http", "ws", 1), header)
	if resp != nil {
		defer func() { _ = resp.Body.Close() }()
	}
	if err != nil {
		if resp != nil {
			return nil, &Refused{Code: resp.StatusCode, Reason: resp.Status}
		}
		return nil, err
	}
	c := &Client{
		ws: ws, mute: o.Mute, arrived: make(chan struct{}, 1), waiting: map[uint32]chan reply{},
		done: make(chan struct{}), stalled: make(chan struct{}),
	}
	close(c.stalled)
	go c.read()
	if err := c.connect(ctx, o); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

func (c *Client) connect(ctx context.Context, o Options) error {
	subs := map[string]any{}
	for channel, since := range o.Since {
		subs[channel] = map[string]any{"recover": true, "offset": since.Offset, "epoch": since.Epoch}
	}
	r, err := c.command(ctx, "connect", map[string]any{"token": o.Token, "name": "go-test", "subs": subs})
	if closed, ok := errors.AsType[*Closed](err); ok {
		return &Refused{Code: closed.Code, Reason: closed.Reason}
	}
	if err != nil {
		return err
	}
	c.ID = r.Connect.Client
	c.Subs = map[string]Subscription{}
	for channel, sub := range r.Connect.Subs {
		if c.Subs[channel], err = sub.subscription(channel); err != nil {
			return err
		}
	}
	return nil
}

// SubscribeOptions say how to subscribe. The zero value subscribes to what comes from now on.
type SubscribeOptions struct {
	Since *Position
	Data  any
}

// Subscribe subscribes to a channel. A refusal is a *Refused.
func (c *Client) Subscribe(ctx context.Context, channel string, o SubscribeOptions) (Subscription, error) {
	params := map[string]any{"channel": channel}
	if o.Since != nil {
		params["recover"], params["offset"], params["epoch"] = true, o.Since.Offset, o.Since.Epoch
	}
	if o.Data != nil {
		params["data"] = o.Data
	}
	r, err := c.command(ctx, "subscribe", params)
	if err != nil {
		return Subscription{}, err
	}
	return r.Subscribe.subscription(channel)
}

// Unsubscribe ends a subscription.
func (c *Client) Unsubscribe(ctx context.Context, channel string) error {
	_, err := c.command(ctx, "unsubscribe", map[string]any{"channel": channel})
	return err
}

// Command sends a command of the protocol and returns the error that the server answers with, if any.
func (c *Client) Command(ctx context.Context, method string, params any) error {
	_, err := c.command(ctx, method, params)
	return err
}

// Next returns the next message of any channel, in the order of arrival. The error is a *Closed once the connection has
// ended and everything that came before was returned.
func (c *Client) Next(ctx context.Context) (Push, error) {
	for {
		c.mu.Lock()
		if len(c.pushes) > 0 {
			p := c.pushes[0]
			c.pushes = c.pushes[1:]
			c.mu.Unlock()
			return p, nil
		}
		err := c.err
		c.mu.Unlock()
		if err != nil {
			return Push{}, err
		}
		select {
		case <-c.arrived:
		case <-c.done:
		case <-ctx.Done():
			return Push{}, fmt.Errorf("wait for a message: %w", ctx.Err())
		}
	}
}

// NextOf returns the next message with the given event name and drops those before it.
func (c *Client) NextOf(ctx context.Context, event string) (Push, error) {
	for {
		p, err := c.Next(ctx)
		if err != nil {
			return Push{}, fmt.Errorf("wait for %s: %w", event, err)
		}
		if p.Message.Event == event {
			return p, nil
		}
	}
}

// Stall has the client stop reading, after at most one more frame, until it is closed.
func (c *Client) Stall() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stalled = make(chan struct{})
}

// Done is closed when the connection has ended.
func (c *Client) Done() <-chan struct{} { return c.done }

// Err returns why the connection ended, nil while it is open.
func (c *Client) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// Wait waits until the server has closed the connection and returns the code.
func (c *Client) Wait(ctx context.Context) (int, error) {
	select {
	case <-c.done:
	case <-ctx.Done():
		return 0, fmt.Errorf("wait for the end of the connection: %w", ctx.Err())
	}
	closed, ok := errors.AsType[*Closed](c.Err())
	if !ok {
		return 0, c.Err()
	}
	return closed.Code, nil
}

// Close ends the connection from this side. Calling it again does nothing.
func (c *Client) Close() {
	c.mu.Lock()
	select {
	case <-c.stalled:
	default:
		close(c.stalled)
	}
	c.mu.Unlock()
	_ = c.ws.Close()
	<-c.done
}
