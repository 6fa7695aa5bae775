package activity

import (
	"context"
	"encoding/json"
	"io"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sheet"
)

// exportPage is how many entries are read, and held in memory, at a time.
const exportPage = 500

// entryWriter writes entries in one format.
type entryWriter interface {
	write(Entry) error
	Flush() error
	Close() error
	Discard()
}

// Export streams all entries that pass f to w, newest first. Entries that are written meanwhile are not in it. Memory
// does not grow with the number of entries.
func (s *Service) Export(ctx context.Context, w io.Writer, opts callboard.SheetOptions, f Filter) error {
	return s.ExportWith(ctx, w, opts, f, nil)
}

// ExportWith is Export that calls progress, unless it is nil, now and then with the number of entries written so far. What
// the format cannot hold is CodeTooLarge, and the file not whole: XLSX takes at most 1,048,575 entries, and no metadata of more than
// 32,767 characters.
func (s *Service) ExportWith(
	ctx context.Context, w io.Writer, opts callboard.SheetOptions, f Filter, progress func(entries int),
) error {
	out, err := newEntryWriter(w, opts)
	if err != nil {
		return err
	}
	defer out.Discard()
	r, err := s.newScan(ctx, f)
	if err != nil {
		return err
	}
	written := 0
	for before := int64(newest); before > 0; {
		entries, reached, err := r.read(ctx, before, exportPage)
		if err != nil {
			return err
		}
		if entries, err = s.readable(ctx, s.reader(ctx), entries); err != nil {
			return err
		}
		for _, e := range entries {
			if err := out.write(e); err != nil {
				return err
			}
		}
		if err := out.Flush(); err != nil {
			return err
		}
		if written += len(entries); progress != nil {
			progress(written)
		}
		before = reached
	}
	return out.Close()
}

func newEntryWriter(w io.Writer, opts callboard.SheetOptions) (entryWriter, error) {
	if opts.Format == callboard.NDJSON {
		return ndjsonWriter{json.NewEncoder(w)}, nil
	}
	table, err := sheet.NewWriter(w, opts.Format, []string{
		"pos", "created_at", "user_id", "user_name", "action", "source",
		"resource_type", "resource_id", "resource_name", "metadata", "ip", "user_agent",
	}, sheet.Options{Inert: true, NoBOM: opts.NoBOM})
	return tableWriter{table}, err
}

// ndjsonWriter writes entries as the API shows them, with their metadata as an object.
type ndjsonWriter struct{ enc *json.Encoder }

func (w ndjsonWriter) write(e Entry) error { return w.enc.Encode(viewOf(e)) }
func (ndjsonWriter) Flush() error          { return nil }
func (ndjsonWriter) Close() error          { return nil }
func (ndjsonWriter) Discard()              {}

type tableWriter struct{ *sheet.Writer }

func (w tableWriter) write(e Entry) error {
	return w.Write([]any{
		e.Pos, e.CreatedAt, e.UserID, e.UserName, e.Action, string(e.Source),
		e.Resource.Type, e.Resource.ID, e.Resource.Name, string(e.Metadata), e.IP, e.UserAgent,
	})
}
