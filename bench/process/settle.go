package process

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// pollEvery is how often a server is asked whether it has settled, and how exact the answer is.
const pollEvery = 10 * time.Millisecond

// Settle waits until all that follows from the writes is done, and returns how long that took.
func (s *Server) Settle(ctx context.Context) (time.Duration, error) {
	start := time.Now()
	var pending func(context.Context) (int, error)
	switch s.Name {
	case "callboard":
		pending = s.lag
	case "express":
		pending = s.pending
	default:
		return 0, nil // has nothing that follows
	}
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	for {
		n, err := pending(ctx)
		if err != nil || n == 0 {
			return time.Since(start), err
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return 0, fmt.Errorf("%s has not settled, %d are left: %w", s.Name, n, ctx.Err())
		}
	}
}

// lag returns how many events Callboard has not brought out yet, including those that a handler owes and those on their way to
// large audiences.
func (s *Server) lag(ctx context.Context) (int, error) {
	var ready struct {
		Parts struct {
			Relay struct {
				LagEvents *int `json:"lag_events"`
				Parked    int  `json:"parked"`
			} `json:"relay"`
			Notifications struct {
				Deliveries int `json:"deliveries"`
			} `json:"notifications"`
		} `json:"parts"`
	}
	if err := s.get(ctx, "/readyz", &ready); err != nil {
		return 0, err
	}
	relay := ready.Parts.Relay
	if relay.LagEvents == nil {
		return 0, fmt.Errorf("%s does not tell its lag", s.Name)
	}
	return *relay.LagEvents + relay.Parked + ready.Parts.Notifications.Deliveries, nil
}

// pending returns how many effects the Express peer has begun and not ended.
func (s *Server) pending(ctx context.Context) (int, error) {
	var health struct {
		Pending *int `json:"pending"`
	}
	if err := s.get(ctx, "/healthz", &health); err != nil {
		return 0, err
	}
	if health.Pending == nil {
		return 0, fmt.Errorf("%s does not tell what is pending", s.Name)
	}
	return *health.Pending, nil
}

func (s *Server) get(ctx context.Context, path string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+path, nil)
	if err != nil {
		return fmt.Errorf("ask %s: %w", s.Name, err)
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("ask %s: %w", s.Name, err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		return fmt.Errorf("answer of %s: %w", s.Name, err)
	}
	return nil
}
