package importer

import (
	"context"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sheet"
)

// refusedColumn is the column that says why a row was refused.
const refusedColumn = "refused because"

// RefusedWriter writes refused rows as a file in the shape of their own, with one more column that says why: to be mended and imported
// again. The file begins with the first row, since it takes its columns from there; without one it stays empty.
type RefusedWriter struct {
	w      io.Writer
	format callboard.Format
	out    *sheet.Writer
	width  int  // cells of a row, without what is above it and the reason
	again  bool // the file came from a RefusedWriter, so that its rows end with the reason of an earlier import
}

// NewRefusedWriter returns a RefusedWriter, which must be closed.
func NewRefusedWriter(w io.Writer, format callboard.Format) *RefusedWriter {
	return &RefusedWriter{w: w, format: format}
}

// FormatOf returns the format that the ending of a file's name stands for: CSV, unless it is one of the others.
func FormatOf(name string) callboard.Format {
	for _, format := range []callboard.Format{callboard.NDJSON, callboard.XLSX} {
		if strings.EqualFold(path.Ext(name), format.Extension()) {
			return format
		}
	}
	return callboard.CSV
}

// Write adds a row. The reason of an earlier import in it gives way to the new one. Cells beyond the header go with the last of them.
func (w *RefusedWriter) Write(row RefusedRow) error {
	if w.out == nil {
		header := row.Header
		if n := len(header); n > 0 && header[n-1] == refusedColumn {
			header, w.again = header[:n-1], true
		}
		w.width = len(header) - len(row.Above)
		var err error
		if w.out, err = sheet.NewWriter(w.w, w.format, append(slices.Clone(header), refusedColumn), sheet.Options{}); err != nil {
			return err
		}
	}
	brought := row.Cells
	if w.again && len(brought) == w.width+1 {
		brought = brought[:w.width]
	}
	if len(brought) > w.width && w.width > 0 {
		brought = append(slices.Clone(brought[:w.width-1]), strings.Join(brought[w.width-1:], ", "))
	}
	cells := make([]any, 0, w.width+len(row.Above)+1)
	for i := range w.width {
		cell := ""
		if i < len(brought) {
			cell = brought[i]
		}
		cells = append(cells, cell)
	}
	for _, cell := range append(slices.Clip(row.Above), row.Reason) {
		cells = append(cells, cell)
	}
	return w.out.Write(cells)
}

// Close finishes the file.
func (w *RefusedWriter) Close() error {
	if w.out == nil {
		return nil
	}
	return w.out.Close()
}

// writeRefused writes those rows for which reasons, by line, say why they were refused.
func (t *table) writeRefused(ctx context.Context, w *RefusedWriter, reasons map[int]string) error {
	err := t.entries(ctx, func(e entry) error {
		reason, ok := reasons[e.line]
		if !ok {
			return nil
		}
		return w.Write(RefusedRow{Header: t.header, Cells: cellsOf(e), Above: e.above, Reason: reason})
	})
	if err != nil {
		return err
	}
	return w.Close()
}
