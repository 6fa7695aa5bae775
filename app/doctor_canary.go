package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/activity"
	"github.com/callboard/callboard/notification"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// canaryPoll is how often a diagnosis looks how far its canary has come.
const canaryPoll = 10 * time.Millisecond

// standsStill is after how many failures in a row nobody waits for a consumer any more.
const standsStill = 2

// canaryToken returns a token for sockets of somebody who is made up.
func (a *App) canaryToken(ctx context.Context) (string, error) {
	_, listener := callboard.NewCanary(ctx)
	token, _, err := a.Accounts.IssueSocketToken(ctx, listener)
	return token, err
}

// canary sends an event the whole way: it is appended as those of people are, the consumers write what would follow from it and take that
// back, and a socket hears it. What stays is the event itself, for as long as events are kept.
func (d *doctor) canary(ctx context.Context, a *App, f *findings) {
	if !d.running() {
		return // nobody would take it
	}
	event, listener := callboard.NewCanary(ctx)
	heard, hangUp, deaf := d.listen(ctx, a, event, listener)
	defer hangUp()
	trace, err := a.Outbox.Tracer(ctx)
	began := time.Now()
	if err == nil {
		err = a.DB.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error { return a.Outbox.Append(ctx, tx, event) })
	}
	if err != nil {
		f.bad(checkCanary, "it cannot be appended%s", reason(err))
		return
	}
	w := walk{app: a, began: began, stages: []string{fmt.Sprintf("durable after %v", since(began))}}
	for _, c := range []struct {
		off         bool
		name, stage string
	}{{a.cfg.DisableActivity, activity.ConsumerName, "log"}, {a.cfg.DisableNotifications, notification.ConsumerInbox, "inbox"}} {
		if !c.off {
			w.consumers = append(w.consumers, stage{consumer: c.name, name: c.stage})
		}
	}
	if deaf == nil {
		w.heard = heard
	}
	lost := w.follow(ctx, func(ctx context.Context) (int64, error) { return trace(ctx, event.ID) })
	text := strings.Join(w.stages, ", ")
	switch {
	case lost != "":
		f.bad(checkCanary, "%s; then %s", text, lost)
	case deaf != nil:
		f.bad(checkUnheard, "%s; the socket was not tested: %v", text, deaf)
	default:
		f.ok("canary", "%s. Of it the event stays, which nobody sees, for as long as events are kept", text)
	}
}

func since(began time.Time) time.Duration { return time.Since(began).Round(time.Millisecond) }

// walk is a canary on its way.
type walk struct {
	app       *App
	began     time.Time
	stages    []string // where it has been, for people
	consumers []stage  // that have not taken it
	heard     <-chan struct{}
	stopped   bool // one that it has yet to come by stands still
}

// stage is a consumer by which it comes.
type stage struct{ consumer, name string }

// follow returns once the canary has come through, or with the reason why it has not by the end of ctx.
func (w *walk) follow(ctx context.Context, position func(context.Context) (int64, error)) (lost string) {
	ticker := time.NewTicker(canaryPoll)
	defer ticker.Stop()
	last := "no server gives it a position"
	for len(w.consumers) > 0 || w.heard != nil {
		select {
		case <-w.heard:
			w.stages = append(w.stages, fmt.Sprintf("at the socket after %v", since(w.began)))
			w.heard = nil
		case <-ticker.C:
			pos, err := position(ctx)
			if err == nil && pos > 0 {
				err = w.look(ctx, pos, &last)
			}
			if err != nil && ctx.Err() == nil {
				return "the log of events cannot be read" + reason(err)
			}
			if w.stopped {
				return last
			}
		case <-ctx.Done():
			return last
		}
	}
	return ""
}

// look notes which consumers have taken the event at a position, and in last what those say that have not.
func (w *walk) look(ctx context.Context, pos int64, last *string) error {
	stats, err := w.app.Outbox.Stats(ctx)
	if err != nil {
		return err
	}
	*last = fmt.Sprintf("no socket hears it (position %d)", pos)
	for _, c := range stats.Consumers {
		i := slices.IndexFunc(w.consumers, func(s stage) bool { return s.consumer == c.Name })
		var letters map[int64]bool
		if i >= 0 && c.DeadLetters > 0 {
			if letters, err = outbox.DeadLetters(ctx, w.app.DB, c.Name, pos, pos); err != nil {
				return err
			}
		}
		switch {
		case c.Name == consumerLive && w.heard != nil && c.Failures >= standsStill:
			*last, w.stopped = fmt.Sprintf("the consumer %s stands still: %s", c.Name, c.Error), true
		case i < 0:
		case c.Pos < pos && c.Failures >= standsStill:
			*last, w.stopped = fmt.Sprintf("the consumer %s does not take it (position %d): %s", c.Name, pos, c.Error), true
			return nil
		case letters[pos]:
			*last = fmt.Sprintf("the consumer %s fails to take it (position %d): %s", c.Name, pos, c.LetterError)
		case c.Pos < pos:
			*last = fmt.Sprintf("the consumer %s does not take it (position %d)", c.Name, pos)
		default:
			w.stages = append(w.stages, fmt.Sprintf("in the %s after %v", w.consumers[i].name, since(w.began)))
			w.consumers = slices.Delete(w.consumers, i, i+1)
		}
	}
	return nil
}

// listen opens the socket that hears the canary; hangUp closes it. The error is why there is none.
func (d *doctor) listen(ctx context.Context, a *App, event callboard.Event, listener callboard.Actor) (heard <-chan struct{}, hangUp func(), err error) {
	nothing := func() {}
	if !a.signs {
		return nil, nothing, errors.New("the JWT_SECRET of the server is not known here")
	}
	base, err := d.reachable(ctx, a)
	if err != nil {
		return nil, nothing, err
	}
	token, _, err := a.Accounts.IssueSocketToken(ctx, listener)
	if err != nil {
		return nil, nothing, err
	}
	ends, _ := ctx.Deadline()
	half := time.Now().Add(time.Until(ends) / 2) // the other is for the canary
	dialing, cancel := context.WithDeadline(ctx, half)
	defer cancel()
	ws, err := d.dialSocket(dialing, d.socketURL(base), base)
	if err != nil {
		return nil, nothing, err
	}
	_ = ws.SetReadDeadline(half) // a connection that has ended says so when it is read
	ended := context.AfterFunc(ctx, func() { _ = ws.Close() })
	hangUp = func() {
		ended()
		_ = ws.Close() // all that was wanted has been heard
	}
	if err := connectSocket(ws, token); err != nil {
		hangUp()
		return nil, nothing, err
	}
	_ = ws.SetReadDeadline(time.Time{})
	signal := make(chan struct{})
	go func() {
		for {
			_, frame, err := ws.ReadMessage()
			if err != nil {
				return
			}
			if bytes.Contains(frame, []byte(event.ID)) {
				close(signal)
				return
			}
		}
	}()
	return signal, hangUp, nil
}

// connectSocket signs in, and returns once the server has let it.
func connectSocket(ws *websocket.Conn, token string) error {
	if err := ws.WriteJSON(map[string]any{"id": 1, "connect": map[string]any{"token": token}}); err != nil {
		return fmt.Errorf("the socket does not take a sign-in: %w", netReason(err))
	}
	_, frame, err := ws.ReadMessage()
	if closed, ok := errors.AsType[*websocket.CloseError](err); ok {
		return fmt.Errorf("the server does not let it in (%d %s): has it another JWT_SECRET?", closed.Code, closed.Text)
	}
	var answer struct {
		Connect *struct{} `json:"connect"`
	}
	if err == nil {
		err = json.Unmarshal(bytes.SplitN(frame, []byte("\n"), 2)[0], &answer)
	}
	if err != nil || answer.Connect == nil {
		return errors.New("the socket does not answer as Callboard does")
	}
	return nil
}

// reachable returns the address of a server of this installation: the one that is to be looked at, or one on this machine.
func (d *doctor) reachable(ctx context.Context, a *App) (string, error) {
	if d.options.URL != "" {
		return strings.TrimRight(d.options.URL, "/"), nil
	}
	nodes, err := liveNodes(ctx, a.DB)
	if err != nil {
		return "", err
	}
	for _, n := range nodes {
		if n.url == "" {
			continue
		}
		if alive, err := d.ask(ctx, n.url); err == nil && alive.Installation == a.id {
			return n.url, nil
		}
	}
	return "", errors.New("no server is on this machine")
}
