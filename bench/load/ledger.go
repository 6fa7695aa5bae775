package load

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
)

// Ledger holds the ids of all writes that were acknowledged.
type Ledger struct {
	mutex sync.Mutex
	pages map[int]*page
}

// page is what one worker has written, one id a line.
type page struct{ ids []byte }

// NewLedger returns an empty ledger.
func NewLedger() *Ledger { return &Ledger{pages: map[int]*page{}} }

// page returns the page of a worker, which goes on where an earlier load has left it.
func (l *Ledger) page(worker int) *page {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	p := l.pages[worker]
	if p == nil {
		p = &page{}
		l.pages[worker] = p
	}
	return p
}

// Add notes the id of a write that no load has sent.
func (l *Ledger) Add(id string) {
	const others = -1 // no worker's
	p := l.page(others)
	l.mutex.Lock()
	defer l.mutex.Unlock()
	p.ids = append(append(p.ids, id...), '\n')
}

func (p *page) add(body []byte) error {
	id, err := scanID(body)
	if err != nil {
		return err
	}
	p.ids = append(append(p.ids, id...), '\n')
	return nil
}

var errNoID = errors.New("the answer has no id")

// scanID returns the id of what an answer holds, a string or a number: data.id, or id where there is no data.
func scanID(body []byte) ([]byte, error) {
	at := max(bytes.Index(body, []byte(`"data":`)), 0)
	_, rest, found := bytes.Cut(body[at:], []byte(`"id":`))
	end := bytes.IndexAny(rest, ",}")
	if !found || end < 1 {
		return nil, errNoID
	}
	return bytes.Trim(rest[:end], `" `), nil
}

// IDs returns all ids.
func (l *Ledger) IDs() []string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	var ids []string
	for _, p := range l.pages {
		ids = append(ids, strings.Fields(string(p.ids))...)
	}
	return ids
}

// Check compares the ledger with what is in a table: each acknowledged write must have given exactly want rows, and what
// was not acknowledged none. rows holds the number of rows by id of the write.
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
	if wrong+unknown == 0 {
		return nil
	}
	return fmt.Errorf("%s: of %d acknowledged writes %d have not %d rows each, and %d others have rows", table, len(ids), wrong, want, unknown)
}

// Share returns which part of the rows that the ledger asks for is there.
func (l *Ledger) Share(rows map[string]int, want int) float64 {
	ids, found := l.IDs(), 0
	for _, id := range ids {
		found += min(rows[id], want)
	}
	return float64(found) / float64(len(ids)*want)
}
