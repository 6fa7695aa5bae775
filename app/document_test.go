package app_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// Each regular expression of the API has words beside it: they are what callers are told who break it.
func TestPatternsHaveWords(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Kind: sqldbtest.SQLite})
	var document any
	if err := json.Unmarshal(s.Do(http.MethodGet, "/openapi.json", "", nil).Body, &document); err != nil {
		t.Fatal(err)
	}
	found := 0
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if pattern, ok := v["pattern"].(string); ok {
				found++
				if v["x-pattern-description"] == nil {
					t.Errorf("%s needs a patternDescription", pattern)
				}
			}
			for _, member := range v {
				walk(member)
			}
		case []any:
			for _, item := range v {
				walk(item)
			}
		}
	}
	walk(document)
	if found == 0 {
		t.Error("there is no pattern any more: this test can go")
	}
}

// The AsyncAPI document names the host at which the settings have the sockets.
func TestAsyncAPIHost(t *testing.T) {
	t.Parallel()
	for want, cfg := range map[string]app.Config{
		"127.0.0.1:8080":      {},
		"192.0.2.7:9000":      {HTTPAddr: "192.0.2.7:9000"},
		"127.0.0.1:9001":      {HTTPAddr: ":9000", SocketPort: 9001},
		"sockets.example.org": {SocketURL: "wss://sockets.example.org"},
	} {
		cfg.DataDir, cfg.Logger = t.TempDir(), slog.New(slog.DiscardHandler)
		cfg.DatabaseURL = sqldbtest.MigratedURL(t, sqldbtest.SQLite, app.Migrations())
		board, err := app.New(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		defer board.Close()
		answer := httptest.NewRecorder()
		board.Handler().ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/asyncapi.json", nil))
		var document struct {
			Servers map[string]struct {
				Variables struct {
					Host struct{ Default string }
				}
			}
		}
		if err := json.Unmarshal(answer.Body.Bytes(), &document); err != nil {
			t.Fatal(err)
		}
		if got := document.Servers["websocket"].Variables.Host.Default; got != want {
			t.Errorf("the document names the host %q, want %q", got, want)
		}
	}
}
