package suite

import (
	"encoding/json"
	"testing"
)

func TestEntriesAreTheSameEachTime(t *testing.T) {
	t.Parallel()
	f := filled{users: []string{"a", "b", "c"}}
	for i := range 200 {
		f.resources = append(f.resources, resourceAt(i))
	}
	var body struct{ Entries []struct{ Action string } }
	if err := json.Unmarshal([]byte(f.entries(7)), &body); err != nil || len(body.Entries) != bulkEntries {
		t.Errorf("%d entries: %v", len(body.Entries), err)
	}
	if again := f.entries(7); f.entries(7) != again || f.entries(8) == again {
		t.Error("they differ, or all calls are the same")
	}
}
