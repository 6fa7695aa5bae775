package deptest_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"

	"github.com/callboard/callboard/internal/deptest"
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
	module := strings.TrimSpace(goList(t, "-m"))
	dec := json.NewDecoder(strings.NewReader(goList(t, "-json=ImportPath,Imports,TestImports", module+"/...")))
	packages := 0
	for {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		packages++
		check(t, module, p.ImportPath, p.Imports)
		check(t, module, p.ImportPath, withoutTestSupport(p.TestImports))
	}
	if packages < 10 {
		t.Errorf("go list found %d packages: the test looks at too little", packages)
	}
}

func goList(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", append([]string{"list"}, args...)...).Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	return string(out)
}

func check(t *testing.T, module, from string, imports []string) {
	t.Helper()
	for _, to := range imports {
		if to != module && !strings.HasPrefix(to, module+"/") {
			continue
		}
		trim := func(path string) string { return strings.TrimPrefix(strings.TrimPrefix(path, module), "/") }
		if why := deptest.Broken(trim(from), trim(to)); why != "" {
			t.Errorf("%s must not import %s: %s", from, to, why)
		}
	}
}

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
		{"sqldb/sqldbtest", "internal/faultproxy", false},
		{"sqldb/sqldbtest", "internal/needtest", false},
		{"sqldb", "internal/httpapi", true},
		{"outbox", "sqldb", false},
		{"outbox", "activity", true},
		{"activity", "outbox", false},
		{"activity", "notification", true},
		{"episode", "presence", true},
		{"episode", "internal/httpapi", false},
		{"internal/httpapi", "account", true},
		{"app", "episode", false},
		{"app", "web", false},
		{"web", "internal/httpapi", true},
		{"episode", "app", true},
		{"cmd/callboard", "app", false},
		{"cmd/callboard", "internal/httpapi", true},
		{"bench", "app", false},
		{"systemtest", "app", false},
		{"systemtest/faults", "app", false},
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
