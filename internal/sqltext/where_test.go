package sqltext_test

import (
	"testing"

	"github.com/callboard/callboard/internal/sqltext"

	"github.com/google/go-cmp/cmp"
)

func TestWhere(t *testing.T) {
	t.Parallel()
	var w sqltext.Where
	if w.SQL() != "" || len(w.Args()) != 0 {
		t.Errorf("without conditions it says %q with %v", w.SQL(), w.Args())
	}
	w.And("author = ?", "ada")
	w.And("done")
	w.And("(id > ? OR label = ?)", 7, "x")
	limit := w.Arg(50)
	if got, want := w.SQL()+" LIMIT "+limit, " WHERE author = $1 AND done AND (id > $2 OR label = $3) LIMIT $4"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if diff := cmp.Diff([]any{"ada", 7, "x", 50}, w.Args()); diff != "" {
		t.Errorf("arguments (-want +got):\n%s", diff)
	}
	if got := sqltext.Placeholders(3, 2); got != "$3, $4" {
		t.Errorf("Placeholders gave %q", got)
	}
}
