package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/callboard/callboard"
)

// Limits of Excel.
const (
	maxLine   = 1 << 20
	maxColumn = 1 << 14
)

// worksheetScan reads a worksheet from its beginning to its end.
type worksheetScan struct {
	x      *xmlReader
	book   *workbook
	spool  *spool // where the rows go; nil: they are only counted
	rows   int    // that are not empty
	merges []merge

	row     spooledRow
	record  []byte
	value   []byte // of the cell
	formula []byte
}

// merge is a range of merged cells, of which the first column holds the value.
type merge struct {
	column   int // from 0 on
	from, to int // lines
}

func (s *worksheetScan) read() error {
	if err := s.x.root("worksheet"); err != nil {
		return err
	}
	for {
		ok, err := s.x.child(1)
		if err != nil || !ok {
			return err
		}
		switch string(s.x.name) {
		case "sheetData":
			err = s.x.each("row", s.readRow)
		case "mergeCells":
			err = s.x.each("mergeCell", s.readMerge)
		default:
			err = s.x.skip()
		}
		if err != nil {
			return err
		}
	}
}

func (s *worksheetScan) readRow() error {
	last := s.row.line
	s.row = spooledRow{line: last + 1, cells: s.row.cells[:0], texts: s.row.texts[:0]}
	for {
		name, value, err := s.x.attr()
		if err != nil {
			return err
		}
		if len(name) == 0 {
			break
		}
		switch string(name) {
		case "r":
			if s.row.line, err = strconv.Atoi(string(value)); err != nil {
				return err
			}
		case "hidden":
			s.row.hidden = isTrue(value)
		}
	}
	if s.row.line <= last || s.row.line > maxLine {
		return errors.New("sheet: the rows are not in order")
	}
	err := s.readCells()
	if errors.Is(err, errTokenTooLong) {
		err = errRowTooLong(s.row.line)
	}
	if err != nil || len(s.row.cells) == 0 {
		return err
	}
	s.rows++
	if s.spool == nil {
		return nil
	}
	if s.book.cells -= int64(s.row.cells[len(s.row.cells)-1].column); s.book.cells < 0 {
		return callboard.Errorf(callboard.CodeTooLarge, "the workbook has too many empty cells for its size; save it as CSV")
	}
	s.record = s.row.append(s.record[:0])
	return s.spool.write(s.record)
}

func isTrue(value []byte) bool { return string(value) == "1" || string(value) == "true" }

func (s *worksheetScan) readCells() error {
	start, depth, next := s.x.offset(), s.x.depth(), 0
	for {
		ok, err := s.x.child(depth)
		if err != nil || !ok {
			return err
		}
		if string(s.x.name) != "c" {
			if err := s.x.skip(); err != nil {
				return err
			}
			continue
		}
		column, err := s.readCell(next)
		if err != nil {
			return err
		}
		next = column + 1
		if s.x.offset()-start > maxRowXML || len(s.row.texts) > MaxRow {
			return errRowTooLong(s.row.line)
		}
	}
}

// rawCell is a cell as the file has it, but for its texts.
type rawCell struct {
	column     int
	style      int
	kind       cellType
	hasValue   bool // also one that is empty
	hasFormula bool
}

// cellType is what the file calls the type of a cell.
type cellType byte

const (
	numberCell cellType = iota
	sharedCell
	textCell // inline, or the text of a formula
	boolCell
	errorCell
	isoDateCell
)

// readCell reads the cell that has begun, which is the next one unless it says more.
func (s *worksheetScan) readCell(next int) (column int, err error) {
	cell, err := s.cellAttrs(next)
	if err != nil {
		return 0, err
	}
	s.value, s.formula = s.value[:0], s.formula[:0]
	for depth := s.x.depth(); ; {
		ok, err := s.x.child(depth)
		if err != nil {
			return 0, err
		}
		if !ok {
			break
		}
		switch string(s.x.name) {
		case "v":
			cell.hasValue = true
			s.value, err = s.x.content(s.value[:0])
		case "is":
			cell.hasValue = true
			s.value, err = s.x.richText(s.value[:0])
		case "f":
			cell.hasFormula = true
			s.formula, err = s.x.content(s.formula[:0])
		default:
			err = s.x.skip()
		}
		if err != nil {
			return 0, err
		}
	}
	if !cell.hasValue && !cell.hasFormula {
		return cell.column, nil
	}
	return cell.column, s.add(cell)
}

func (s *worksheetScan) cellAttrs(next int) (rawCell, error) {
	cell := rawCell{column: next}
	for {
		name, value, err := s.x.attr()
		if err != nil || len(name) == 0 {
			return cell, err
		}
		switch string(name) {
		case "r":
			if cell.column, _, err = position(value); err == nil && cell.column < next {
				err = errors.New("sheet: the cells are not in order")
			}
		case "s":
			cell.style, err = strconv.Atoi(string(value))
		case "t":
			cell.kind, err = cellTypeOf(value)
		}
		if err != nil {
			return cell, err
		}
	}
}

func cellTypeOf(value []byte) (cellType, error) {
	switch string(value) {
	case "n":
		return numberCell, nil
	case "s":
		return sharedCell, nil
	case "str", "inlineStr":
		return textCell, nil
	case "b":
		return boolCell, nil
	case "e":
		return errorCell, nil
	case "d":
		return isoDateCell, nil
	}
	return 0, fmt.Errorf("sheet: an unknown type of cells: %.40q", value)
}

// position returns the column, from 0 on, and the line of a reference such as AB12.
func position(reference []byte) (column, line int, err error) {
	n := 0
	for ; n < len(reference) && n < 4; n++ {
		c := reference[n] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		column = column*26 + int(c-'A') + 1
	}
	line, err = strconv.Atoi(string(reference[n:]))
	if err != nil || column == 0 || column > maxColumn || line < 1 || line > maxLine {
		return 0, 0, fmt.Errorf("sheet: no reference to a cell: %.40q", reference)
	}
	return column - 1, line, nil
}

// add adds a cell to the row, unless it is empty.
func (s *worksheetScan) add(cell rawCell) error {
	if s.spool == nil {
		return s.count(cell)
	}
	before := len(s.row.texts)
	kind, err := s.appendCell(cell)
	if err != nil {
		return err
	}
	size := len(s.row.texts) - before
	switch {
	case bytes.IndexFunc(s.row.texts[before:], isVisible) < 0:
		s.row.texts = s.row.texts[:before]
		return nil
	case cell.column >= MaxColumns:
		return errTooManyColumns()
	case size > maxText:
		return errRowTooLong(s.row.line)
	}
	if s.book.text -= int64(size); s.book.text < 0 {
		return callboard.Errorf(callboard.CodeTooLarge, "the workbook has too much text for its size; save it as CSV")
	}
	s.row.cells = append(s.row.cells, spooledCell{cell.column, kind, size})
	return nil
}

// count adds a cell that is not empty without its content.
func (s *worksheetScan) count(cell rawCell) error {
	switch {
	case len(s.row.cells) > 0:
		return nil
	case cell.kind == sharedCell && len(s.value) > 0:
		start, end, err := s.sharedString()
		if err != nil || start == end {
			return err
		}
	case bytes.IndexFunc(s.value, isVisible) < 0 && !s.isUncomputed(cell):
		return nil
	}
	s.row.cells = append(s.row.cells, spooledCell{column: cell.column})
	return nil
}

// isUncomputed reports whether a cell has a formula that the program that wrote the file has not computed. Such programs leave the
// value out, or empty, or write the number 0; they ask for all to be computed, or say nothing about it.
func (s *worksheetScan) isUncomputed(cell rawCell) bool {
	switch {
	case !cell.hasFormula:
		return false
	case len(s.value) == 0: // also what Excel writes for an empty text
		return !cell.hasValue || cell.kind != textCell || !s.book.computed
	}
	return s.book.toCompute && cell.kind == numberCell && string(s.value) == "0"
}

func (s *worksheetScan) sharedString() (start, end int64, err error) {
	value := bytes.TrimSpace(s.value)
	i, err := strconv.Atoi(string(value))
	start, end, ok := s.book.strings.place(i)
	if err != nil || !ok {
		return 0, 0, fmt.Errorf("sheet: there is no shared string %.40q", value)
	}
	return start, end, nil
}

// appendCell adds the text of a cell to those of the row.
func (s *worksheetScan) appendCell(cell rawCell) (kind CellKind, err error) {
	texts := s.row.texts
	if s.isUncomputed(cell) {
		s.row.texts = append(append(texts, '='), s.formula...)
		return Uncomputed, nil
	}
	if len(s.value) == 0 {
		return Text, nil
	}
	switch cell.kind {
	case numberCell:
		format := plainNumber
		if cell.style > 0 && cell.style < len(s.book.styles) {
			format = s.book.styles[cell.style]
		}
		texts, kind = appendNumber(texts, bytes.TrimSpace(s.value), format, s.book.date1904)
	case sharedCell:
		start, end, err := s.sharedString()
		if err != nil {
			return 0, err
		}
		text, err := s.book.strings.at(start, end)
		if err != nil {
			return 0, err
		}
		texts = append(texts, text...)
	case textCell:
		texts = append(texts, s.value...)
	case boolCell:
		kind, texts = Bool, strconv.AppendBool(texts, isTrue(bytes.TrimSpace(s.value)))
	case errorCell:
		kind, texts = CellError, append(texts, bytes.TrimSpace(s.value)...)
	case isoDateCell:
		texts, kind = appendISODate(texts, bytes.TrimSpace(s.value))
	}
	s.row.texts = texts
	return kind, nil
}

// readMerge keeps ranges of more than one line.
func (s *worksheetScan) readMerge() error {
	for {
		name, value, err := s.x.attr()
		if err != nil || len(name) == 0 {
			return err
		}
		if string(name) != "ref" {
			continue
		}
		first, last, ok := bytes.Cut(value, []byte(":"))
		if !ok {
			return nil
		}
		column, from, err := position(first)
		if err != nil {
			return err
		}
		_, to, err := position(last)
		if err != nil || to <= from || column >= MaxColumns || s.spool == nil {
			return err
		}
		if len(s.merges) == maxMerges {
			return callboard.Errorf(callboard.CodeTooLarge, "the worksheet has more than %d merged ranges; save it as CSV", maxMerges)
		}
		s.merges = append(s.merges, merge{column, from, to})
		return nil
	}
}

// sorted returns the merged ranges by the line in which they begin.
func (s *worksheetScan) sorted() []merge {
	slices.SortFunc(s.merges, func(a, b merge) int { return a.from - b.from })
	return s.merges
}
