package presence

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/callboard/callboard"
)

// countingStore counts the viewers that are read as lists.
type countingStore struct {
	*MemoryStore
	listed atomic.Int64
}

func (c *countingStore) Viewers(ctx context.Context, res callboard.Resource, after Viewer, limit int) ([]Viewer, int, error) {
	viewers, total, err := c.MemoryStore.Viewers(ctx, res, after, limit)
	c.listed.Add(int64(len(viewers)))
	return viewers, total, err
}

func TestStatusesAreSentWithoutTheListOfOnlineUsers(t *testing.T) {
	t.Parallel()
	store := &countingStore{MemoryStore: NewMemoryStore(Limits{})}
	inBubble(t, Config{Store: store}, func(t *testing.T, s *Service, b *board) {
		const crowd = 100
		for i := range crowd {
			ok(t, s.Connected(t.Context(), user(fmt.Sprint(i)), "tab"))
		}
		<-time.After(DefaultTTL / 4)
		if sent := len(b.take(callboard.PresenceStatusChanged.Name)); sent != crowd {
			t.Errorf("%d statuses sent, want %d", sent, crowd)
		}
		if n := store.listed.Load(); n != 0 {
			t.Errorf("%d rows of lists read for %d statuses", n, crowd)
		}
		if _, err := s.OnlineUsers(t.Context(), callboard.Page{Limit: 10}); err != nil || store.listed.Load() != 11 {
			t.Errorf("%d rows read for a page of 10 (%v), want one more to know whether another follows", store.listed.Load(), err)
		}
	})
}

// TestReconnectTakesNobodysTurn has a crowd come back as it was. A status that does change is not held up by it.
func TestReconnectTakesNobodysTurn(t *testing.T) {
	t.Parallel()
	inBubble(t, Config{}, func(t *testing.T, s *Service, b *board) {
		ctx := t.Context()
		const crowd = 1000
		for i := range crowd {
			ok(t, s.Connected(ctx, user(fmt.Sprint(i)), "tab"))
		}
		<-time.After(DefaultTTL / 2)
		if sent := len(b.take()); sent != crowd {
			t.Fatalf("%d statuses sent, want %d", sent, crowd)
		}
		for i := range crowd {
			ok(t, s.store.Leave(ctx, online, fmt.Sprint(i), "tab", 0))
			ok(t, s.Connected(ctx, user(fmt.Sprint(i)), "tab"))
		}
		ok(t, s.SetStatus(ctx, user("new"), StatusChoice{Status: StatusAway}))
		ok(t, s.Connected(ctx, user("new"), "tab"))
		wantStatuses(t, b, "new away")
	})
}

// TestSweepLooksOnlyAtWhatIsDue: the lock is held for those who may have expired, not for all who are there.
func TestSweepLooksOnlyAtWhatIsDue(t *testing.T) {
	t.Parallel()
	ctx, m := t.Context(), NewMemoryStore(Limits{})
	const crowd = 20_000
	for i := range crowd {
		ok(t, m.Touch(ctx, online, user(fmt.Sprint(i)), "tab", time.Hour, true))
	}
	ok(t, m.Touch(ctx, online, user("short"), "tab", time.Minute, true))
	if due := m.calendar.due(time.Second); len(due) != 0 {
		t.Fatalf("%d viewers are looked at while none is due", len(due))
	}
	m.sweep(2 * time.Minute)
	if st, err := m.Stats(ctx); err != nil || st.Online != crowd {
		t.Fatalf("%d online after a minute, want %d (%v)", st.Online, crowd, err)
	}
	m.sweep(2 * time.Hour)
	if st, err := m.Stats(ctx); err != nil || st != (Stats{}) {
		t.Errorf("left behind: %+v (%v)", st, err)
	}
	if len(m.calendar.seconds) != 0 {
		t.Errorf("the calendar still holds %d seconds", len(m.calendar.seconds))
	}
}

// BenchmarkStatusTick measures what one user who reconnects costs, among few and among many who are online.
func BenchmarkStatusTick(b *testing.B) {
	for _, crowd := range []int{100, 20_000} {
		b.Run(fmt.Sprint(crowd), func(b *testing.B) {
			s, ctx := benchService(b, 0), b.Context()
			for i := range crowd {
				_ = s.Connected(ctx, user(fmt.Sprint(i)), "tab")
			}
			for len(s.emit.queue) > 0 {
				s.emit.sendStatuses(ctx)
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				u := user(fmt.Sprint(i % crowd))
				_ = s.store.Leave(ctx, online, u.ID, "tab", 0)
				_ = s.Connected(ctx, u, "tab")
				s.emit.sendStatuses(ctx)
			}
		})
	}
}
