package app_test

import (
	"encoding/json"
	"net/http"
	"testing"

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
