package sheet

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
	"github.com/xuri/nfp"

	"github.com/callboard/callboard"
)

// Limits within an XLSX file.
const (
	maxDirectory     = 2 << 20   // bytes of the directory of the archive, all of which is kept in memory while it is read
	maxPart          = 8 << 20   // bytes of the parts beside rows and shared strings, which are kept in memory
	maxRowXML        = 4 << 20   // bytes of the XML of a row, or of a shared string
	maxSharedStrings = 1_000_000 // their places are kept in memory
	maxText          = 128 << 10 // bytes of a cell; Excel allows 32,767 characters
	maxInMemory      = 1 << 20   // bytes of rows or shared strings; more go to a temporary file
)

// xlsxRows reads the first visible worksheet as the texts that it shows: numbers without their format, except that those
// shown as a date come out as 2006-01-02, with 15:04:05 behind it when there is a time of day; booleans as true and false;
// of a formula its last value; an error as #N/A and the like.
type xlsxRows struct {
	book    *excelize.File
	rows    *excelize.Rows
	columns []columnTypes
	line    int
}

func openXLSX(r io.ReaderAt, size int64) (*Reader, error) {
	if size > MaxArchive {
		return nil, callboard.Errorf(callboard.CodeTooLarge, "an XLSX file may have at most %d MB; save it as CSV", MaxArchive>>20)
	}
	x := &xlsxRows{}
	if err := x.open(r, size); err != nil {
		return nil, errors.Join(err, x.close())
	}
	return &Reader{info: Info{Format: XLSX}, source: x, close: x.close}, nil
}

func (x *xlsxRows) open(r io.ReaderAt, size int64) error {
	file, err := os.CreateTemp("", "callboard-sheet-*.xlsx")
	if err != nil {
		return fmt.Errorf("unpack workbook: %w", err)
	}
	defer os.Remove(file.Name())
	if x.columns, err = copyParts(file, r, size); err != nil {
		return errors.Join(err, file.Close())
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("unpack workbook: %w", err)
	}
	x.book, err = excelize.OpenFile(file.Name(), excelize.Options{
		UnzipSizeLimit: MaxUnzipped, UnzipXMLSizeLimit: maxInMemory,
	})
	if err != nil {
		return damaged(err)
	}
	if err := x.markDates(); err != nil {
		return err
	}
	return x.openSheet()
}

func (x *xlsxRows) openSheet() (err error) {
	for _, s := range x.book.WorkBook.Sheets.Sheet {
		if s.State == "" || s.State == "visible" {
			if x.rows, err = x.book.Rows(s.Name); err != nil {
				return callboard.Wrap(err, callboard.CodeInvalid, "the first sheet of the workbook is missing, or is no worksheet")
			}
			return nil
		}
	}
	return callboard.Errorf(callboard.CodeInvalid, "the file is not an XLSX workbook with a visible worksheet")
}

func (x *xlsxRows) next() (Row, error) {
	texts, err := x.cells()
	row := Row{Line: x.line, Cells: make([]Cell, len(texts))}
	for i, text := range texts {
		row.Cells[i].Text = text
	}
	return row, err
}

// cells returns what the next row shows, or io.EOF.
func (x *xlsxRows) cells() ([]string, error) {
	if !x.rows.Next() {
		if err := x.rows.Error(); err != nil {
			return nil, damaged(err)
		}
		return nil, io.EOF
	}
	x.line++
	cells, err := x.rows.Columns()
	if err != nil {
		return nil, damaged(err)
	}
	for i, cell := range cells {
		if number, ok := strings.CutPrefix(cell, dateMark); ok {
			cells[i] = x.dateOf(number)
		} else if i < len(x.columns) {
			cells[i] = x.columns[i].shown(cell)
		}
	}
	return cells, nil
}

func (x *xlsxRows) close() error {
	var err error
	if x.rows != nil {
		_ = x.rows.Close() // it is only read
	}
	if x.book != nil {
		err = x.book.Close()
	}
	return err
}

// dateMark is a character that no text has.
const dateMark = "\U0010FFFE"

// markDates makes excelize show dates as a number with a mark in front, and other numbers as they are: the row iterator
// gives only what a cell shows, and formats dates slowly.
func (x *xlsxRows) markDates() error {
	styles := x.book.Styles
	if styles.CellXfs == nil {
		return nil
	}
	marked := excelize.NewFile()
	style, err := marked.NewStyle(&excelize.Style{CustomNumFmt: new(`"` + dateMark + `"0.0000000;"` + dateMark + `-"0.0000000`)})
	if err != nil {
		return fmt.Errorf("read dates of workbook: %w", err)
	}
	dates := map[int]bool{}
	if styles.NumFmts != nil {
		for _, format := range styles.NumFmts.NumFmt {
			dates[format.NumFmtID] = isDateCode(format.FormatCode)
		}
	}
	styles.NumFmts = marked.Styles.NumFmts
	for i := range styles.CellXfs.Xf {
		cell, id := &styles.CellXfs.Xf[i], 0
		if cell.NumFmtID != nil {
			id = *cell.NumFmtID
		}
		cell.NumFmtID = new(-1)
		if date, known := dates[id]; date || !known && isDateFormat(id) {
			cell.NumFmtID = marked.Styles.CellXfs.Xf[style].NumFmtID
		}
	}
	return nil
}

// isDateFormat reports whether a number format that Excel does not write down (ECMA-376, part 1, 18.8.30) shows dates.
func isDateFormat(id int) bool {
	return id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58
}

func isDateCode(code string) bool {
	parser := nfp.NumberFormatParser()
	for _, section := range parser.Parse(code) {
		for _, item := range section.Items {
			if item.TType == nfp.TokenTypeDateTimes {
				return true
			}
		}
	}
	return false
}

// dateOf shows a date that is counted in days, or the time of day alone of the day zero.
func (x *xlsxRows) dateOf(number string) string {
	days, err := strconv.ParseFloat(number, 64)
	if err != nil || days < 0 || days >= 2_958_466 { // 10000-01-01
		return strconv.FormatFloat(days, 'f', -1, 64)
	}
	properties := x.book.WorkBook.WorkbookPr
	date1904 := properties != nil && properties.Date1904
	date, err := excelize.ExcelDateToTime(days, date1904)
	if err != nil {
		return number
	}
	if days < 1 && !date1904 {
		return date.Round(time.Second).Format(time.TimeOnly)
	}
	return shownDate(date)
}

// shownDate leaves out a time of day that is midnight.
func shownDate(date time.Time) string {
	date = date.Round(time.Second)
	if date.Equal(date.Truncate(24 * time.Hour)) {
		return date.Format(time.DateOnly)
	}
	return date.Format(time.DateTime)
}

func damaged(cause error) error {
	if callboard.CodeOf(cause) != callboard.CodeInternal {
		return cause
	}
	return callboard.Wrap(cause, callboard.CodeInvalid, "the workbook is damaged: it cannot be unpacked or read")
}
