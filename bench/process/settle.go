package process

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

const (
	pollEvery = 10 * time.Millisecond // how often a server is asked whether it has settled, and how exact the answer is
	patience  = 10 * time.Minute      // a log of millions takes long
)

// Settle waits until all that follows from the writes is done, and returns how long that took.
func (s *Server) Settle(ctx context.Context) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	began := time.Now()
	var left []func(context.Context) (bool, error)
	switch {
	case s.Kind == "callboard" && !s.Off:
		var err error
		if left, err = s.mark(ctx); err != nil {
			return 0, err
		}
	case s.Kind == "express":
		left = append(left, s.idle)
	}
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	for len(left) > 0 {
		done, err := left[0](ctx)
		if err != nil {
			return 0, err
		}
		if done {
			left = left[1:]
			continue
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return 0, fmt.Errorf("%s has not settled: %w", s.Kind, ctx.Err())
		}
	}
	return time.Since(began), nil
}

// mark writes an entry and a notification, and returns what tells whether they have arrived. Events are handled in their order,
// so all that was written before has been handled then.
func (s *Server) mark(ctx context.Context) (arrived []func(context.Context) (bool, error), err error) {
	s.marks++
	id := fmt.Sprintf("bench-mark-%d-%d", s.PID, s.marks)
	for _, m := range []struct{ path, body, user, list string }{
		{"/api/v1/activity", `{"action":"bench_mark","resource_type":"bench","resource_id":"` + id + `"}`, "ada", "/api/v1/activity/resource/bench/" + id + "?limit=1"},
		{"/api/v1/notifications", `{"user_id":"` + s.vic + `","type":"` + id + `","message":"A mark"}`, "vic", "/api/v1/notifications?limit=1"},
	} {
		if err := s.Ask(ctx, http.MethodPost, m.path, "ada", m.body, nil); err != nil {
			return nil, err
		}
		arrived = append(arrived, func(ctx context.Context) (bool, error) {
			var newest struct {
				Data []struct {
					Type       string
					ResourceID string `json:"resource_id"`
				}
			}
			err := s.Ask(ctx, http.MethodGet, m.list, m.user, "", &newest)
			return len(newest.Data) > 0 && (newest.Data[0].Type == id || newest.Data[0].ResourceID == id), err
		})
	}
	return arrived, nil
}

// idle tells whether the Express peer has ended all effects that it has begun.
func (s *Server) idle(ctx context.Context) (bool, error) {
	var health struct{ Pending int }
	err := s.Ask(ctx, http.MethodGet, "/healthz", "", "", &health)
	return health.Pending == 0, err
}
