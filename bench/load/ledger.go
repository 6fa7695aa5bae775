package load

import (
	"fmt"
	"slices"
	"sync"

	"github.com/tidwall/gjson"
)

// Ledger holds the IDs of all writes that were acknowledged.
type Ledger struct {
	mutex sync.Mutex
	ids   []string
}

// Add notes writes.
func (l *Ledger) Add(ids ...string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.ids = append(l.ids, ids...)
}

// IDs returns all IDs.
func (l *Ledger) IDs() []string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return slices.Clone(l.ids)
}

// idIn returns the ID in an answer: data.id, or id where there is no data. An answer without one gives "", which no row has.
func idIn(body []byte) string {
	if data := gjson.GetBytes(body, "data.id"); data.Exists() {
		return data.String()
	}
	return gjson.GetBytes(body, "id").String()
}

// Check compares the ledger with what is in a table: each acknowledged write must have given exactly want rows, and what
// was not acknowledged none. rows holds the number of rows by ID of the write.
func (l *Ledger) Check(table string, rows map[string]int, want int) error {
	ids := l.IDs()
	wrong, seen := 0, make(map[string]bool, len(ids))
	for _, id := range ids {
		if rows[id] != want || seen[id] {
			wrong++
		}
		seen[id] = true
	}
	unknown := 0
	for id := range rows {
		if !seen[id] {
			unknown++
		}
	}
	if wrong+unknown > 0 {
		return fmt.Errorf("%s: of %d acknowledged writes %d have not %d rows each, and %d others have rows", table, len(ids), wrong, want, unknown)
	}
	return nil
}

// Share returns which part of the rows that the ledger asks for is there.
func (l *Ledger) Share(rows map[string]int, want int) float64 {
	ids, found := l.IDs(), 0
	for _, id := range ids {
		found += min(rows[id], want)
	}
	return float64(found) / float64(len(ids)*want)
}
