package app_test

import (
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// One line of the log says what was started, where, and on which data.
func TestStartLine(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{Config: func(cfg *app.Config) {
		cfg.Version, cfg.DisablePresence = "1.2.3", true
		cfg.DatabaseURL = strings.Replace(cfg.DatabaseURL, "postgres@", "postgres:s3cret@", 1)
	}}, func(t *testing.T, s *apptest.Server) {
		log := s.Log.String()
		for _, want := range []string{
			"level=INFO msg=listening addr=127.0.0.1:", " socket_addr=127.0.0.1:", " version=1.2.3 ", " database=" + s.DB.String() + " ",
			" data_dir=" + s.Config.DataDir + " ", " files=" + s.Config.DataDir + "/files ", " on=activity,notifications ", " off=presence,oidc,trust_proxy\n",
		} {
			if !strings.Contains(log, want) {
				t.Errorf("the log lacks %q", want)
			}
		}
		if strings.Contains(log, "s3cret") || s.DB.String() == "" {
			t.Error("the log has the password")
		}
	})
}

// A duration has its unit in both formats of the log.
func TestDurationsInTheLog(t *testing.T) {
	t.Parallel()
	for format, want := range map[string]string{"text": " took=1.5s", "json": `"took":"1.5s"`} {
		var out strings.Builder
		logger, err := app.Config{LogLevel: "info", LogFormat: format}.NewLogger(&out)
		if err != nil {
			t.Fatal(err)
		}
		if logger.Info("done", "took", 1500*time.Millisecond); !strings.Contains(out.String(), want) {
			t.Errorf("%s: %s", format, out.String())
		}
	}
}

// A database that is deleted under a server is no longer called ready: what is written there would be gone with the process.
func TestDatabaseDeleted(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Kind: sqldbtest.SQLite})
	if err := os.Remove(s.DB.Path()); err != nil {
		t.Fatal(err)
	}
	apptest.Eventually(t, "/readyz says so", func() error {
		r := s.Do(http.MethodGet, "/readyz", "", nil)
		if !strings.Contains(string(r.Body), "deleted or replaced") {
			return errors.New(string(r.Body))
		}
		return nil
	})
}

// The file of SQLite is served once, whatever path leads to it.
func TestSecondServer(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Kind: sqldbtest.SQLite})
	link := t.TempDir() + "/link.db"
	if err := os.Symlink(s.DB.Path(), link); err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{s.Config.DatabaseURL, link, "sqlite://" + link} {
		cfg := s.Config
		cfg.DatabaseURL = url
		if a, err := app.New(t.Context(), cfg); callboard.CodeOf(err) != callboard.CodeConflict {
			t.Errorf("%s: %v, want a conflict", url, err)
			if err == nil {
				_ = a.Close()
			}
		}
	}
}
