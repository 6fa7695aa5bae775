package dataset

import (
	"bytes"
	"encoding/csv"
	"testing"
)

func TestSheet(t *testing.T) {
	t.Parallel()
	const rows = 1000
	records, err := csv.NewReader(bytes.NewReader(Sheet(rows))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != rows+1 {
		t.Errorf("%d records instead of a header and %d rows", len(records), rows)
	}
	seen := map[[2]string]bool{}
	for _, r := range records[1:] {
		place := [2]string{r[1], r[2]}
		if seen[place] {
			t.Errorf("season and number %v come twice", place)
		}
		seen[place] = true
	}
}
