package systemtest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/sqldb"
)

// A server that cannot write says so, and answers at once while it cannot; it is ready again when the lock is gone.
func TestWriterStuck(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	other, err := sqldb.Open(t.Context(), sqldb.Config{URL: s.Config.DatabaseURL})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	awaitReady(t, s, http.StatusOK, "writes", "ready")
	lock, err := other.SQL().BeginTx(t.Context(), nil) // BEGIN IMMEDIATE
	if err != nil {
		t.Fatal(err)
	}
	awaitReady(t, s, http.StatusOK, "writes", "degraded")
	awaitReady(t, s, http.StatusServiceUnavailable, "writes", "unavailable")
	if ready, _ := s.Ready(); !strings.Contains(ready.Parts["writes"].Detail, "the last test write succeeded") {
		t.Errorf("people are told %q", ready.Parts["writes"].Detail)
	}
	s.Want(http.StatusOK, http.MethodGet, episodesPath, s.Users.Viewer.Token, nil, nil)
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	awaitReady(t, s, http.StatusOK, "writes", "ready")
	log := s.Log.String()
	if strings.Contains(log, "level=ERROR msg=request ") || !strings.Contains(log, `level=ERROR msg="not ready" `) {
		t.Error("what changed is to be logged, and not each failing probe")
	}
	s.Want(http.StatusCreated, http.MethodPost, episodesPath, s.Users.Editor.Token, map[string]any{"title": "Again"}, nil)
}

// awaitReady waits until /readyz answers with the status, and tells the state of the part.
func awaitReady(t *testing.T, s *apptest.Server, status int, part, state string) {
	t.Helper()
	apptest.Eventually(t, "/readyz tells of "+part, func() error {
		if ready, got := s.Ready(); got != status || ready.Parts[part].Status != state {
			return fmt.Errorf("answer %d: %+v", got, ready)
		}
		return nil
	})
}
