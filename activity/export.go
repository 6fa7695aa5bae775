package activity

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"

	"callboard"
)

// Format is a file format of an export.
type Format string

// The formats.
const (
	CSV    Format = "csv"    // RFC 4180, UTF-8, with a header line
	NDJSON Format = "ndjson" // one JSON object a line
)

// exportPage is how many entries are read, and held in memory, at a time.
const exportPage = 500

// entryWriter writes entries in one format.
type entryWriter interface {
	write(Entry) error
	flush() error
}

// Export streams all entries that pass f to w, newest first. Entries that are written meanwhile are not in it. Memory
// does not grow with the number of entries.
func (s *Service) Export(ctx context.Context, w io.Writer, format Format, f Filter) error {
	out := newEntryWriter(w, format)
	actor := callboard.ActorFrom(ctx)
	for before := int64(newest); before > 0; {
		entries, reached, err := filtered{s.db, f, s.limits}.read(ctx, before, exportPage)
		if err != nil {
			return err
		}
		hideFromOthers(actor, entries)
		for _, e := range entries {
			if err := out.write(e); err != nil {
				return err
			}
		}
		if err := out.flush(); err != nil {
			return err
		}
		before = reached
	}
	return nil
}

func newEntryWriter(w io.Writer, format Format) entryWriter {
	if format == NDJSON {
		return ndjsonWriter{json.NewEncoder(w)}
	}
	return &csvWriter{w: csv.NewWriter(w)}
}

type ndjsonWriter struct{ enc *json.Encoder }

func (w ndjsonWriter) write(e Entry) error { return w.enc.Encode(viewOf(e)) }
func (ndjsonWriter) flush() error          { return nil }

type csvWriter struct {
	w      *csv.Writer
	headed bool
}

func (w *csvWriter) write(e Entry) error {
	if err := w.head(); err != nil {
		return err
	}
	record := []string{
		strconv.FormatInt(e.Pos, 10), e.CreatedAt.Format(time.RFC3339Nano), e.UserID, e.UserName, e.Action, string(e.Source),
		e.Resource.Type, e.Resource.ID, e.Resource.Name, string(e.Metadata), e.IP, e.UserAgent,
	}
	for i, cell := range record {
		record[i] = inert(cell)
	}
	return w.w.Write(record)
}

func (w *csvWriter) head() error {
	if w.headed {
		return nil
	}
	w.headed = true
	return w.w.Write([]string{
		"pos", "created_at", "user_id", "user_name", "action", "source",
		"resource_type", "resource_id", "resource_name", "metadata", "ip", "user_agent",
	})
}

func (w *csvWriter) flush() error {
	if err := w.head(); err != nil {
		return err
	}
	w.w.Flush()
	return w.w.Error()
}

// inert keeps a spreadsheet from taking a cell for a formula (OWASP, "CSV Injection"): such a cell gets an apostrophe in
// front, which spreadsheets do not show.
func inert(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
