package episode

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"callboard"
	"callboard/sqldb"
)

// importBatch is how many rows share a transaction. Each is in a savepoint of its own, so that a bad one falls alone;
// PostgreSQL slows down beyond 64 of those.
const importBatch = 50

// maxRowErrors bounds how many bad rows a report lists. All are counted.
const maxRowErrors = 10_000

// ImportOptions says how a sheet becomes episodes.
type ImportOptions struct {
	ShowID  *string // of the show they belong to; nil for none
	Mapping Mapping // columns by field; what it leaves out is guessed from the names of the columns
	DryRun  bool    // check everything, write nothing
	// Progress, when set, is called after each batch with the number of rows read so far.
	Progress func(rows int)
}

// ImportReport says what an import did.
type ImportReport struct {
	Rows     int        // read, without the header and empty lines
	Imported int        // written, or in a dry run: would be
	Bad      int        // not written
	Errors   []RowError // in the order of the file; the first 10,000 of the bad
	Mapping  Mapping    // as it was used
}

// RowError says why a row was not imported.
type RowError struct {
	Line   int // of the file, where the row begins; the header is line 1
	Reason string
}

// Import reads a spreadsheet export (see the sheet formats in the guide) and creates an episode of each row through the
// same way as any other, so that each has its event and all that follows. Rows that break a rule are reported and left
// out; the good ones stay, also when a later row is bad or ctx ends.
//
// A file whose header cannot be used is CodeInvalid, and nothing was written.
func (s *Service) Import(ctx context.Context, r io.Reader, opts ImportOptions) (ImportReport, error) {
	sheet, err := openSheet(r)
	if err != nil {
		return ImportReport{}, err
	}
	mapping, err := opts.Mapping.complete(sheet.header)
	if err != nil {
		return ImportReport{}, err
	}
	im := &importer{service: s, opts: opts, report: ImportReport{Mapping: mapping}}
	if opts.DryRun {
		if err := im.readTaken(ctx); err != nil {
			return im.report, err
		}
	}
	err = im.run(ctx, sheet)
	return im.report, err
}

// importer is one import on its way.
type importer struct {
	service *Service
	opts    ImportOptions
	report  ImportReport
	taken   map[place]bool // dry run: numbers that are in use, in the database or by an earlier row
}

// place is the season and number of an episode.
type place struct{ season, number int64 }

func (im *importer) run(ctx context.Context, sheet *sheet) error {
	for {
		batch, err := nextBatch(sheet)
		if len(batch) > 0 {
			if err := im.importBatch(ctx, batch); err != nil {
				return err
			}
			im.report.Rows += len(batch)
			if im.opts.Progress != nil {
				im.opts.Progress(im.report.Rows)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func nextBatch(sheet *sheet) ([]row, error) {
	var batch []row
	for len(batch) < importBatch {
		r, err := sheet.next()
		if err != nil {
			return batch, err
		}
		batch = append(batch, r)
	}
	return batch, nil
}

// importBatch notes the outcome of each row only after the commit, since the transaction may run more than once.
func (im *importer) importBatch(ctx context.Context, batch []row) error {
	outcomes := make([]error, len(batch))
	if im.opts.DryRun {
		for i, r := range batch {
			outcomes[i] = im.checkRow(r)
		}
	} else {
		err := im.service.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
			if err := im.holdShow(ctx, tx); err != nil {
				return err
			}
			for i, r := range batch {
				if outcomes[i] = im.importRow(ctx, tx, r); fatal(outcomes[i]) {
					return outcomes[i]
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for i, r := range batch {
		im.note(r.line, outcomes[i])
	}
	return nil
}

// holdShow takes the show for a whole batch, as rows without a number need it: two imports into one show that took it row
// by row would wait for each other. That the show is gone is for the rows to tell.
func (im *importer) holdShow(ctx context.Context, tx *sqldb.Tx) error {
	if im.opts.ShowID == nil {
		return nil
	}
	err := im.service.cfg.Shows.Hold(ctx, tx, *im.opts.ShowID, true)
	if callboard.CodeOf(err) == callboard.CodeNotFound {
		return nil
	}
	return err
}

// fatal reports whether err is not the row's fault, so that the import cannot go on.
func fatal(err error) bool {
	switch callboard.CodeOf(err) {
	case "", callboard.CodeInvalid, callboard.CodeConflict, callboard.CodeTooLarge:
		return false
	}
	return true
}

func (im *importer) importRow(ctx context.Context, tx *sqldb.Tx, r row) error {
	in, err := im.input(r)
	if err != nil {
		return err
	}
	return tx.Savepoint(ctx, func(ctx context.Context) error {
		_, err := im.service.CreateTx(ctx, tx, in)
		return err
	})
}

func (im *importer) input(r row) (Input, error) {
	if r.err != nil {
		return Input{}, callboard.Errorf(callboard.CodeInvalid, "%v", r.err)
	}
	return im.report.Mapping.input(r.cells, im.opts.ShowID)
}

// checkRow applies the rules that importRow would.
func (im *importer) checkRow(r row) error {
	in, err := im.input(r)
	if err != nil {
		return err
	}
	e := Episode{Status: Draft}
	in.patch().apply(&e)
	if err := e.check(); err != nil || e.ShowID == nil || e.EpisodeNumber == nil {
		return err
	}
	at := place{orMinusOne(e.SeasonNumber), orMinusOne(e.EpisodeNumber)}
	if im.taken[at] {
		return errNumberTaken(nil)
	}
	im.taken[at] = true
	return nil
}

func (im *importer) readTaken(ctx context.Context) error {
	im.taken = map[place]bool{}
	if im.opts.ShowID == nil {
		return nil
	}
	rows, err := im.service.db.QueryContext(ctx, `SELECT coalesce(season_number, -1), episode_number FROM episodes
		WHERE show_id = $1 AND episode_number IS NOT NULL AND deleted_at IS NULL`, *im.opts.ShowID)
	if err != nil {
		return fmt.Errorf("read episode numbers: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var p place
		if err := rows.Scan(&p.season, &p.number); err != nil {
			return fmt.Errorf("read episode numbers: %w", err)
		}
		im.taken[p] = true
	}
	return rows.Err()
}

func (im *importer) note(line int, err error) {
	if err == nil {
		im.report.Imported++
		return
	}
	im.report.Bad++
	if len(im.report.Errors) < maxRowErrors {
		im.report.Errors = append(im.report.Errors, RowError{Line: line, Reason: reasonOf(err)})
	}
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
