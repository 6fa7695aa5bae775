package sheet

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/callboard/callboard"
)

// Limits within an XLSX file.
const (
	maxDirectory     = 2 << 20   // bytes of the directory of the archive, all of which is kept in memory while it is read
	maxPart          = 8 << 20   // bytes of a part beside rows and shared strings
	maxRowXML        = 4 << 20   // bytes of the XML of a row
	maxSharedStrings = 1_000_000 // their places are kept in memory
	maxMerges        = 500_000   // which are kept in memory, too
	maxWorksheets    = 1_000
	maxText          = 128 << 10 // bytes of a cell; Excel allows 32,767 characters
	maxInMemory      = 4 << 20   // bytes of rows or shared strings; more go to a temporary file
)

// xlsxRows gives out the rows of a worksheet. All of the workbook is read once, when it is opened: so damage is found before the first
// row is given out, the rows of the other worksheets are counted, and merged ranges, which a worksheet lists behind its rows, are known.
// The rows wait in a spool, which is read much faster than the workbook, as often as need be.
//
// The XML is read by hand. The row iterator of excelize, which writes our workbooks, gives only what cells show: not their kind, nor whether
// their row is hidden, nor that a formula has no value. It also passes over damage in silence, so that all had to be read by encoding/xml
// before, to check it. Together that took 16 times the CPU: 10 s instead of 0.6 s for 100,000 rows of nine cells (BenchmarkReadXLSX).
type xlsxRows struct {
	spool  spool
	merges []merge // by their first line
	hidden bool    // hidden rows are rows like others

	r      *bufio.Reader
	record []byte
	begun  int // how many merges have begun
	filled []fill
}

// fill is a merged range of which some lines are to come.
type fill struct {
	column, to int
	cell       Cell
}

// workbook is what all worksheets share.
type workbook struct {
	pkg       *xlsxPackage
	sheets    []worksheetPart
	styles    []numberFormat
	strings   sharedStrings
	date1904  bool
	computed  bool  // the program that wrote it has computed its formulas
	toCompute bool  // it asks that they be computed
	text      int64 // how many bytes of text the cells may still have: many can share a long one
	cells     int64 // how many cells the rows may still have, also empty ones in front of others
}

type worksheetPart struct {
	Worksheet
	id   string // of its relation
	part string
}

func openXLSX(r io.ReaderAt, size int64, opts ReadOptions) (_ *Reader, err error) {
	if size > MaxArchive {
		return nil, callboard.Errorf(callboard.CodeTooLarge, "an XLSX file may have at most %d MB; save it as CSV", MaxArchive>>20)
	}
	pkg, err := openPackage(r, size)
	if err != nil {
		return nil, err
	}
	book := &workbook{pkg: pkg, text: pkg.limit, cells: max(minCells, maxCellRatio*size)}
	defer func() { err = errors.Join(err, book.strings.spool.close()) }()
	if err := book.open(); err != nil {
		return nil, err
	}
	rows := &xlsxRows{hidden: opts.Hidden}
	info := Info{Format: XLSX, Date1904: book.date1904}
	if info.Sheet, err = book.readSheets(rows, opts.Sheet); err != nil {
		return nil, errors.Join(err, rows.close())
	}
	for _, sheet := range book.sheets {
		info.Sheets = append(info.Sheets, sheet.Worksheet)
	}
	s := &Reader{info: info, begin: rows.begin, close: rows.close}
	return s, s.Rewind()
}

// open reads all but the worksheets.
func (b *workbook) open() error {
	root, err := b.pkg.relations("")
	if err != nil {
		return err
	}
	main := ""
	for _, r := range root {
		if r.kind == "officeDocument" {
			main = r.target
		}
	}
	if b.pkg.parts[main] == nil || strings.HasSuffix(main, ".bin") {
		return b.pkg.noWorkbook()
	}
	relations, err := b.pkg.relations(main)
	if err != nil {
		return err
	}
	if err := b.pkg.readSmall(main, b.readWorkbook); err != nil {
		return err
	}
	b.sheets = slices.DeleteFunc(b.sheets, func(s worksheetPart) bool { return relations[s.id].kind != "worksheet" })
	if len(b.sheets) == 0 {
		return callboard.Errorf(callboard.CodeInvalid, "the workbook has no worksheet")
	}
	parts := map[string]string{}
	for i := range b.sheets {
		s := &b.sheets[i]
		s.part = relations[s.id].target
		if b.pkg.parts[s.part] == nil {
			return callboard.Errorf(callboard.CodeInvalid, "the workbook is damaged: its worksheet %.40q is missing", s.Name)
		}
		if err := b.pkg.reserve(s.part); err != nil {
			return err
		}
	}
	for _, r := range relations {
		parts[r.kind] = r.target
	}
	if name := parts["styles"]; b.pkg.parts[name] != nil {
		err = b.pkg.readSmall(name, func(x *xmlReader) (err error) {
			b.styles, err = readStyles(x)
			return err
		})
		if err != nil {
			return err
		}
	}
	name := parts["sharedStrings"]
	if b.pkg.parts[name] == nil {
		return nil
	}
	if err := b.pkg.reserve(name); err != nil {
		return err
	}
	return b.pkg.read(name, b.strings.read)
}

func (b *workbook) readWorkbook(x *xmlReader) error {
	if err := x.root("workbook"); err != nil {
		return b.pkg.noWorkbook()
	}
	for {
		ok, err := x.child(1)
		if err != nil || !ok {
			return err
		}
		switch string(x.name) {
		case "workbookPr":
			attrs, err := x.texts()
			if err != nil {
				return err
			}
			b.date1904 = isTrue([]byte(attrs["date1904"]))
		case "calcPr":
			attrs, err := x.texts()
			if err != nil {
				return err
			}
			b.toCompute = isTrue([]byte(attrs["fullCalcOnLoad"]))
			b.computed = !b.toCompute
		case "sheets":
			if err := x.each("sheet", func() error { return b.addSheet(x) }); err != nil {
				return err
			}
			continue
		}
		if err := x.skip(); err != nil {
			return err
		}
	}
}

func (b *workbook) addSheet(x *xmlReader) error {
	attrs, err := x.texts()
	if err != nil {
		return err
	}
	if len(b.sheets) == maxWorksheets {
		return callboard.Errorf(callboard.CodeTooLarge, "the workbook has more than %d worksheets", maxWorksheets)
	}
	hidden := attrs["state"] != "" && attrs["state"] != "visible"
	b.sheets = append(b.sheets, worksheetPart{Worksheet: Worksheet{Name: attrs["name"], Hidden: hidden}, id: attrs["id"]})
	return nil
}

// readSheets counts the rows of all worksheets, and keeps those of one: that of the given name, or else the first visible one that has
// rows. It returns the name of that one.
func (b *workbook) readSheets(rows *xlsxRows, name string) (string, error) {
	wanted, err := b.find(name)
	if err != nil {
		return "", err
	}
	chosen := -1
	for i := range b.sheets {
		sheet := &b.sheets[i]
		keep := i == wanted || wanted < 0 && chosen < 0 && !sheet.Hidden
		scan := worksheetScan{book: b}
		if keep {
			scan.spool = &rows.spool
		}
		err := b.pkg.read(sheet.part, func(x *xmlReader) error {
			scan.x = x
			err := scan.read()
			if tooLarge, ok := errors.AsType[*callboard.Error](err); ok && name == "" && len(b.sheets) > 1 {
				return callboard.Errorf(tooLarge.Code, "worksheet %.40q: %s; to read another one, name it", sheet.Name, tooLarge.Message)
			}
			return err
		})
		if err != nil {
			return "", err
		}
		if sheet.Rows = scan.rows; keep && scan.rows > 0 {
			chosen, rows.merges = i, scan.sorted()
		}
	}
	if chosen < 0 {
		return "", b.errNoRows(name)
	}
	return b.sheets[chosen].Name, rows.spool.flush()
}

// find returns the worksheet of a name, or -1 if there is no name.
func (b *workbook) find(name string) (int, error) {
	if name == "" {
		return -1, nil
	}
	i := slices.IndexFunc(b.sheets, func(s worksheetPart) bool { return s.Name == name })
	if i < 0 {
		i = slices.IndexFunc(b.sheets, func(s worksheetPart) bool { return strings.EqualFold(s.Name, name) })
	}
	if i < 0 {
		return 0, errOption("sheet", "the workbook has no worksheet of that name; it has %s", b.names(b.sheets))
	}
	return i, nil
}

func (b *workbook) errNoRows(name string) error {
	if name != "" {
		return errOption("sheet", "the worksheet is empty")
	}
	hidden := slices.DeleteFunc(slices.Clone(b.sheets), func(s worksheetPart) bool { return s.Rows == 0 })
	if len(hidden) == 0 {
		return errEmpty()
	}
	return errOption("sheet", "only hidden worksheets have rows: %s; name one of them to read it", b.names(hidden))
}

// names lists some worksheets.
func (b *workbook) names(sheets []worksheetPart) string {
	const most = 20
	var list []string
	for _, s := range sheets[:min(most, len(sheets))] {
		list = append(list, fmt.Sprintf("%.40q", s.Name))
	}
	if len(sheets) > most {
		list = append(list, fmt.Sprintf("and %d more", len(sheets)-most))
	}
	return strings.Join(list, ", ")
}

func errRowTooLong(line int) error {
	return callboard.Errorf(callboard.CodeInvalid, "the row that begins on line %d is larger than %d MB", line, MaxRow>>20)
}

func (x *xlsxRows) begin() (source, error) {
	x.r, x.begun, x.filled = x.spool.reader(), 0, nil
	return x, nil
}

func (x *xlsxRows) close() error { return x.spool.close() }

// next returns the next row, or io.EOF.
func (x *xlsxRows) next() (Row, error) {
	var size [4]byte
	if _, err := io.ReadFull(x.r, size[:]); err != nil {
		if errors.Is(err, io.EOF) {
			return Row{}, io.EOF
		}
		return Row{}, fmt.Errorf("read unpacked workbook: %w", err)
	}
	n := int(binary.LittleEndian.Uint32(size[:]))
	x.record = slices.Grow(x.record[:0], n)[:n]
	if _, err := io.ReadFull(x.r, x.record); err != nil {
		return Row{}, fmt.Errorf("read unpacked workbook: %w", err)
	}
	row := parseRecord(x.record)
	row.Cells = x.fill(row.Line, row.Cells)
	row.Hidden = row.Hidden && !x.hidden
	return row, nil
}

// parseRecord reads what spooledRow.append has written. The texts of a row are one piece of memory.
func parseRecord(record []byte) Row {
	pos := 1
	number := func() int {
		v, n := binary.Uvarint(record[pos:])
		pos += n
		return int(v)
	}
	row := Row{Hidden: record[0] == 1, Line: number()}
	count, first := number(), pos
	width, size := 0, 0
	for range count {
		width = number() + 1
		pos++
		size += number()
	}
	texts := string(record[pos:])
	row.Cells = make([]Cell, width)
	pos = first
	for range count {
		column := number()
		kind := CellKind(record[pos])
		pos++
		n := number()
		row.Cells[column] = Cell{Text: texts[:n], Kind: kind}
		texts = texts[n:]
	}
	return row
}

// fill gives the empty cells of merged ranges the value of their first one.
func (x *xlsxRows) fill(line int, cells []Cell) []Cell {
	x.filled = slices.DeleteFunc(x.filled, func(f fill) bool { return f.to < line })
	for _, f := range x.filled {
		for len(cells) <= f.column {
			cells = append(cells, Cell{})
		}
		if cells[f.column].Text == "" {
			cells[f.column] = f.cell
		}
	}
	for ; x.begun < len(x.merges) && x.merges[x.begun].from <= line; x.begun++ {
		m := x.merges[x.begun]
		x.filled = slices.DeleteFunc(x.filled, func(f fill) bool { return f.column == m.column }) // ranges do not overlap
		if m.from == line && m.column < len(cells) && cells[m.column].Text != "" {
			x.filled = append(x.filled, fill{m.column, m.to, cells[m.column]})
		}
	}
	return cells
}
