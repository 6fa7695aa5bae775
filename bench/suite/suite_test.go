package suite

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
)

func TestEntriesAreTheSameEachTime(t *testing.T) {
	t.Parallel()
	f := filled{users: []string{"a", "b", "c"}}
	for i := range 200 {
		f.resources = append(f.resources, resourceAt(i))
	}
	first, err := f.entries(7)
	if err != nil {
		t.Fatal(err)
	}
	second, err := f.entries(7)
	if err != nil || first != second {
		t.Errorf("they differ: %v", err)
	}
	var body struct {
		Entries []struct {
			UserID       string `json:"user_id"`
			ResourceType string `json:"resource_type"`
			Action       string
		}
	}
	if err := json.Unmarshal([]byte(first), &body); err != nil || len(body.Entries) != bulkEntries {
		t.Fatalf("%d entries: %v", len(body.Entries), err)
	}
	for _, e := range body.Entries {
		if e.UserID == "" || !strings.HasSuffix(e.Action, "_"+e.ResourceType) {
			t.Fatalf("%+v", e)
		}
	}
}

func TestRareWordsAreRare(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for n := range 100_000 {
		word := rareWord(n)
		if seen[word] {
			t.Fatalf("%s comes twice", word)
		}
		seen[word] = true
	}
}

func TestSheet(t *testing.T) {
	t.Parallel()
	rows, err := csv.NewReader(strings.NewReader(sheet(3))).ReadAll()
	if err != nil || len(rows) != 4 {
		t.Errorf("%q: %v", rows, err)
	}
}
