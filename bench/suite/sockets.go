package suite

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/golang-jwt/jwt/v5"

	"callboard/bench/load"
	"callboard/bench/process"
	"callboard/bench/report"
	"callboard/bench/sockets"
)

const (
	listeners         = 1000
	messagesPerSecond = 50
	messageBytes      = 500 // of a message as it arrives
	idleSockets       = 5000
	idleSocketsQuick  = 1000
	socketsPerUser    = 50 // as many as one user may open
	socketSecret      = "signs the tokens of the many who only listen"
)

// audience is a contender with sockets that listen to it.
type audience struct {
	*contender
	swarm   *sockets.Swarm
	send    func(ctx context.Context, mark string) error
	padding string // with which its messages are as long as those of the others

	cost      []float64 // µs of CPU of the server per delivered message
	size      []float64 // bytes of a message
	tail      []float64 // p99, ms
	latencies *hdrhistogram.Histogram
}

// Sockets measures what listening costs: the memory of an idle socket, how soon a change reaches everybody, and the CPU
// that a delivered message takes, beside other socket servers.
func (s *Suite) Sockets(ctx context.Context) (figures []report.Figure, series []report.Series, err error) {
	c, err := s.callboard(ctx, "callboard sockets", "", "JWT_SECRET="+socketSecret)
	if err != nil {
		return nil, nil, err
	}
	defer stopAll(&err, c)
	c.name = "callboard"
	tokens, err := c.listenerTokens(ctx, s.idleSockets()/socketsPerUser)
	if err != nil {
		return nil, nil, err
	}
	memory, err := s.socketMemory(ctx, c, tokens)
	if err != nil {
		return nil, nil, err
	}
	a, err := c.listen(ctx, sockets.Centrifuge(), tokens)
	if err != nil {
		return nil, nil, err
	}
	defer a.swarm.Close()
	fanout, line, err := s.fanout(ctx, a)
	if err != nil {
		return nil, nil, err
	}
	delivery, err := s.delivery(ctx, a)
	return append([]report.Figure{fanout, memory}, delivery...), []report.Series{line}, err
}

func (s *Suite) idleSockets() int {
	if s.Quick {
		return idleSocketsQuick
	}
	return idleSockets
}

// listenerTokens makes n viewers, who are notified of nothing, and returns tokens of theirs.
func (c *contender) listenerTokens(ctx context.Context, n int) ([]string, error) {
	tokens := make([]string, n)
	for i := range tokens {
		var made struct{ Data struct{ ID string } }
		body := fmt.Sprintf(`{"email":"listener%d@example.org","name":"Listener %d","role":"viewer"}`, i, i)
		if err := c.post(ctx, "/api/v1/users", "ada", body, &made); err != nil {
			return nil, err
		}
		token := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
			"sub": made.Data.ID, "exp": time.Now().Add(24 * time.Hour).Unix(),
		})
		var err error
		if tokens[i], err = token.SignedString([]byte(socketSecret)); err != nil {
			return nil, fmt.Errorf("sign a token: %w", err)
		}
	}
	_, err := c.Settle(ctx)
	return tokens, err
}

// post sends a request of a user, and reads the answer into answer unless that is nil.
func (c *contender) post(ctx context.Context, path, user, body string, answer any) error {
	return c.ask(ctx, http.MethodPost, path, user, body, answer)
}

// ask is post with any method.
func (c *contender) ask(ctx context.Context, method, path, user, body string, answer any) error {
	req, err := http.NewRequestWithContext(ctx, method, c.URL+path, strings.NewReader(body))
	if err != nil {
		return fmt.Errorf("%s: %w", c.name, err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+c.Tokens[user])
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("%s: %w", c.name, err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return fmt.Errorf("%s: %w", c.name, err)
	}
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("%s: %s %s: %s: %s", c.name, method, path, resp.Status, bytes.TrimSpace(text))
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(text, answer)
}

func (c *contender) listen(ctx context.Context, p sockets.Protocol, tokens []string) (*audience, error) {
	swarm, err := sockets.Open(ctx, c.URL, p, tokens, listeners)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.name, err)
	}
	return &audience{contender: c, swarm: swarm, latencies: hdrhistogram.New(1, time.Minute.Microseconds(), 3)}, nil
}

// socketMemory opens sockets on which nothing happens.
func (s *Suite) socketMemory(ctx context.Context, c *contender, tokens []string) (f report.Figure, err error) {
	before, err := c.Memory()
	if err != nil {
		return f, err
	}
	n := s.idleSockets()
	swarm, err := sockets.Open(ctx, c.URL, sockets.Centrifuge(), tokens, n)
	if err != nil {
		return f, err
	}
	defer swarm.Close()
	if err := pause(ctx, s.pick(8*time.Second, time.Second)); err != nil { // what signing in took is given back
		return f, err
	}
	after, err := c.Memory()
	each := float64(after-before) / 1024 / float64(n)
	s.Log("%d idle sockets: %.1f KB each", n, each)
	return single(report.Figure{
		ID: "memory_per_socket", Name: "memory per idle socket", Unit: "KB", Target: report.Target{AtMost: 30},
		Parts: map[string]float64{"sockets": float64(n), "RSS MB before": megabytes(before), "RSS MB after": megabytes(after)},
	}, []float64{each}), errors.Join(err, swarm.Err())
}

// fanout measures how soon a new episode is known everywhere, with all that follows from it.
func (s *Suite) fanout(ctx context.Context, a *audience) (f report.Figure, line report.Series, err error) {
	a.send = func(ctx context.Context, mark string) error {
		return a.post(ctx, "/api/v1/episodes", "edgar", `{"title":"`+mark+`","description":"Two friends find a letter.","season_number":1}`, nil)
	}
	made := int64(0)
	for range s.Rounds {
		n, err := s.socketRound(ctx, a, s.pick(5*time.Second, 2*time.Second))
		if err != nil {
			return f, line, err
		}
		made += n
	}
	x, y := load.Distribution(a.latencies)
	result := load.Result{Latency: a.latencies}
	f = single(report.Figure{
		ID: "fanout_p99", Name: "create → all of 1,000 sockets, 50 writes/s: p99", Unit: "ms", Target: report.Target{AtMost: 50},
		Parts: map[string]float64{
			"p50 ms": result.Percentile(50), "p99.9 ms": result.Percentile(99.9), "most ms": result.Percentile(100),
			"CPU µs/delivery": report.Median(a.cost), "bytes": report.Median(a.size),
		},
	}, a.tail)
	a.forget()
	return f, report.Series{Chart: "fanout", Name: a.name, X: x, Y: y}, a.checkMade(ctx, made)
}

// socketRound has a message sent again and again, and returns how many there were.
func (s *Suite) socketRound(ctx context.Context, a *audience, length time.Duration) (int64, error) {
	n := int(length.Seconds() * messagesPerSecond)
	before, err := a.CPU()
	if err != nil {
		return 0, err
	}
	r, err := a.swarm.Measure(ctx, sockets.Load{Rate: messagesPerSecond, Messages: n, Send: a.send})
	if err != nil {
		return 0, fmt.Errorf("%s: %w", a.name, err)
	}
	after, err := a.CPU()
	a.add(r, after-before)
	s.Log("%s: %.2f µs/delivery, p99 %.1f ms", a.name, a.cost[len(a.cost)-1], a.tail[len(a.tail)-1])
	return int64(n), err
}

func (a *audience) add(r sockets.Result, cpu time.Duration) {
	a.cost = append(a.cost, float64(cpu.Microseconds())/float64(r.Deliveries))
	a.size = append(a.size, r.Bytes)
	a.tail = append(a.tail, load.Result{Latency: r.Latency}.Percentile(99))
	a.latencies.Merge(r.Latency)
}

// forget makes ready for another series of rounds.
func (a *audience) forget() {
	a.cost, a.size, a.tail = nil, nil, nil
	a.latencies.Reset()
}

// checkMade counts the episodes and what follows from them: a fan-out that loses any of it has no figure.
func (a *audience) checkMade(ctx context.Context, made int64) error {
	if _, err := a.Settle(ctx); err != nil {
		return err
	}
	for table, want := range map[string]int64{"episodes": made, "activity": made, "notifications": recipients * made} {
		query := `SELECT count(*) FROM ` + table
		if table != "episodes" {
			query += ` WHERE resource_type = 'episode'`
		}
		rows, err := process.Count(ctx, a.Database, query)
		if err != nil {
			return err
		}
		if rows != want {
			return fmt.Errorf("%s: %d episodes were created and %d rows are in %s, not %d", a.name, made, rows, table, want)
		}
	}
	return nil
}

// delivery compares the CPU of servers that send the same number of messages of the same size to as many sockets.
func (s *Suite) delivery(ctx context.Context, callboard *audience) (figures []report.Figure, err error) {
	callboard.sendBroadcast("/api/v1/socket/broadcast")
	bare, err := s.centrifuge(ctx)
	if err != nil {
		return nil, err
	}
	defer bare.close(&err)
	socketIO, err := s.socketIO(ctx)
	if err != nil && !errors.Is(err, errMissing) {
		return nil, err
	}
	all := []*audience{callboard, bare}
	if err == nil {
		all = append(all, socketIO)
		defer socketIO.close(&err)
	}
	if err := s.deliveryRounds(ctx, all); err != nil {
		return nil, err
	}
	for i, peer := range all[1:] {
		figures = append(figures, deliveryFigure(callboard, peer, []float64{1.2, 0.8}[i]))
	}
	return figures, nil
}

// sendBroadcast has the server send a message of an application's own.
func (a *audience) sendBroadcast(path string) {
	a.send = func(ctx context.Context, mark string) error {
		return a.post(ctx, path, "ada", `{"event":"bench","data":`+a.data(mark)+`}`, nil)
	}
}

func (a *audience) data(mark string) string {
	return `{"mark":"` + mark + `","padding":"` + a.padding + `"}`
}

// centrifuge starts the bare socket server. It publishes what it is sent as it is.
func (s *Suite) centrifuge(ctx context.Context) (*audience, error) {
	server, err := process.Centrifuge(ctx, s.Centrifuge)
	c, err := newContender(ctx, "centrifuge", server, func() {}, err)
	if err != nil {
		return nil, err
	}
	a, err := c.listenOrStop(ctx, sockets.Centrifuge(), "anybody")
	if err != nil {
		return nil, err
	}
	a.send = func(ctx context.Context, mark string) error { return a.post(ctx, "/publish", "", a.data(mark), nil) }
	return a, nil
}

// socketIO starts the Express peer, of which only the sockets are used.
func (s *Suite) socketIO(ctx context.Context) (*audience, error) {
	c, err := s.express(ctx, "bench_sockets")
	if err != nil {
		return nil, err
	}
	a, err := c.listenOrStop(ctx, sockets.SocketIO(), c.Tokens["vic"])
	if err != nil {
		return nil, err
	}
	a.name = "socket.io"
	a.sendBroadcast("/api/v1/broadcast")
	return a, nil
}

func (c *contender) listenOrStop(ctx context.Context, p sockets.Protocol, token string) (*audience, error) {
	a, err := c.listen(ctx, p, []string{token})
	if err != nil {
		return nil, errors.Join(err, c.stop())
	}
	return a, nil
}

func (a *audience) close(err *error) {
	a.swarm.Close()
	stopAll(err, a.contender)
}

func (s *Suite) deliveryRounds(ctx context.Context, all []*audience) error {
	for _, a := range all {
		if err := a.calibrate(ctx); err != nil {
			return err
		}
	}
	for range s.Rounds {
		for _, a := range all {
			if _, err := s.socketRound(ctx, a, s.pick(4*time.Second, time.Second)); err != nil {
				return err
			}
		}
	}
	return nil
}

// calibrate warms the server up and makes its messages as long as those of the others.
func (a *audience) calibrate(ctx context.Context) error {
	r, err := a.swarm.Measure(ctx, sockets.Load{Rate: messagesPerSecond, Messages: messagesPerSecond / 2, Send: a.send})
	if err != nil {
		return fmt.Errorf("%s: %w", a.name, err)
	}
	a.padding = strings.Repeat(".", max(0, messageBytes-int(r.Bytes)))
	return nil
}

func deliveryFigure(callboard, peer *audience, most float64) report.Figure {
	f := ratio(report.Figure{
		ID: "delivery_cpu_vs_" + strings.ReplaceAll(peer.name, ".", ""), Target: report.Target{AtMost: most},
		Name: "CPU per delivered message ÷ " + peer.name + "'s",
		Note: "Callboard's share includes writing each message durably, 50 times a second; the other writes nothing.",
	}, callboard.cost, peer.cost)
	f.Parts = map[string]float64{}
	for _, a := range []*audience{callboard, peer} {
		f.Parts[a.name+" CPU µs/delivery"] = report.Median(a.cost)
		f.Parts[a.name+" p99 ms"] = report.Median(a.tail)
		f.Parts[a.name+" bytes"] = report.Median(a.size)
	}
	return f
}
