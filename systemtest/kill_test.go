package systemtest

import (
	"context"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/realtime"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// noLimit switches the collapsing of a busy hour off, so that every notification can be counted.
const noLimit = "NOTIFICATION_RATE_LIMIT=1000000"

// A server that is killed in the middle of its work, several times, and also while it still recovers from the last time,
// loses nothing that it has acknowledged, does nothing twice and leaves nothing half.
func TestKilled(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		b := apptest.NewBinary(t, apptest.Options{Kind: kind}, noLimit)
		b.Start()
		work := startLoad(t, &b.Site, 6)
		for range size(1, 3) {
			for _, moment := range momentsOfStart(t, b) {
				work.awaitMore(size(10, 30) + rand.IntN(size(20, 60)))
				b.Kill()
				b.Launch()
				if !moment() {
					t.Error("the server does not come that far")
				}
				b.Kill()
				b.Start()
			}
		}
		work.awaitMore(20)
		work.stop()
		b.Kill()
		b.Start()
		verify(t, &b.Site, b.OpenDB(), work.acked)
	})
}

// momentsOfStart returns functions that wait until a server that starts has come to some point.
func momentsOfStart(t *testing.T, b *apptest.Binary) []func() bool {
	return []func() bool{
		func() bool { wait(t.Context(), rand.N(150*time.Millisecond)); return true }, // wherever it is by then
		func() bool { return b.Await("msg=listening") },
		func() bool { return b.Await("leads the consumers") },
		func() bool { return b.Await("Callboard is at ") && polls(t, b, rand.IntN(4)) },
	}
}

// polls asks the server n times whether it is alive.
func polls(t *testing.T, b *apptest.Binary, n int) bool {
	t.Helper()
	for range n {
		apptest.Eventually(t, "the port answers", func() error {
			_, err := b.Try(context.Background(), http.MethodGet, "/healthz", "", nil)
			return err
		})
	}
	return true
}

// A server that is asked to stop in the middle of its work finishes the requests that it has taken, sends the sockets to
// whoever serves next, and has lost nothing when it starts again.
func TestStoppedWhileBusy(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		b := apptest.NewBinary(t, apptest.Options{Kind: kind}, noLimit)
		b.Start()
		sockets := []interface {
			Wait(ctx context.Context) (int, error)
		}{b.Dial(b.Users.Admin.Token), b.Dial(b.Users.Viewer.Token)}
		work := startLoad(t, &b.Site, 6)
		work.awaitMore(50)
		if code := b.Stop(); code != 0 {
			t.Errorf("exit code %d, want 0", code)
		}
		for _, socket := range sockets {
			code, err := socket.Wait(t.Context())
			if err != nil || code != realtime.CodeShutdown {
				t.Errorf("the socket was closed with code %d (%v), want %d", code, err, realtime.CodeShutdown)
			}
		}
		work.stop()
		b.Start()
		verify(t, &b.Site, b.OpenDB(), work.acked)
	})
}
