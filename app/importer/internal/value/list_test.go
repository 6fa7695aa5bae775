package value_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard/app/importer/internal/value"
)

func TestParseList(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		cell string
		want []string
	}{
		{"", nil},
		{"na", nil},
		{"—", nil},
		{"drama; drama ; Comedy", []string{"drama", "Comedy"}},
		{"drama, comedy|crime", []string{"drama", "comedy", "crime"}},
		{"drama\r\ncomedy", []string{"drama", "comedy"}},
		{"a/b & c", []string{"a/b & c"}},
		{"R&amp;B; Rock &#39;n&#39; Roll", []string{"R&B", "Rock 'n' Roll"}},
		{";;", nil},
		{`["a","b,c"]`, []string{"a", "b,c"}},
		{` ["a", "b;c"] `, []string{"a", "b;c"}},
		{`[]`, []string{}},
		{`["a","a"]`, []string{"a", "a"}},
		{`['Drama', 'Sci-Fi, Fantasy']`, []string{"Drama", "Sci-Fi, Fantasy"}},
		{`['Drama', "Rock 'n' Roll"]`, []string{"Drama", "Rock 'n' Roll"}},
		{`[sic] drama`, []string{"[sic] drama"}},
	} {
		if got, err := value.ParseList(tt.cell); err != nil || !cmp.Equal(got, tt.want) {
			t.Errorf("ParseList(%q): %v %s", tt.cell, err, cmp.Diff(tt.want, got))
		}
	}
	for _, cell := range []string{`[1, 2]`, `["a", null]`, `["a"` + ` "b"]`, `['a]`, `["\ud800"]`, `[drama]`, `['it\'s']`, `["a",["b"]]`, "[\"a\",\n\"b\",,]"} {
		if got, err := value.ParseList(cell); err == nil {
			t.Errorf("ParseList(%q) = %q", cell, got)
		}
	}
}

func TestParseChoice(t *testing.T) {
	t.Parallel()
	statuses := []string{"draft", "published"}
	for _, tt := range []struct{ cell, want string }{
		{"", ""}, {"n/a", ""}, {"Published", "published"}, {" DRAFT\u00a0", "draft"},
	} {
		if got, err := value.ParseChoice(tt.cell, statuses); err != nil || got != tt.want {
			t.Errorf("ParseChoice(%q) = %q, %v", tt.cell, got, err)
		}
	}
	_, err := value.ParseChoice("aired", statuses)
	if want := `"aired" is none of draft, published`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
