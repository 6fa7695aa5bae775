package systemtest

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/realtime/realtimetest"
)

// A client that stops reading is cut off, alone: the others hear everything in order, and the API answers meanwhile.
func TestSubscriberStuck(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	healthy := s.Dial(s.Users.Viewer.Token)
	stuck := s.DialWith(realtimetest.Options{Token: s.Users.Editor.Token, ReadBuffer: 4 << 10})
	stuck.Stall()

	flood := make(chan int64, 1)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { flood <- floodUntil(ctx, t, s) }()
	awaitConnection(t, s, stuck.ID, false)
	answers := 0
	for range 20 {
		s.Want(http.StatusOK, http.MethodGet, episodesPath, s.Users.Viewer.Token, nil, nil)
		answers++
	}
	cancel()
	sent := <-flood
	if sent == 0 || answers != 20 {
		t.Fatalf("%d messages were sent and %d answers given", sent, answers)
	}
	last := int64(0)
	for n := range sent {
		m := hear(t, healthy, "flood")
		if want := fmt.Sprintf(`"n":%d,`, n); !strings.Contains(string(m.Data)[:20], want) || last > 0 && m.Pos != last+1 {
			t.Fatalf("message %d is %.20s at position %d after %d", n, m.Data, m.Pos, last)
		}
		last = m.Pos
	}
	awaitConnection(t, s, healthy.ID, true)
	t.Logf("cut off while %d messages of 60 KB were sent", sent)
}

// floodUntil broadcasts large messages, one after the other, until ctx ends, and returns how many were taken.
func floodUntil(ctx context.Context, t *testing.T, s *apptest.Server) int64 {
	padding := strings.Repeat("x", 60<<10)
	var n int64
	for ; ctx.Err() == nil && n < 2000; n++ {
		body := fmt.Sprintf(`{"n":%d,"padding":%q}`, n, padding)
		r, err := s.Try(t.Context(), http.MethodPost, "/api/v1/socket/broadcast", s.Users.Service,
			map[string]any{"event": "flood", "data": jsonText(body)})
		if err != nil || r.Status != http.StatusAccepted {
			t.Errorf("broadcast %d: %d %s %v", n, r.Status, r.Body, err)
			return n
		}
	}
	return n
}

// jsonText is JSON that is sent as it is.
type jsonText string

func (j jsonText) MarshalJSON() ([]byte, error) { return []byte(j), nil }

// awaitConnection waits until the server has, or no longer has, the connection.
func awaitConnection(t *testing.T, s *apptest.Server, id string, want bool) {
	t.Helper()
	apptest.Eventually(t, "the list of connections is right", func() error {
		var open []struct {
			ID string `json:"id"`
		}
		s.Want(http.StatusOK, http.MethodGet, "/api/v1/socket/connections?limit=200", s.Users.Admin.Token, nil, &open)
		for _, c := range open {
			if c.ID == id {
				if want {
					return nil
				}
				return fmt.Errorf("%s is still connected", id)
			}
		}
		if want {
			return fmt.Errorf("%s is not connected", id)
		}
		return nil
	})
}
