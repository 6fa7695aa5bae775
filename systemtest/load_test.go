package systemtest

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/apptest"
)

const episodesPath = "/api/v1/episodes"

// write is a change that the server has acknowledged.
type write struct {
	episode string
	event   string
	version int64
}

// load is people at work: they create, change and publish episodes, and note every change that was acknowledged.
type load struct {
	t      *testing.T
	site   *apptest.Site
	cancel context.CancelFunc
	people sync.WaitGroup

	mu      sync.Mutex
	acked   []write
	refused int
	why     string // the last one was
}

// pause is how long somebody rests after an episode, or when refused: without it few people keep a machine busy that other tests share.
const pause = 100 * time.Millisecond

// startLoad has n people work until stop. Requests may fail for want of a server, or be answered with 503 and when to
// come again; any other failure is the test's.
func startLoad(t *testing.T, site *apptest.Site, n int) *load {
	ctx, cancel := context.WithCancel(context.Background())
	l := &load{t: t, site: site, cancel: cancel}
	for i := range n {
		l.people.Go(func() { l.work(ctx, i) })
	}
	t.Cleanup(l.stop)
	return l
}

func (l *load) stop() {
	l.cancel()
	l.people.Wait()
}

// work makes one episode after the other, in turns with a colleague, so that there are watchers to notify. It gives an
// episode up when a request for it fails: nobody knows then how far it has come.
func (l *load) work(ctx context.Context, person int) {
	editor, admin := l.site.Users.Editor.Token, l.site.Users.Admin.Token
	if person%2 == 1 {
		editor, admin = admin, editor
	}
	for n := 0; ctx.Err() == nil; n++ {
		title := fmt.Sprintf("Work %d of %d", n, person)
		id, ok := l.send(ctx, http.MethodPost, episodesPath, editor, callboard.EpisodeCreated.Name, map[string]any{"title": title})
		path := episodesPath + "/" + id
		for _, step := range []struct {
			token, event string
			patch        map[string]any
		}{
			{admin, callboard.EpisodeUpdated.Name, map[string]any{"title": title + ", retitled"}},
			{editor, callboard.EpisodeUpdated.Name, map[string]any{"status": "approved"}},
			{admin, callboard.EpisodePublished.Name, map[string]any{"status": "published"}},
		} {
			if ok {
				_, ok = l.send(ctx, http.MethodPatch, path, step.token, step.event, step.patch)
			}
		}
		wait(ctx, pause)
	}
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// send makes one change, and notes it when it is acknowledged.
func (l *load) send(ctx context.Context, method, path, token, event string, body any) (string, bool) {
	content, err := json.Marshal(body)
	if err != nil {
		l.t.Fatal(err)
	}
	// A kept connection may be closed by a proxy just as it is used. With a key the request goes again by itself, as those of browsers do.
	header := http.Header{"Content-Type": {"application/json"}, "Idempotency-Key": {rand.Text()}}
	r, err := l.site.TryRaw(ctx, method, path, token, header, bytes.NewReader(content))
	if err != nil { // no server, or one that went away before it answered
		l.refuse(err.Error())
		return "", false
	}
	if r.Status == http.StatusServiceUnavailable {
		checkUnavailable(l.t, r)
		l.refuse(r.Problem())
		return "", false
	}
	var answer struct {
		Data struct {
			ID      string `json:"id"`
			Version int64  `json:"version"`
		} `json:"data"`
	}
	if err := r.JSON(&answer); err != nil || r.Status/100 != 2 || answer.Data.ID == "" {
		l.t.Errorf("%s %s: answer %d %s", method, path, r.Status, r.Body)
		l.refuse("a failure")
		return "", false
	}
	l.note(write{episode: answer.Data.ID, event: event, version: answer.Data.Version})
	return answer.Data.ID, true
}

func (l *load) note(w write) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.acked = append(l.acked, w)
}

func (l *load) refuse(why string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refused++
	l.why = why
}

// wantNoRefusals is called before the load stops: who stops gives up what is under way.
func (l *load) wantNoRefusals() {
	l.t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.refused > 0 {
		l.t.Errorf("%d requests failed, the last one: %s", l.refused, l.why)
	}
}

func (l *load) counts() (acked, refused int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.acked), l.refused
}

// awaitMore waits until n more changes are acknowledged.
func (l *load) awaitMore(n int) {
	l.t.Helper()
	before, _ := l.counts()
	apptest.Eventually(l.t, "work goes on", func() error {
		if now, refused := l.counts(); now < before+n {
			return fmt.Errorf("%d changes acknowledged, %d refused; waiting for %d", now, refused, before+n)
		}
		return nil
	})
}

// awaitRefusals waits until people have been refused for a while without exception: a full SQLite database may still
// write over what it has.
func (l *load) awaitRefusals() {
	l.t.Helper()
	var acked, since int
	apptest.Eventually(l.t, "changes are refused", func() error {
		now, refused := l.counts()
		if now != acked {
			acked, since = now, refused
		}
		if refused < since+20 {
			return fmt.Errorf("%d changes acknowledged, %d refused", now, refused)
		}
		return nil
	})
}

// checkUnavailable holds a 503 to what it must be: an explanation for people, when to come again, and no internals.
func checkUnavailable(t *testing.T, r apptest.Response) {
	t.Helper()
	if r.Status != http.StatusServiceUnavailable || r.Problem() == "" || r.Header.Get("Retry-After") == "" {
		t.Errorf("answer %d %v %s, want 503 with problem+json and Retry-After", r.Status, r.Header, r.Body)
	}
	for _, internal := range []string{"SQL", "sqlite", "pgx", "pgconn", "dial", "127.0.0.1", ".go:", "ENOSPC", "SAVEPOINT"} {
		if containsFold(string(r.Body), internal) {
			t.Errorf("the answer tells internals: %s", r.Body)
		}
	}
}
