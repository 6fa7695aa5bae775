package systemtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// A request whose server was killed before it answered is sent again with its key: it is answered as if nothing had happened, and
// was carried out once.
func TestKeysAfterKill(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		b := apptest.NewBinary(t, apptest.Options{Kind: kind})
		b.Start()
		create := func(key string) (apptest.Response, error) {
			return b.TryRaw(context.Background(), http.MethodPost, episodesPath, b.Users.Editor.Token,
				http.Header{"Content-Type": {"application/json"}, "Idempotency-Key": {key}}, strings.NewReader(`{"title":"`+key+`"}`))
		}
		var sent []string
		for range size(2, 6) {
			lost := killAmid(t, b, create)
			b.Start()
			for _, key := range lost {
				first, err := create(key)
				if err != nil || first.Status != http.StatusCreated {
					t.Errorf("repeat: answer %d %s, %v", first.Status, first.Body, err)
				}
				if second, err := create(key); err != nil || second.ID() != first.ID() || second.Header.Get("Idempotency-Replayed") != "true" {
					t.Errorf("repeat of the repeat: answer %d %s, %v; before %s", second.Status, second.Body, err, first.Body)
				}
			}
			sent = append(sent, lost...)
		}
		if len(sent) == 0 {
			t.Error("every request was answered; the test shows nothing")
		}
		doubled := sqldbtest.Column[string](t, b.OpenDB(), `SELECT title FROM callboard_episodes GROUP BY title HAVING count(*) > 1`)
		if len(doubled) > 0 {
			t.Errorf("carried out more than once: %d of them", len(doubled))
		}
	})
}

// killAmid has several callers create, kills the server, and returns the keys of the requests that were not answered.
func killAmid(t *testing.T, b *apptest.Binary, create func(key string) (apptest.Response, error)) (lost []string) {
	t.Helper()
	var mu sync.Mutex
	var answered atomic.Int64
	var callers sync.WaitGroup
	for range 8 {
		callers.Go(func() {
			for {
				key := callboard.NewID()
				r, err := create(key)
				if err != nil {
					mu.Lock()
					lost = append(lost, key)
					mu.Unlock()
					return
				}
				if r.Status != http.StatusCreated {
					t.Errorf("answer %d %s", r.Status, r.Body)
					return
				}
				answered.Add(1)
			}
		})
	}
	apptest.Eventually(t, "requests are answered", func() error {
		if n := answered.Load(); n < 30 {
			return fmt.Errorf("%d are", n)
		}
		return nil
	})
	wait(t.Context(), rand.N(20*time.Millisecond)) // wherever they are by then
	b.Kill()
	callers.Wait()
	return lost
}
