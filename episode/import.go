package episode

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// maxRowErrors bounds how many bad rows a report lists. All are counted.
const maxRowErrors = 10_000

// ImportOptions says how a sheet becomes episodes.
type ImportOptions struct {
	ShowID  *string // of the show they belong to; nil for none
	Mapping Mapping // columns by field; what it leaves out is guessed from the names of the columns
	DryRun  bool    // check everything, write nothing

	// Done is how far an import came that goes on: so many rows of the same file are passed over. A dry run has to start from
	// the beginning.
	Done ImportState
	// Write, when set, runs the transaction of each batch instead of the database's own Write.
	Write func(ctx context.Context, fn func(ctx context.Context, tx *sqldb.Tx) error) error
	// Saved, when set, is called inside the transaction of each batch, after its rows: with how far the import has come with
	// them, and which of them are bad. What it writes commits with the rows, so that an import that goes on from there
	// neither leaves out a row nor writes one twice. It may be called more than once for a batch, as its transaction may run
	// more than once. A dry run has no transactions.
	Saved func(ctx context.Context, tx *sqldb.Tx, state ImportState, bad []RowError) error

	// Counted, when set, is called before the first batch with the number of rows of the file, when it can be known by then.
	Counted func(rows int)
	// Progress, when set, is called after each batch with the number of rows read so far, those of Done included.
	Progress func(rows int)
}

// ImportState is how far an import has come.
type ImportState struct {
	Rows     int `json:"rows"`     // read, without the header and empty lines
	Imported int `json:"imported"` // written, or in a dry run: would be
	Bad      int `json:"bad"`      // not written
}

// ImportReport says what an import did.
type ImportReport struct {
	ImportState
	Errors  []RowError // in the order of the file, of this run; the first 10,000 of the bad
	Mapping Mapping    // as it was used
}

// RowError says why a row was not imported.
type RowError struct {
	Line   int    `json:"line"` // of the file, where the row begins; the header of a table is line 1
	Reason string `json:"reason"`
}

// Import reads a sheet (CSV, NDJSON or XLSX; see the guide) and creates an episode of each row by the rules of Create, each
// with its event and all that follows. Rows that break a rule are reported and left out; the good ones stay, also when ctx
// ends before the last row.
//
// A file that cannot be used is CodeInvalid, or CodeTooLarge, and nothing was written. When r can be read twice, as an
// *os.File or anything with ReadAt and Size, it is read to its end before the first row is written; else what came before
// the damage stays.
func (s *Service) Import(ctx context.Context, r io.Reader, opts ImportOptions) (report ImportReport, err error) {
	rows, err := openImport(ctx, r, opts)
	if err != nil {
		return ImportReport{}, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	mapping, err := opts.Mapping.complete(rows.Header())
	if err != nil {
		return ImportReport{}, err
	}
	im := &importer{
		service: s, opts: opts, rows: rows, size: firstBatch, report: ImportReport{ImportState: opts.Done, Mapping: mapping},
	}
	if opts.DryRun {
		if err := im.readTaken(ctx); err != nil {
			return im.report, err
		}
	}
	if err := im.skip(ctx, opts.Done.Rows); err != nil {
		return im.report, err
	}
	err = im.run(ctx)
	return im.report, err
}

// openImport sees that the file is whole, unless an import goes on, which has done so before.
func openImport(ctx context.Context, r io.Reader, opts ImportOptions) (*namedRows, error) {
	file, size, ok := inPlace(r)
	if !ok {
		return openStream(r)
	}
	if opts.Done.Rows == 0 {
		if err := opts.checkFile(ctx, file, size); err != nil {
			return nil, err
		}
	}
	return openNamed(file, size)
}

// checkFile reads a file to its end. The header comes first, so that a mapping that is wrong is found at once.
func (opts ImportOptions) checkFile(ctx context.Context, file io.ReaderAt, size int64) (err error) {
	rows, err := openNamed(file, size)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if _, err := opts.Mapping.complete(rows.Header()); err != nil {
		return err
	}
	count, err := rows.Count(ctx)
	if err == nil && opts.Counted != nil {
		opts.Counted(count)
	}
	return err
}

// inPlace returns r as what can be read more than once, from its beginning.
func inPlace(r io.Reader) (io.ReaderAt, int64, bool) {
	if file, ok := r.(*os.File); ok {
		info, err := file.Stat()
		if err != nil || !info.Mode().IsRegular() {
			return nil, 0, false
		}
		return file, info.Size(), true
	}
	sized, ok := r.(interface {
		io.ReaderAt
		Size() int64
	})
	if !ok {
		return nil, 0, false
	}
	return sized, sized.Size(), true
}

// importer is one import on its way.
type importer struct {
	service *Service
	opts    ImportOptions
	rows    *namedRows
	size    int // of the next batch
	report  ImportReport
	taken   map[place]bool // dry run: numbers that are in use, in the database or by an earlier row
}

// place is the season and number of an episode.
type place struct{ season, number int64 }

// skip reads over rows that are done.
func (im *importer) skip(ctx context.Context, rows int) error {
	for range rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := im.rows.Next(); errors.Is(err, io.EOF) {
			return callboard.Errorf(callboard.CodeInvalid, "the file has fewer rows than were imported of it")
		} else if err != nil {
			return err
		}
	}
	return nil
}

func (im *importer) run(ctx context.Context) error {
	for {
		batch, end := im.nextBatch()
		if len(batch) > 0 {
			if err := im.importBatch(ctx, batch); err != nil {
				return err
			}
			if im.opts.Progress != nil {
				im.opts.Progress(im.report.Rows)
			}
		}
		if errors.Is(end, io.EOF) {
			return nil
		}
		if end != nil {
			return end
		}
	}
}

// nextBatch returns the next rows, and why there are no more.
func (im *importer) nextBatch() ([]namedRow, error) {
	var batch []namedRow
	for size := 0; len(batch) < im.size && size < maxBatchBytes; {
		r, err := im.rows.Next()
		if err != nil {
			return batch, err
		}
		for _, cell := range r.Cells {
			size += len(cell)
		}
		batch = append(batch, r)
	}
	return batch, nil
}

func (im *importer) importBatch(ctx context.Context, batch []namedRow) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	outcomes := make([]error, len(batch))
	if im.opts.DryRun {
		for i, r := range batch {
			outcomes[i] = im.checkRow(r)
		}
	} else if err := im.writeBatch(ctx, batch, outcomes); err != nil {
		return err
	}
	state, bad := im.after(batch, outcomes)
	im.report.ImportState = state
	im.report.Errors = append(im.report.Errors, bad[:min(len(bad), maxRowErrors-len(im.report.Errors))]...)
	return nil
}

// after returns how far the import is after a batch, and the bad rows of it.
func (im *importer) after(batch []namedRow, outcomes []error) (ImportState, []RowError) {
	state := im.report.ImportState
	state.Rows += len(batch)
	var bad []RowError
	for i, r := range batch {
		if outcomes[i] != nil {
			bad = append(bad, RowError{Line: r.Line, Reason: reasonOf(outcomes[i])})
		}
	}
	state.Bad += len(bad)
	state.Imported += len(batch) - len(bad)
	return state, bad
}

func (im *importer) input(r namedRow) (Input, error) {
	if r.Err != nil {
		return Input{}, callboard.Errorf(callboard.CodeInvalid, "%v", r.Err)
	}
	return im.report.Mapping.input(r.Cells, im.opts.ShowID)
}

// checkRow applies the rules by which a row is written.
func (im *importer) checkRow(r namedRow) error {
	in, err := im.input(r)
	if err != nil {
		return err
	}
	e := Episode{Status: Draft}
	in.apply(&e)
	if err := e.check(); err != nil || e.ShowID == nil || e.EpisodeNumber == nil {
		return err
	}
	at := placeOf(e)
	if im.taken[at] {
		return errNumberTaken(nil)
	}
	im.taken[at] = true
	return nil
}

func placeOf(e Episode) place { return place{orMinusOne(e.SeasonNumber), orMinusOne(e.EpisodeNumber)} }

func (im *importer) readTaken(ctx context.Context) error {
	im.taken = map[place]bool{}
	if im.opts.ShowID == nil {
		return nil
	}
	rows, err := im.service.db.QueryContext(ctx, `SELECT coalesce(season_number, -1), episode_number FROM callboard_episodes
		WHERE show_id = $1 AND episode_number IS NOT NULL AND deleted_at IS NULL`, *im.opts.ShowID)
	taken, err := sqldb.Collect(rows, err, "read episode numbers", func(row sqldb.Scanner) (p place, err error) {
		err = row.Scan(&p.season, &p.number)
		return p, err
	})
	for _, p := range taken {
		im.taken[p] = true
	}
	return err
}

// reasonOf says what is wrong with a row, for people: each field with its rule, and nothing internal.
func reasonOf(err error) string {
	e, ok := errors.AsType[*callboard.Error](err)
	if !ok {
		return "cannot be imported"
	}
	if len(e.Fields) == 0 {
		return e.Message
	}
	parts := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		parts[i] = f.Field + " " + f.Message
	}
	return strings.Join(parts, "; ")
}
