package systemtest

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/internal/needtest"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// On a full disk, people read and are told to come again when they write. Once there is room, all goes on by itself, and
// nothing that was acknowledged is missing.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	dir := mountSmall(t, "48m")
	s := apptest.Start(t, apptest.Options{Config: func(cfg *app.Config) {
		cfg.DataDir, cfg.DatabaseURL = dir, ""
		withoutLimit(cfg)
	}})
	work := startLoad(t, &s.Site, 4)
	work.awaitMore(40)
	for range size(1, 3) {
		ballast := fill(t, dir)
		work.awaitRefusals()
		s.Want(http.StatusOK, http.MethodGet, episodesPath+"?limit=5", s.Users.Viewer.Token, nil, nil)
		s.Want(http.StatusOK, http.MethodGet, "/api/v1/activity/feed?limit=5", s.Users.Viewer.Token, nil, nil)
		s.Want(http.StatusOK, http.MethodGet, "/api/v1/notifications?limit=5", s.Users.Admin.Token, nil, nil)
		if r := s.Do(http.MethodGet, "/healthz", "", nil); r.Status != http.StatusOK {
			t.Errorf("/healthz: %d", r.Status)
		}
		awaitReady(t, s, http.StatusServiceUnavailable, "disk", "unavailable")
		findings := app.Doctor(t.Context(), s.Config, app.DoctorOptions{})
		if !slices.ContainsFunc(findings, func(f app.Finding) bool { return f.Part == "disk" && f.Severity == app.SeverityCritical && f.Fix != "" }) {
			t.Errorf("doctor finds %+v", findings)
		}
		apptest.Eventually(t, "the log warns", func() error {
			for _, line := range []string{`level=WARN msg="disk is low"`, `level=ERROR msg="disk is full"`, `level=ERROR msg="a test write failed"`} {
				if !strings.Contains(s.Log.String(), line) {
					return errors.New("it lacks " + line)
				}
			}
			return nil
		})
		detail := s.Do(http.MethodPost, episodesPath, s.Users.Editor.Token, map[string]any{"title": "No room"})
		checkUnavailable(t, detail)
		if !strings.Contains(detail.Problem(), "room") {
			t.Errorf("people are told %q, and not that there is no room", detail.Problem())
		}
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
		work.awaitMore(20)
		awaitReady(t, s, http.StatusOK, "disk", "degraded") // the whole disk is small
	}
	work.stop()
	verify(t, &s.Site, s.DB, work.acked)
	if got := sqldbtest.Column[string](t, s.DB, "PRAGMA integrity_check"); !slices.Equal(got, []string{"ok"}) {
		t.Errorf("integrity_check: %q", got)
	}
}

// mountSmall returns a folder on a disk of its own, of the given size.
func mountSmall(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		needtest.Missing(t, "tmpfs", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Errorf("unmount %s: %v", dir, err)
		}
	})
	return dir
}

// fill fills the disk of dir to the last byte and returns the file that does.
func fill(t *testing.T, dir string) string {
	t.Helper()
	path := filepath.Join(dir, "ballast")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, fs.FileMode(0o600))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, chunk := range []int{64 << 10, 4 << 10, 1} {
		for err = error(nil); err == nil; {
			_, err = f.Write(make([]byte, chunk))
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("fill the disk: %v", err)
		}
	}
	return path
}
