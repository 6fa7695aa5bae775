package suite

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/callboard/callboard/bench/load"
	"github.com/callboard/callboard/bench/process"
	"github.com/callboard/callboard/bench/report"
	"github.com/callboard/callboard/bench/sockets"
)

const (
	listeners         = 1000
	messagesPerSecond = 50
	messageBytes      = 500 // of a message as it arrives
	socketsPerUser    = 50  // as many as one user may open
	deliveryCPU       = "CPU µs/delivery"
)

// sockets measures what listening costs: the memory of an idle socket, how soon a change reaches everybody, and the CPU
// that a delivered message takes, beside other socket servers.
func (s *Suite) sockets(ctx context.Context, g *report.Group) error {
	swarms := map[*contender]*sockets.Swarm{}
	defer func() {
		for _, swarm := range swarms {
			swarm.Close()
		}
	}()
	err := s.compare(ctx, g, comparison{
		entrants: append(s.callboards("callboard"), s.centrifuge("centrifuge"), s.express("socket.io")),
		prepare: func(ctx context.Context, c *contender) error {
			tokens, err := s.listenerTokens(ctx, c)
			if err != nil {
				return err
			}
			if c.Kind == "callboard" {
				idle, err := s.socketMemory(ctx, c, c.Server, "KB/idle socket",
					sockets.Plan{Protocol: sockets.Centrifuge(), Servers: []string{c.URL}, Tokens: tokens, Sockets: s.idleSockets()})
				if err != nil {
					return err
				}
				idle.Close()
			}
			protocol := sockets.Centrifuge()
			if c.Kind == "express" {
				protocol = sockets.SocketIO()
			}
			swarm, err := sockets.Open(ctx, sockets.Plan{Protocol: protocol, Servers: []string{c.URL}, Tokens: tokens, Sockets: listeners})
			if err == nil {
				swarms[c] = swarm
			}
			return err
		},
		turn: func(ctx context.Context, c *contender) error {
			if err := s.delivery(ctx, c, swarms[c]); err != nil || c.Kind != "callboard" {
				return err
			}
			return s.reach(ctx, c, swarms[c])
		},
	})
	g.Median("create → all of 1,000 sockets, 50 writes/s: p99", "ms", report.AtMost(50), "callboard SQLite", "create → sockets p99 ms")
	g.Median("memory per idle socket", "KB", report.AtMost(30), "callboard SQLite", "KB/idle socket")
	for peer, most := range map[string]float64{"centrifuge": 1.2, "socket.io": 0.8} {
		g.Ratio("CPU per delivered message ÷ "+peer+"'s", report.AtMost(most), "callboard SQLite", peer, deliveryCPU)
		g.Note("Callboard's share includes writing each message durably, 50 times a second; the other writes nothing.")
	}
	return err
}

// listenerTokens returns tokens of those who listen. At Callboard these are many viewers, who are notified of nothing.
func (s *Suite) listenerTokens(ctx context.Context, c *contender) ([]string, error) {
	if c.Kind != "callboard" {
		return []string{c.Tokens["vic"]}, nil
	}
	ids, err := c.addViewers(ctx, s.idleSockets()/socketsPerUser)
	if err != nil {
		return nil, err
	}
	return tokensOf(ids)
}

// addViewers adds users who only look, and returns their IDs.
func (c *contender) addViewers(ctx context.Context, n int) ([]string, error) {
	var ledger load.Ledger
	request := load.Request("POST", c.URL+"/api/v1/users", c.Tokens["ada"],
		`{"email":"viewer`+load.Number+`@example.org","name":"Viewer `+load.Number+`","role":"viewer"}`)
	if _, err := load.Run(ctx, load.Plan{Connections: 16, Requests: n, Request: load.Numbered(request), Ledger: &ledger}); err != nil {
		return nil, fmt.Errorf("add users: %w", err)
	}
	_, err := c.Settle(ctx)
	return ledger.IDs(), err
}

func tokensOf(ids []string) ([]string, error) {
	tokens := make([]string, len(ids))
	for i, id := range ids {
		var err error
		if tokens[i], err = process.Token(id, process.User{}); err != nil {
			return nil, err
		}
	}
	return tokens, nil
}

func (s *Suite) idleSockets() int { return pick(s, 5000, 1000) }

// socketMemory opens sockets, and adds as a metric how many KB more a server has for each of them once they are idle.
func (s *Suite) socketMemory(ctx context.Context, c *contender, of *process.Server, metric string, p sockets.Plan) (*sockets.Swarm, error) {
	before, _, err := of.Memory()
	if err != nil {
		return nil, err
	}
	swarm, err := sockets.Open(ctx, p)
	if err != nil {
		return nil, err
	}
	if err = pause(ctx, s.millis(8000, 1000)); err == nil { // what signing in took is given back
		var after int64
		after, _, err = of.Memory()
		c.add(metric, float64(after-before)/1024/float64(p.Sockets))
	}
	if err = errors.Join(err, swarm.Err()); err != nil {
		swarm.Close()
		return nil, err
	}
	s.Log("%s: %d sockets, %.1f %s", c.name, p.Sockets, c.last(metric), metric)
	return swarm, nil
}

// reach measures how soon a new episode is known everywhere. A fan-out that loses any of what follows has no figure.
func (s *Suite) reach(ctx context.Context, c *contender, swarm *sockets.Swarm) error {
	n := int(s.millis(5000, 2000).Seconds() * messagesPerSecond)
	r, err := swarm.Measure(ctx, sockets.Load{Rate: messagesPerSecond, Messages: n, Send: func(ctx context.Context, mark string) error {
		var made struct{ Data struct{ ID string } }
		err := c.Ask(ctx, http.MethodPost, "/api/v1/episodes", "edgar", `{"title":"`+mark+`","season_number":1}`, &made)
		c.ledger.Add(made.Data.ID)
		return err
	}})
	if err != nil {
		return err
	}
	c.add("create → sockets p50 ms", load.Millis(r.Latency, 50))
	c.add("create → sockets p99 ms", load.Millis(r.Latency, 99))
	return c.checkEpisodes(ctx)
}

// delivery measures the CPU of a server that sends messages of an application's own, of one size, to all sockets.
func (s *Suite) delivery(ctx context.Context, c *contender, swarm *sockets.Swarm) error {
	padding := ""
	send := func(ctx context.Context, mark string) error {
		body := `{"event":"bench","data":{"mark":"` + mark + `","padding":"` + padding + `"}}`
		path := map[string]string{"callboard": "/api/v1/socket/broadcast", "express": "/api/v1/broadcast", "centrifuge": "/publish"}[c.Kind]
		return c.Ask(ctx, http.MethodPost, path, "ada", body, nil)
	}
	// The first ones warm the server up, and tell how much its messages need to be as long as those of the others.
	r, err := swarm.Measure(ctx, sockets.Load{Rate: messagesPerSecond, Messages: messagesPerSecond / 2, Send: send})
	if err != nil {
		return err
	}
	padding = strings.Repeat(".", max(0, messageBytes-int(r.Bytes)))
	before, err := c.CPU()
	if err != nil {
		return err
	}
	n := int(s.millis(4000, 1000).Seconds() * messagesPerSecond)
	if r, err = swarm.Measure(ctx, sockets.Load{Rate: messagesPerSecond, Messages: n, Send: send}); err != nil {
		return err
	}
	after, err := c.CPU()
	c.add(deliveryCPU, float64((after-before)/time.Microsecond)/float64(r.Deliveries))
	c.add("message p99 ms", load.Millis(r.Latency, 99))
	c.add("message bytes", r.Bytes)
	s.Log("%s: %.2f µs/delivery, p99 %.1f ms", c.name, c.last(deliveryCPU), c.last("message p99 ms"))
	return err
}
