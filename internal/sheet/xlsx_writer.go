package sheet

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"callboard"
)

// Limits of Excel.
const (
	maxXLSXRows = 1_048_576 // with the header
	maxXLSXCell = 32_767    // characters of UTF-16
)

const (
	typesXML = xml.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>` +
		`</Types>`
	relationsXML = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>`
	relationXML  = `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"/>`
	workbookXML  = xml.Header + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"` +
		` xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
		`<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`
	// Style 1 shows a number as a date with its time of day.
	stylesXML = xml.Header + `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
		`<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/></numFmts>` +
		`<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		`<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
		`<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>` +
		`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
	sheetStart = xml.Header + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`
	sheetEnd   = `</sheetData></worksheet>`
)

// xlsxWriter writes a workbook with one worksheet, which is the last part of the archive: so it goes out row by row, and
// needs neither memory nor a temporary file.
type xlsxWriter struct {
	zip     *zip.Writer
	w       *bufio.Writer
	columns []string
}

func newXLSXWriter(w io.Writer, columns []string) (*xlsxWriter, error) {
	s := &xlsxWriter{zip: zip.NewWriter(w), columns: columns}
	for _, part := range [][2]string{
		{"[Content_Types].xml", typesXML},
		{"_rels/.rels", relationsOf("officeDocument", "xl/workbook.xml")},
		{"xl/workbook.xml", workbookXML},
		{"xl/_rels/workbook.xml.rels", relationsOf("worksheet", "worksheets/sheet1.xml", "styles", "styles.xml")},
		{"xl/styles.xml", stylesXML},
		{"xl/worksheets/sheet1.xml", sheetStart},
	} {
		out, err := s.zip.Create(part[0])
		if err != nil {
			return nil, err
		}
		s.w = bufio.NewWriter(out)
		if _, err := s.w.WriteString(part[1]); err != nil {
			return nil, err
		}
		if err := s.w.Flush(); err != nil {
			return nil, err
		}
	}
	header := make([]any, len(columns))
	for i, name := range columns {
		header[i] = name
	}
	return s, s.row(1, header)
}

func relationsOf(kindsAndTargets ...string) string {
	var all strings.Builder
	for i := 0; i < len(kindsAndTargets); i += 2 {
		fmt.Fprintf(&all, relationXML, i/2+1, kindsAndTargets[i], kindsAndTargets[i+1])
	}
	return fmt.Sprintf(relationsXML, all.String())
}

func (s *xlsxWriter) row(line int, cells []any) error {
	if line > maxXLSXRows {
		return callboard.Errorf(callboard.CodeTooLarge,
			"an XLSX sheet holds at most %d rows below its header; choose another format, or fewer rows", maxXLSXRows-1)
	}
	_, _ = s.w.WriteString(`<row r="` + strconv.Itoa(line) + `">`) // the first error stays
	for i, cell := range cells {
		text, err := plainText(cell)
		if err != nil {
			return err
		}
		if text == "" {
			continue
		}
		reference := ` r="` + columnName(i) + strconv.Itoa(line) + `"`
		if err := s.cell(reference, cell, text); err != nil {
			return callboard.Errorf(callboard.CodeTooLarge,
				"row %d, column %s: the text is longer than the %d characters that a cell of XLSX can hold; choose another format",
				line, s.columns[i], maxXLSXCell)
		}
	}
	_, err := s.w.WriteString(`</row>`)
	return err
}

var errLongCell = fmt.Errorf("sheet: the cell has more than %d characters", maxXLSXCell)

func (s *xlsxWriter) cell(reference string, cell any, text string) error {
	switch v := cell.(type) {
	case int, int64:
		s.number(reference, text)
		return nil
	case float64:
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			s.number(reference, text)
			return nil
		}
	case bool:
		_, _ = s.w.WriteString(`<c` + reference + ` t="b"><v>` + map[bool]string{false: "0", true: "1"}[v] + `</v></c>`)
		return nil
	case time.Time:
		if days, ok := daysOf(v); ok {
			s.number(reference+` s="1"`, strconv.FormatFloat(days, 'f', -1, 64))
			return nil
		}
	}
	return s.text(reference, text)
}

func (s *xlsxWriter) number(attributes, value string) {
	_, _ = s.w.WriteString(`<c` + attributes + `><v>` + value + `</v></c>`)
}

func (s *xlsxWriter) text(reference, text string) error {
	if len(text) > maxXLSXCell && utf16Length(text) > maxXLSXCell {
		return errLongCell
	}
	_, _ = s.w.WriteString(`<c` + reference + ` t="inlineStr"><is><t xml:space="preserve">`)
	_ = xml.EscapeText(s.w, []byte(escape(text))) // the first error stays
	_, _ = s.w.WriteString(`</t></is></c>`)
	return nil
}

func (s *xlsxWriter) flush() error {
	if err := s.w.Flush(); err != nil {
		return err
	}
	return s.zip.Flush()
}

func (s *xlsxWriter) close() error {
	if _, err := s.w.WriteString(sheetEnd); err != nil {
		return err
	}
	if err := s.w.Flush(); err != nil {
		return err
	}
	return s.zip.Close()
}

// columnName returns A for 0, Z for 25, AA for 26.
func columnName(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

// daysOf counts a time as Excel does, to the second, in UTC. Dates before March 1900 stay text.
func daysOf(t time.Time) (float64, bool) {
	seconds := t.Unix() - time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).Unix()
	return float64(seconds) / 86_400, seconds >= 61*86_400 && t.Year() < 10_000
}

func utf16Length(text string) (n int) {
	for _, r := range text {
		n += utf16.RuneLen(r)
	}
	return n
}

// escape is the inverse of unescape.
func escape(text string) string {
	if strings.IndexFunc(text, unwritable) < 0 && !strings.Contains(text, "_x") {
		return text
	}
	var b strings.Builder
	for i, r := range text {
		_, looksEscaped := escaped(text[i:])
		if unwritable(r) || looksEscaped {
			fmt.Fprintf(&b, "_x%04X_", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// unwritable reports whether XML cannot hold a character, or reads another one.
func unwritable(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF
}
