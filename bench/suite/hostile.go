package suite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/callboard/callboard/bench/report"
)

// hostile compares creates at a fixed rate with the same beside clients that mean harm, and shows whether the server's memory
// stays where it is. With many rounds it is a soak: --only hostile --rounds 120 takes about half an hour.
func (s *Suite) hostile(ctx context.Context, g *report.Group) error {
	const besieged, growth = " besieged", "memory, last ÷ first round"
	length, entrants := s.millis(3000, 1000), s.callboards("callboard")
	err := s.compare(ctx, g, comparison{
		entrants: entrants,
		turn: func(ctx context.Context, c *contender) error {
			create := s.creating(s.millis(1000, 300), length, 200)
			if err := create(ctx, c); err != nil {
				return err
			}
			stop := besiege(ctx, c)
			defer stop()
			beside := *c
			beside.name += besieged
			return create(ctx, &beside)
		},
		finish: func(_ context.Context, c *contender) error {
			rounds := g.Rounds(c.name+besieged, "RSS MB")
			c.add(growth, rounds[len(rounds)-1]/rounds[0])
			return nil
		},
	})
	for _, e := range entrants {
		g.Ratio("creates beside hostile clients ÷ without, on "+e.name+": p99", report.AtMost(3), e.name+besieged, e.name, p99)
		g.Median("the same: memory of the last ÷ that of the first round", "×", report.Target{}, e.name, growth)
	}
	return err
}

// attack is what hostile clients do over and over.
type attack struct {
	name    string
	clients int // that do it at once
	once    func(ctx context.Context, c *contender) error
}

func attacks() []attack {
	empties := `{"entries":[` + strings.Repeat(`{},`, 2_600_000) + `{}]}`
	depths := strings.Repeat(`{"metadata":`, 100_000)
	return []attack{
		{"pipelined", 40, func(ctx context.Context, c *contender) error { // asks and asks, and never reads
			return unread(ctx, c, strings.Repeat("GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n", 200))
		}},
		{"exports", 10, func(ctx context.Context, c *contender) error {
			return unread(ctx, c, "GET /api/v1/activity/export HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+c.Tokens["ada"]+"\r\n\r\n")
		}},
		{"half bodies", 20, func(ctx context.Context, c *contender) error { // half a body
			return unread(ctx, c, "POST /api/v1/episodes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n"+
				"Authorization: Bearer "+c.Tokens["vic"]+"\r\n\r\n{\"title\":")
		}},
		{"sockets", 40, func(ctx context.Context, c *contender) error { // a socket that nobody signs in on
			return unread(ctx, c, "GET /connection/websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
				"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
		}},
		{"empty items", 2, func(ctx context.Context, c *contender) error {
			return post(ctx, c, "/api/v1/activity/bulk", "vic", empties)
		}},
		{"depth", 2, func(ctx context.Context, c *contender) error {
			return post(ctx, c, "/api/v1/activity", "vic", depths)
		}},
		{"sign-ins", 4, func(ctx context.Context, c *contender) error {
			return post(ctx, c, "/api/v1/auth/login", "", `{"email":"ada@example.org","password":"wrong horse battery"}`)
		}},
		{"viewers", 4, func(ctx context.Context, c *contender) error {
			return post(ctx, c, "/api/v1/presence/viewers", "vic",
				fmt.Sprintf(`{"resource_type":"thing","resource_id":"%d"}`, time.Now().UnixNano()))
		}},
	}
}

// besiege has the hostile clients work until stop is called.
func besiege(ctx context.Context, c *contender) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var clients sync.WaitGroup
	for _, a := range attacks() {
		for range a.clients {
			clients.Go(func() {
				for ctx.Err() == nil {
					if a.once(ctx, c) != nil { // refused: it comes again, as they do
						_ = pause(ctx, 100*time.Millisecond)
					}
				}
			})
		}
	}
	return func() {
		cancel()
		clients.Wait()
	}
}

// unread sends a text and reads nothing of the answer until the server gives up.
func unread(ctx context.Context, c *contender, text string) error {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", strings.TrimPrefix(c.URL, "http://"))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // nothing is lost
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	if err := conn.(*net.TCPConn).SetReadBuffer(4 << 10); err != nil {
		return err
	}
	if _, err := io.WriteString(conn, text); err != nil {
		return err
	}
	for { // a peer that is gone refuses what is sent
		if err := pause(ctx, time.Second); err != nil {
			return err
		}
		if _, err := io.WriteString(conn, "\r\n"); err != nil {
			return err
		}
	}
}

// post sends a body, and takes whatever comes back.
func post(ctx context.Context, c *contender, path, user, body string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if user != "" {
		req.Header.Set("Authorization", "Bearer "+c.Tokens[user])
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode/100 != 2 {
		return errors.New(answer.Status)
	}
	return nil
}
