package deptest_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"

	"callboard/internal/deptest"
)

type goPackage struct {
	ImportPath  string
	Imports     []string
	TestImports []string
}

// TestArrows looks at packages and at the tests inside them. External tests (package x_test) may wire a real neighbour
// instead of a fake one: nobody who imports the package carries that.
func TestArrows(t *testing.T) {
	t.Parallel()
	command := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,TestImports", "callboard/...")
	out, err := command.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	dec := json.NewDecoder(strings.NewReader(string(out)))
	packages := 0
	for {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		packages++
		check(t, p.ImportPath, p.Imports)
		check(t, p.ImportPath, withoutTestSupport(p.TestImports))
	}
	if packages < 10 {
		t.Errorf("go list found %d packages: the test looks at too little", packages)
	}
}

func check(t *testing.T, from string, imports []string) {
	t.Helper()
	for _, to := range imports {
		if to != "callboard" && !strings.HasPrefix(to, "callboard/") {
			continue
		}
		if why := deptest.Broken(trim(from), trim(to)); why != "" {
			t.Errorf("%s must not import %s: %s", from, to, why)
		}
	}
}

func trim(path string) string { return strings.TrimPrefix(strings.TrimPrefix(path, "callboard"), "/") }

// withoutTestSupport drops packages that only tests import: they stand outside of the house.
func withoutTestSupport(imports []string) []string {
	var rest []string
	for _, path := range imports {
		if !strings.HasSuffix(path, "test") {
			rest = append(rest, path)
		}
	}
	return rest
}

func TestBroken(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		from, to string
		broken   bool
	}{
		{"", "sqldb", true},
		{"sqldb", "", false},
		{"sqldb/sqldbtest", "sqldb", false},
		{"outbox", "sqldb", false},
		{"outbox", "activity", true},
		{"activity", "outbox", false},
		{"activity", "notification", true},
		{"episode", "presence", true},
		{"episode", "internal/httpapi", false},
		{"internal/httpapi", "account", true},
		{"app", "episode", false},
		{"episode", "app", true},
		{"cmd/callboard", "app", false},
		{"cmd/callboard", "internal/httpapi", true},
		{"bench", "app", false},
		{"systemtest", "app", false},
		{"episode", "internal/sheet", false},
		{"file", "internal/thumbnail", false},
		{"internal/sheet", "", false},
		{"internal/sheet", "sqldb", true},
		{"internal/thumbnail", "internal/httpapi", true},
		{"outbox", "internal/sheet", true},
		{"cmd/callboard", "internal/sheet", true},
	} {
		if why := deptest.Broken(tt.from, tt.to); (why != "") != tt.broken {
			t.Errorf("%q → %q: %q, want broken: %v", tt.from, tt.to, why, tt.broken)
		}
	}
}
