package deptest_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard/internal/deptest"
)

// TestSignatures looks at all packages that an application may import.
func TestSignatures(t *testing.T) {
	t.Parallel()
	module := strings.TrimSpace(goList(t, "-m"))
	exports, public := map[string]string{}, []string{}
	dec := json.NewDecoder(strings.NewReader(goList(t, "-export", "-deps", "-json=ImportPath,Name,Export", module+"/...")))
	for {
		var p struct{ ImportPath, Name, Export string }
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		exports[p.ImportPath] = p.Export
		path := p.ImportPath + "/"
		if strings.HasPrefix(path, module+"/") && p.Export != "" && p.Name != "main" && !strings.Contains(path, "/internal/") && !strings.HasSuffix(p.Name, "test") {
			public = append(public, p.ImportPath)
		}
	}
	if len(public) < 14 {
		t.Errorf("go list found %d packages: the test looks at too little", len(public))
	}
	packages := importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	for _, path := range public {
		pkg, err := packages.Import(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, leak := range deptest.Leaks(module, pkg) {
			t.Errorf("%s: an application cannot name the type: %s", path, leak)
		}
	}
}

func TestLeaks(t *testing.T) {
	t.Parallel()
	inner := checked(t, "example.org/a/m/internal/x", "package x; type T struct{}; type U struct{}", nil)
	outer := checked(t, "example.org/a/m", `package m
		import "example.org/a/m/internal/x"
		func F(func(...map[string]*x.T)) {}
		type S struct { A []x.T; b x.T }
		func (S) M() chan x.U { return nil }
		type I interface { N(x.T) }
		type hidden struct { C x.T; d x.T }
		func (*hidden) O() x.U { panic(0) }
		func New() *hidden { return nil }
		type E struct { hidden }
		type G[P any] struct{ V P }
		var V G[x.T]
		type Alias = x.T
		type Fine struct { t x.T }
		func (Fine) unexported(x.T) {}
		func fine(x.T) Fine { panic(0) }
	`, inner)
	var where []string
	for _, leak := range deptest.Leaks("example.org/a/m", outer) {
		name, _, _ := strings.Cut(leak, ": ")
		where = append(where, name)
	}
	want := []string{"Alias", "E → hidden.C", "E → hidden.O", "E.O", "F", "I.N", "I", "S.A", "S.M", "V"}
	if diff := cmp.Diff(want, slices.Compact(where)); diff != "" {
		t.Error(diff)
	}
}

// checked type-checks a package that imports one other at most.
func checked(t *testing.T, path, text string, imported *types.Package) *types.Package {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "x.go", text, 0)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := (&types.Config{Importer: only{imported}}).Check(path, files, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

type only struct{ pkg *types.Package }

func (o only) Import(string) (*types.Package, error) { return o.pkg, nil }
