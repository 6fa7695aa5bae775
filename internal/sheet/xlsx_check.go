package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/callboard/callboard"
)

// copyParts copies the parts of a workbook that its rows need, and reads each of them to its end before: excelize would
// read all others into memory, and passes over damage in silence.
func copyParts(w io.Writer, r io.ReaderAt, size int64) ([]columnTypes, error) {
	directory := &directoryLimit{r: r, left: maxDirectory}
	archive, err := zip.NewReader(directory, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, damaged(err)
	}
	directory.left = -1
	limit := min(max(minUnzipped, maxRatio*size), MaxUnzipped)
	check, out := &xlsxCheck{text: limit, marks: markLimit{left: max(minMarks, maxMarkRatio*size)}}, zip.NewWriter(w)
	check.others.left = maxOtherMarks
	parts, err := neededParts(archive, uint64(limit))
	if err != nil {
		return nil, err
	}
	for _, part := range parts {
		if err := check.part(part); err != nil {
			return nil, damaged(err)
		}
		if err := out.Copy(part); err != nil {
			return nil, fmt.Errorf("unpack workbook: %w", err)
		}
	}
	if err := out.Close(); err != nil {
		return nil, fmt.Errorf("unpack workbook: %w", err)
	}
	return check.columns, nil
}

// neededParts returns the shared strings first: the check of the rows needs them.
func neededParts(archive *zip.Reader, limit uint64) ([]*zip.File, error) {
	var strings, others []*zip.File
	var unzipped, small uint64
	hasSheet := false
	for _, file := range archive.File {
		kind := kindOf(file)
		if kind == unneededPart {
			continue
		}
		if unzipped += file.UncompressedSize64; unzipped > limit || file.UncompressedSize64 > limit {
			return nil, callboard.Errorf(callboard.CodeTooLarge, "the workbook unzips to more than %d MB; save it as CSV", limit>>20)
		}
		hasSheet = hasSheet || kind == worksheetPart
		if kind == sharedStringsPart {
			strings = append(strings, file)
			continue
		}
		if kind == otherPart {
			small += file.UncompressedSize64
		}
		others = append(others, file)
	}
	if small > maxPart {
		return nil, callboard.Errorf(callboard.CodeTooLarge,
			"the workbook has more than %d MB beside its rows; save it as CSV", maxPart>>20)
	}
	if !hasSheet {
		return nil, callboard.Errorf(callboard.CodeInvalid, "the archive is not an XLSX workbook")
	}
	return append(strings, others...), nil
}

// partKind is what a part of a workbook holds.
type partKind int

const (
	unneededPart partKind = iota // pictures, charts, the order of formulas
	sharedStringsPart
	worksheetPart
	otherPart
)

func kindOf(file *zip.File) partKind {
	name := strings.ToLower(strings.ReplaceAll(file.Name, `\`, "/"))
	switch {
	case name == "xl/sharedstrings.xml":
		return sharedStringsPart
	case strings.HasPrefix(name, "xl/worksheets/sheet"): // excelize keeps sheets of other names in memory
		return worksheetPart
	case name != "xl/calcchain.xml" && slices.Contains([]string{".", "_rels", "xl", "xl/_rels"}, path.Dir(name)):
		return otherPart
	}
	return unneededPart
}

// xlsxCheck finds what excelize passes over: XML that is cut or not well-formed, rows or cells out of order, shared strings
// that are not there. It also keeps what is read at a time within limits.
type xlsxCheck struct {
	sharedStrings []uint32 // how many bytes each has
	columns       []columnTypes
	text          int64     // how many bytes of text the cells may still have: many can share a long one
	marks         markLimit // of rows and shared strings
	others        markLimit // of all other parts
	decoder       *xml.Decoder
	limit         *byteLimit
}

// columnTypes says whether some cells of a column are of a type that excelize does not distinguish from text.
type columnTypes struct{ boolean, isoDate bool }

func (c columnTypes) shown(cell string) string {
	if c.boolean && (cell == "TRUE" || cell == "FALSE") {
		return strings.ToLower(cell)
	}
	if c.isoDate {
		if date, err := time.Parse("2006-01-02T15:04:05", cell); err == nil {
			return shownDate(date)
		}
	}
	return cell
}

// part reads a part to its end, where the archive finds out whether it is whole.
func (c *xlsxCheck) part(file *zip.File) error {
	if file.Flags&1 != 0 {
		return callboard.Errorf(callboard.CodeInvalid, "the workbook is locked with a password; save it without one")
	}
	content, err := file.Open()
	if err != nil {
		return err
	}
	defer content.Close()
	marks := &c.marks
	if kindOf(file) == otherPart {
		marks = &c.others
	}
	marks.r = content
	c.limit = &byteLimit{r: marks, left: maxPart}
	c.decoder = xml.NewDecoder(c.limit)
	switch kindOf(file) {
	case sharedStringsPart:
		err = c.readSharedStrings()
	case worksheetPart:
		err = c.readRows()
	default:
	}
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, marks)
	return err
}

// markLimit ends the reading of XML with too many elements and attributes: each takes as long as a hundred bytes of text, and may
// be four bytes long.
type markLimit struct {
	r    io.Reader
	left int64
}

// Read counts what each element and each attribute has one of. Within texts there are few of them.
func (l *markLimit) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if e := l.take(bytes.Count(p[:n], []byte("<")) + bytes.Count(p[:n], []byte("="))); e != nil {
		return 0, e
	}
	return n, err
}

// take counts what takes as long as n marks.
func (l *markLimit) take(n int) error {
	if l.left -= int64(n); l.left < 0 {
		return callboard.Errorf(callboard.CodeTooLarge, "the workbook has too many cells and formats for its size; save it as CSV")
	}
	return nil
}

// xlsxText is a text, with or without formats within it.
type xlsxText struct {
	Text string `xml:"t"`
	Runs []struct {
		Text string `xml:"t"`
	} `xml:"r"`
}

func (t xlsxText) size() int {
	n := len(t.Text)
	for _, run := range t.Runs {
		n += len(run.Text)
	}
	return n
}

func (c *xlsxCheck) readSharedStrings() error {
	for {
		c.limit.left = maxRowXML
		token, err := c.decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var text xlsxText
		start, ok := token.(xml.StartElement)
		if ok && start.Name.Local == "si" {
			err = c.decoder.DecodeElement(&text, &start)
		}
		switch {
		case errors.Is(err, errByteLimit), text.size() > maxText:
			return callboard.Errorf(callboard.CodeInvalid, "the workbook has a text of more than %d KB", maxText>>10)
		case err != nil:
			return err
		case len(c.sharedStrings) == maxSharedStrings:
			return callboard.Errorf(callboard.CodeTooLarge, "the workbook has more than %d texts; save it as CSV", maxSharedStrings)
		case ok && start.Name.Local == "si":
			c.sharedStrings = append(c.sharedStrings, uint32(text.size()))
		}
	}
}

// readRows reads up to the end of the rows.
func (c *xlsxCheck) readRows() error {
	line := 0
	for {
		token, err := c.decoder.Token()
		if errors.Is(err, io.EOF) {
			return io.ErrUnexpectedEOF
		}
		if err == nil {
			switch element := token.(type) {
			case xml.StartElement:
				switch element.Name.Local {
				case "sheetData":
					c.limit.left = maxRowXML
				case "row":
					if line, err = lineOf(element, line+1); err == nil {
						err = c.readRow(line)
					}
				}
			case xml.EndElement:
				if element.Name.Local == "sheetData" {
					return nil
				}
			}
		}
		if errors.Is(err, errByteLimit) {
			return errRowTooLong(line + 1)
		}
		if err != nil {
			return err
		}
	}
}

// lineOf returns the number of a row, which is the next one unless it says more.
func lineOf(row xml.StartElement, next int) (int, error) {
	for _, attr := range row.Attr {
		if attr.Name.Local == "r" {
			line, err := strconv.Atoi(attr.Value)
			if err == nil && (line < next || line > excelize.TotalRows) {
				err = errors.New("sheet: the rows are not in order")
			}
			return line, err
		}
	}
	return next, nil
}

// xlsxCell is a cell as the file has it.
type xlsxCell struct {
	Reference string
	Type      string
	Value     string
	formula   bool // excelize shows such a cell also without a value
	inline    int  // bytes of its text
}

// shown reports whether the cell is one of the row. The others, which have a format alone, do not make it wider.
func (c xlsxCell) shown() bool { return c.formula || c.Value != "" || c.inline > 0 }

// readCell reads a cell to its end. It does so by hand: to decode it into a struct takes four times as long.
func (c *xlsxCheck) readCell(start xml.StartElement) (xlsxCell, error) {
	var cell xlsxCell
	for _, attr := range start.Attr {
		switch attr.Name.Local {
		case "r":
			cell.Reference = attr.Value
		case "t":
			cell.Type = attr.Value
		}
	}
	for path := make([]string, 0, 4); ; { // names of the elements within the cell
		token, err := c.decoder.Token()
		if err != nil {
			return cell, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			path = append(path, t.Name.Local)
			cell.formula = cell.formula || len(path) == 1 && path[0] == "f"
		case xml.EndElement:
			if len(path) == 0 {
				return cell, nil
			}
			path = path[:len(path)-1]
		case xml.CharData:
			switch strings.Join(path, "/") {
			case "v":
				cell.Value += string(t)
			case "is/t", "is/r/t":
				cell.inline += len(t)
			}
		}
	}
}

func (c *xlsxCheck) readRow(line int) error {
	column, size, width := 0, 0, 0
	for {
		token, err := c.decoder.Token()
		if errors.Is(err, errByteLimit) {
			return errRowTooLong(line)
		}
		if err != nil {
			return err
		}
		switch element := token.(type) {
		case xml.EndElement:
			if element.Name.Local == "row" {
				c.limit.left = maxRowXML
				return c.marks.take(width)
			}
		case xml.StartElement:
			if element.Name.Local != "c" {
				continue
			}
			cell, err := c.readCell(element)
			if errors.Is(err, errByteLimit) {
				return errRowTooLong(line)
			} else if err != nil {
				return err
			}
			if column, err = columnOf(cell.Reference, column+1); err != nil {
				return err
			}
			if !cell.shown() {
				continue
			}
			width = column
			n, err := c.cell(column, cell)
			if err != nil {
				return err
			}
			if size += n; size > MaxRow || n > maxText {
				return errRowTooLong(line)
			}
		}
	}
}

// columnOf returns the column of a reference such as AB12, from 1 on, which is the next one unless it says more.
func columnOf(reference string, next int) (int, error) {
	if reference == "" {
		return next, nil
	}
	column, _, err := excelize.CellNameToCoordinates(reference)
	if err == nil && column < next {
		err = errors.New("sheet: the cells are not in order")
	}
	return column, err
}

// cell returns how many bytes a cell has.
func (c *xlsxCheck) cell(column int, cell xlsxCell) (int, error) {
	n := len(cell.Value) + cell.inline
	if column > MaxColumns {
		return 0, errTooManyColumns()
	}
	for len(c.columns) < column {
		c.columns = append(c.columns, columnTypes{})
	}
	switch cell.Type {
	case "b":
		c.columns[column-1].boolean = true
	case "d":
		c.columns[column-1].isoDate = true
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(cell.Value))
		if err != nil || i < 0 || i >= len(c.sharedStrings) {
			return 0, fmt.Errorf("sheet: there is no shared string %q", cell.Value)
		}
		n = int(c.sharedStrings[i])
	}
	if c.text -= int64(n); c.text < 0 {
		return 0, callboard.Errorf(callboard.CodeTooLarge, "the workbook has too much text for its size; save it as CSV")
	}
	return n, nil
}

// directoryLimit limits how much of an archive is read for its directory. Less than zero is no limit.
type directoryLimit struct {
	r    io.ReaderAt
	left int
}

func (d *directoryLimit) ReadAt(p []byte, offset int64) (int, error) {
	if d.left >= 0 {
		if d.left -= len(p); d.left < 0 {
			return 0, fmt.Errorf("sheet: the directory of the archive has more than %d bytes", maxDirectory)
		}
	}
	return d.r.ReadAt(p, offset)
}

var errByteLimit = errors.New("sheet: more was read for one row than a row may have")

// byteLimit gives out a limited number of bytes, until it is set again: what is above it cannot gather more than that for
// one row.
type byteLimit struct {
	r    io.Reader
	left int
}

func (l *byteLimit) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errByteLimit
	}
	n, err := l.r.Read(p[:min(len(p), l.left)])
	l.left -= n
	return n, err
}

func errRowTooLong(line int) error {
	return callboard.Errorf(callboard.CodeInvalid, "the row that begins on line %d is larger than %d MB", line, MaxRow>>20)
}
