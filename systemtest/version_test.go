package systemtest

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/internal/needtest"
	"github.com/callboard/callboard/realtime/realtimetest"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// previous is the release before this version: nodes of both run side by side while an installation is brought up to date.
const previous = "0.1.0"

// previousFolder has what is kept of it.
const previousFolder = "../app/testdata/upgrade/" + previous

// previousBinary builds the release from the history of the repository, once: the result is kept with the caches of the user.
func previousBinary(t *testing.T) string {
	t.Helper()
	path, err := buildPrevious()
	if errors.Is(err, errNoHistory) {
		needtest.Missing(t, "history", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var errNoHistory = errors.New("the commit of version " + previous + " is not here: this is no clone, or a shallow one")

var buildPrevious = sync.OnceValues(func() (string, error) {
	text, err := os.ReadFile(filepath.Join(previousFolder, "commit"))
	if err != nil {
		return "", err
	}
	commit := strings.TrimSpace(string(text))
	if exec.Command("git", "cat-file", "-e", commit+"^{commit}").Run() != nil {
		return "", errNoHistory
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	binary := filepath.Join(cache, "callboard-test", "callboard-"+commit[:12])
	if _, err := os.Stat(binary); err == nil {
		return binary, nil
	}
	source, err := os.MkdirTemp("", "callboard-previous-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(source)
	script := `set -e
		git -C ../ archive "$1" | tar -x -C "$2"
		mkdir -p "$(dirname "$3")"
		cd "$2" && go build -ldflags=-w -o "$3.$$" ./cmd/callboard && mv "$3.$$" "$3"`
	if out, err := exec.Command("bash", "-c", "set -o pipefail;"+script, "-", commit, source, binary).CombinedOutput(); err != nil { //nolint:gosec // a constant
		return "", fmt.Errorf("build version %s: %w\n%s", previous, err, out)
	}
	return binary, nil
})

// goBack takes the migrations back that the previous release does not know, as operations.md says.
func goBack(t *testing.T, b *apptest.Binary) {
	t.Helper()
	if code, stdout, stderr := b.Run("migrate", "down", "--to", previous, "--yes"); code != 0 {
		t.Fatalf("migrate down: %d %s%s", code, stdout, stderr)
	}
}

// provenBy runs callboard verify.
func provenBy(t *testing.T, b *apptest.Binary) {
	t.Helper()
	if code, stdout, stderr := b.Run("verify"); code != 0 {
		t.Errorf("callboard verify: %d\n%s%s", code, stdout, stderr)
	}
}

// A node of this version comes beside one of the previous release, which goes on: both take changes, hear of those of the other one, and do
// jobs; nothing is lost or done twice. The previous release does not start any more, and says why.
func TestVersionsSideBySide(t *testing.T) {
	needLong(t)
	t.Parallel()
	newer := apptest.NewBinary(t, apptest.Options{Kind: "postgres"}, noLimit)
	older := newer.Of(previousBinary(t))
	goBack(t, newer)
	older.Start()
	listeners := []*listener{startListener(t, &older.Site)}
	works := []*load{startLoad(t, &older.Site, 2)}
	works[0].awaitMore(30)
	newer.Start()
	listeners = append(listeners, startListener(t, &newer.Site))
	works = append(works, startLoad(t, &newer.Site, 2))
	for _, work := range works {
		work.awaitMore(60)
	}
	for _, n := range []*apptest.Binary{older, newer} {
		id := createOn(t, n, "Looked at")
		if _, err := n.Dial(n.Users.Viewer.Token).Subscribe(t.Context(), "viewers:episode:"+id, realtimetest.SubscribeOptions{}); err != nil {
			t.Fatal(err)
		}
		awaitViewers(t, n, id, "Vera")
		job := n.QueueJob(n.Users.Editor.Token, "bulk-export", obj{"what": "episodes"})
		n.AwaitJobStatus(job.ID, "completed")
	}
	var acked []write
	for _, work := range works {
		work.wantNoRefusals()
		work.stop()
		acked = append(acked, work.acked...)
	}
	older.Settle()
	newer.Settle()
	listeners[0].awaitAll(allEvents(t, &older.Site))
	listeners[1].awaitAll(allEvents(t, &newer.Site))
	if ready, status := older.Ready(); status != http.StatusOK || ready.Status != "ready" {
		t.Errorf("the older node answers %d %+v", status, ready)
	}
	listeners[0].stop()
	if code := older.Stop(); code != 0 {
		t.Errorf("the older node ended with %d", code)
	}
	if code, _, stderr := older.Run("serve"); code == 0 || !strings.Contains(stderr, "newer version") {
		t.Errorf("the older version on newer tables: %d %s", code, stderr)
	}
	verify(t, &newer.Site, newer.OpenDB(), acked)
	provenBy(t, newer)
}

// The previous release goes on alone with what this version has written, once the migrations are taken back; and this one after that.
func TestGoingBack(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		newer := apptest.NewBinary(t, apptest.Options{Kind: kind}, noLimit)
		older := newer.Of(previousBinary(t))
		var acked []write
		use := func(b *apptest.Binary) {
			b.Start()
			work := startLoad(t, &b.Site, 2)
			work.awaitMore(40)
			work.stop()
			acked = append(acked, work.acked...)
			b.Settle()
			verify(t, &b.Site, b.OpenDB(), acked)
			if code := b.Stop(); code != 0 {
				t.Errorf("exit code %d", code)
			}
		}
		use(newer)
		provenBy(t, newer)
		goBack(t, newer)
		use(older)
		use(newer)
		provenBy(t, newer)
	})
}
