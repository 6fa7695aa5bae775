package sheet_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"

	"github.com/callboard/callboard/internal/sheet"
)

// rowsOfParts reads a workbook as rowsOf does.
func rowsOfParts(t testing.TB, p map[string]string, opts sheet.ReadOptions) ([]string, sheet.Info, error) {
	t.Helper()
	return rowsOf(t, string(archive(t, p)), opts)
}

func text(text string) string { return `<c t="inlineStr"><is><t>` + text + `</t></is></c>` }

func TestReadXLSXRows(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		rows, after string // what follows the rows
		want        []string
	}{
		"kinds": {
			`<row><c><v>7</v></c><c s="1"><v>32859</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c><c t="str"><v> a </v></c></row>`, "",
			[]string{"1: 7 (number)|1989-12-17 (date)|true (bool)|#N/A (error)| a "},
		},
		"a date that is none": {`<row><c s="1"><v>60</v></c><c s="1"><v>-1</v></c></row>`, "", []string{"1: 1900-02-29|-1 (number)"}},
		"formulas": {
			`<row><c><f>A2+1</f><v>2</v></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c><c t="str"><f>"a"</f><v>a</v></c><c s="1"><f>TODAY()</f></c></row>` +
				`<row><c><f>B1+1</f><v/></c><c t="str"><f>A1</f><v></v></c><c t="b"><f>TRUE()</f></c><c><f t="shared" si="0"/></c></row>`, "",
			[]string{
				"1: 2 (number)|#DIV/0! (error)|a|=TODAY() (uncomputed)",
				"2: =B1+1 (uncomputed)|=A1 (uncomputed)|=TRUE() (uncomputed)|= (uncomputed)",
			},
		},
		"hidden rows": {
			`<row>` + text("a") + `</row><row hidden="1">` + text("b") + `</row><row hidden="true"/><row hidden="0">` + text("c") + `</row>`, "",
			[]string{"1: a", "2 hidden: b", "4: c"},
		},
		"empty rows and cells": {
			`<row r="2"><c r="A2" s="1"/><c r="C2" t="s"><v>0</v></c><c r="D2" t="str"><v> </v></c><c r="ZZ2" s="1"/></row>` +
				`<row r="5"><c s="1"/><c t="s"/><c><v/></c><c t="inlineStr"><is/></c></row><row r="9"/><row r="12">` + text("&#160;\n") + `</row>`, "",
			[]string{"2: ||a"},
		},
		"merged cells": {
			`<row r="1"><c><v>1</v></c>` + text("A") + text("x") + `</row><row r="2"><c r="B2"><v>2</v></c></row><row r="3"><c r="A3"/></row>` +
				`<row r="4"><c r="B4"><v>4</v></c></row><row r="5"><c r="A5"><v>5</v></c><c r="B5"><v>5</v></c></row>` +
				`<row r="6"><c r="B6"><v>6</v></c></row><row r="8">` + text("b") + `</row>`,
			`<mergeCells><mergeCell ref="C1:E4"/><mergeCell ref="A5:A6"/><mergeCell ref="A1:A4"/><mergeCell ref="B8:D8"/><mergeCell ref="B7:B8"/></mergeCells>`,
			[]string{
				"1: 1 (number)|A|x", "2: 1 (number)|2 (number)|x", "4: 1 (number)|4 (number)|x", "5: 5 (number)|5 (number)", "6: 5 (number)|6 (number)", "8: b",
			},
		},
		"what is not the rows": {
			`<x><row>` + text("a") + `</row></x><row><x>` + text("b") + `</x>` + text("c") + `<extLst><ext><c><v>9</v></c></ext></extLst></row>`,
			`<extLst><sheetData><row>` + text("d") + `</row></sheetData></extLst>`,
			[]string{"1: c"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := withPart("xl/worksheets/sheet1.xml", "<worksheet><sheetData>"+tt.rows+"</sheetData>"+tt.after+"</worksheet>")
			got, _, err := rowsOfParts(t, p, sheet.ReadOptions{})
			if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestReadXLSXHiddenRowsAsOthers(t *testing.T) {
	t.Parallel()
	got, _, err := rowsOfParts(t, sheetOf(`<row hidden="1">`+text("a")+`</row>`), sheet.ReadOptions{Hidden: true})
	if diff := cmp.Diff([]string{"1: a"}, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// Excel writes an empty value for a formula that gives an empty text. Other programs write that, or 0, for all that they have not computed.
func TestReadXLSXFormulasByWhoWrote(t *testing.T) {
	t.Parallel()
	for calcPr, want := range map[string]string{
		"":                             "1: x|=A1 (uncomputed)|0 (number)|1 (number)|0 (number)",
		`<calcPr calcId="191029"/>`:    "1: x||0 (number)|1 (number)|0 (number)",
		`<calcPr fullCalcOnLoad="1"/>`: "1: x|=A1 (uncomputed)|=B1 (uncomputed)|1 (number)|0 (number)",
	} {
		p := sheetOf(`<row>` + text("x") + `<c t="str"><f>A1</f><v></v></c><c><f>B1</f><v>0</v></c><c><f>C1</f><v>1</v></c><c><v>0</v></c></row>`)
		p["xl/workbook.xml"] = strings.Replace(p["xl/workbook.xml"], "</workbook>", calcPr+"</workbook>", 1)
		got, _, err := rowsOfParts(t, p, sheet.ReadOptions{})
		if diff := cmp.Diff([]string{want}, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", calcPr, err, diff)
		}
	}
}

// manySheets has worksheets of each state beside a chart, under names of parts that say nothing.
func manySheets() map[string]string {
	p := parts()
	delete(p, "xl/worksheets/sheet1.xml")
	p["xl/workbook.xml"] = `<x:workbook xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main" xmlns:r="http://purl.oclc.org/ooxml/officeDocument/relationships">` +
		`<x:sheets><x:sheet name="Chart" r:id="c"/><x:sheet name="Secret" sheetId="1" state="hidden" r:id="s"/><x:sheet name="Empty" r:id="e"/>` +
		`<x:sheet name="R&amp;D" r:id="a"/><x:sheet name="Other" r:id="b"/></x:sheets></x:workbook>`
	relation := func(id, kind, target string) string {
		return fmt.Sprintf(`<Relationship Id="%s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"/>`, id, kind, target)
	}
	p["xl/_rels/workbook.xml.rels"] = `<Relationships>` + relation("c", "chartsheet", "chartsheets/sheet1.xml") + relation("s", "worksheet", "/data/S.XML") +
		relation("e", "worksheet", "worksheets/e.xml") + relation("a", "worksheet", "../data/a.bin") + relation("b", "worksheet", "worksheets/../b.xml") +
		relation("t", "sharedStrings", "texts.xml") + `</Relationships>`
	p["xl/texts.xml"] = p["xl/sharedStrings.xml"]
	delete(p, "xl/sharedStrings.xml")
	p["xl/chartsheets/sheet1.xml"] = `<chartsheet/>`
	p["Data/s.xml"] = `<worksheet><sheetData><row>` + text("secret") + `</row></sheetData></worksheet>`
	p[`xl\worksheets\e.xml`] = `<worksheet><sheetData><row><c s="1"/><c t="s"/></row></sheetData></worksheet>`
	p["data/a.bin"] = `<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData><x:row x:r="3"><x:c t="s"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>`
	p["xl/b.xml"] = `<worksheet><sheetData><row>` + text("1") + `</row><row><c t="str"><v> </v></c></row><row><c><v>2</v></c></row></sheetData></worksheet>`
	return p
}

func TestReadXLSXSheets(t *testing.T) {
	t.Parallel()
	sheets := []sheet.Worksheet{
		{Name: "Secret", Rows: 1, Hidden: true}, {Name: "Empty"}, {Name: "R&D", Rows: 1}, {Name: "Other", Rows: 2},
	}
	for name, want := range map[string][]string{
		"": {"R&D", "3: b"}, "Other": {"Other", "1: 1", "3: 2 (number)"}, "other": {"Other", "1: 1", "3: 2 (number)"}, "Secret": {"Secret", "1: secret"},
	} {
		got, info, err := rowsOfParts(t, manySheets(), sheet.ReadOptions{Sheet: name})
		if diff := cmp.Diff(want, append([]string{info.Sheet}, got...)); err != nil || diff != "" {
			t.Errorf("%q: %v (-want +got):\n%s", name, err, diff)
		}
		if diff := cmp.Diff(sheets, info.Sheets); diff != "" {
			t.Errorf("%q (-want +got):\n%s", name, diff)
		}
	}
	_, _, err := rowsOfParts(t, manySheets(), sheet.ReadOptions{Sheet: "Chart"})
	wantInvalid(t, err, `no worksheet of that name; it has "Secret", "Empty", "R&D", "Other"`)
	_, _, err = rowsOfParts(t, manySheets(), sheet.ReadOptions{Sheet: "Empty"})
	wantInvalid(t, err, "the worksheet is empty")
	p := manySheets()
	p["data/a.bin"], p["xl/b.xml"] = `<worksheet/>`, `<worksheet><sheetData/></worksheet>`
	_, _, err = rowsOfParts(t, p, sheet.ReadOptions{})
	wantInvalid(t, err, `only hidden worksheets have rows: "Secret"`)
}

// The limits of a row hold for the worksheet that is read, and not for those beside it.
func TestReadXLSXOtherSheetsMayBeWide(t *testing.T) {
	t.Parallel()
	p := manySheets()
	p["xl/b.xml"] = `<worksheet><sheetData><row><c r="XFD1"><v>1</v></c></row></sheetData></worksheet>`
	if got, _, err := rowsOfParts(t, p, sheet.ReadOptions{}); err != nil || len(got) != 1 {
		t.Errorf("%q, %v", got, err)
	}
	_, _, err := rowsOfParts(t, p, sheet.ReadOptions{Sheet: "Other"})
	wantInvalid(t, err, "the file has more than 500 columns")
	p["data/a.bin"] = p["xl/b.xml"]
	_, _, err = rowsOfParts(t, p, sheet.ReadOptions{})
	wantInvalid(t, err, `worksheet "R&D": the file has more than 500 columns; to read another one, name it`)
	if got, _, err := rowsOfParts(t, p, sheet.ReadOptions{Sheet: "Secret"}); err != nil || len(got) != 1 {
		t.Errorf("%q, %v", got, err)
	}
}

// The XML of a part may be written in all ways that XML has.
func TestReadXLSXMarkup(t *testing.T) {
	t.Parallel()
	const body = `<worksheet><sheetData><row r='1' ><c t = "str"><v>é>"</v></c></row></sheetData></worksheet>`
	utf16, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(`<?xml version="1.0" encoding="UTF-16"?>` + body)
	if err != nil {
		t.Fatal(err)
	}
	for name, part := range map[string]string{
		"declaration":        `<?xml version="1.0" encoding='utf-8' standalone="yes"?>` + "\r\n" + body,
		"byte order mark":    "\xef\xbb\xbf" + body,
		"UTF-16":             utf16,
		"comments":           "<!-- <a> -- - -->" + strings.Replace(body, "<row", "<!----><?a b?><row", 1) + "<!-- end -->\n",
		"brackets in quotes": strings.Replace(body, "<worksheet>", `<worksheet a="/>" b='">'>`, 1),
		"line breaks":        strings.ReplaceAll(strings.ReplaceAll(body, " ", "\r\n\t"), "></", ">\n</"),
	} {
		got, _, err := rowsOfParts(t, withPart("xl/worksheets/sheet1.xml", part), sheet.ReadOptions{})
		if diff := cmp.Diff([]string{`1: é>"`}, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
	for name, part := range map[string]string{
		"another encoding":     `<?xml version="1.0" encoding="ISO-8859-1"?>` + body,
		"document type":        `<!DOCTYPE worksheet [<!ENTITY a "b">]>` + body,
		"unknown entity":       strings.Replace(body, "é", "&a;", 1),
		"entity without end":   strings.Replace(body, "é", "&amp", 1),
		"character zero":       strings.Replace(body, "é", "&#0;", 1),
		"control character":    strings.Replace(body, "é", "\x01", 1),
		"no UTF-8":             strings.Replace(body, "é", "\xe9", 1),
		"cut text":             body[:strings.Index(body, "é")],
		"cut tag":              body[:strings.Index(body, "str")],
		"cut comment":          "<!-- " + body,
		"two roots":            body + "<worksheet/>",
		"text behind the root": body + "x",
		"no root":              " ",
		"wrong root":           "<chartsheet/>",
		"wrong end":            strings.Replace(body, "</v>", "</w>", 1),
		"tag in a tag":         strings.Replace(body, "<row ", "<row <", 1),
		"no name":              strings.Replace(body, "<row ", "< row ", 1),
		"no quotes":            strings.Replace(body, "'1'", "1", 1),
		"no value":             strings.Replace(body, "r='1'", "r", 1),
		"depth":                strings.Replace(body, "<v>", strings.Repeat("<v>", 200), 1),
		"unknown type":         strings.Replace(body, `"str"`, `"x"`, 1),
		"unknown style":        strings.Replace(body, `t = "str"`, `s="x"`, 1),
		"line zero":            strings.Replace(body, `'1'`, `'0'`, 1),
		"too many lines":       strings.Replace(body, `'1'`, `'1048577'`, 1),
	} {
		_, _, err := rowsOfParts(t, withPart("xl/worksheets/sheet1.xml", part), sheet.ReadOptions{})
		if wantInvalid(t, err, "damaged"); t.Failed() {
			t.Fatal(name)
		}
	}
}

func TestReadXLSXSaysWhatAnArchiveIs(t *testing.T) {
	t.Parallel()
	for part, message := range map[string]string{
		"xl/workbook.bin": ".xlsb", "word/document.xml": "Word", "ppt/presentation.xml": "presentation", "content.xml": ".ods",
		"Index/Document.iwa": "Apple Numbers", "xl/workbook.xml": "holds no workbook", "episodes.csv": "unpack it",
	} {
		_, _, err := rowsOfParts(t, map[string]string{part: "<x/>"}, sheet.ReadOptions{})
		wantInvalid(t, err, message)
	}
}

// A workbook whose rows have formats and no values costs nothing but the time to read it.
func TestReadXLSXStyledEmptyRows(t *testing.T) {
	large(t)
	var rows strings.Builder
	rows.WriteString(`<worksheet><sheetData><row r="1">` + text("title") + `</row>`)
	for i := 2; i <= 200_000; i++ {
		fmt.Fprintf(&rows, `<row r="%d" s="1" customFormat="1"><c r="A%d" s="1"/><c r="B%d" s="1"/><c r="C%d" s="1"/></row>`, i, i, i, i)
	}
	rows.WriteString(`</sheetData></worksheet>`)
	file := archive(t, withPart("xl/worksheets/sheet1.xml", rows.String()))
	before := allocated()
	s, err := sheet.Open(bytes.NewReader(file), int64(len(file)), sheet.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := rest(t, s); err != nil || len(got) != 1 {
		t.Errorf("%d rows, %v", len(got), err)
	}
	if after := allocated(); after > before+2<<20 {
		t.Errorf("%d KB of memory", (after-before)>>10)
	}
}

// FuzzXLSX puts what it makes up into the parts of a workbook. It must be read, or refused with a reason.
func FuzzXLSX(f *testing.F) {
	p := parts()
	for _, rows := range []string{
		`<row r="1" hidden="1"><c r="A1" s="1"><v>60</v></c><c t="s"><v>0</v></c><c t="str"><f>A1</f><v></v></c></row>`,
		`<row><c t="inlineStr"><is><r><t>a_x000D_</t></r><rPh><t>b</t></rPh></is></c><c t="e"><v>#N/A</v></c></row>`,
	} {
		f.Add(`<worksheet><sheetData>`+rows+`</sheetData><mergeCells><mergeCell ref="A1:A2"/></mergeCells></worksheet>`,
			p["xl/sharedStrings.xml"], p["xl/styles.xml"], p["xl/workbook.xml"], p["xl/_rels/workbook.xml.rels"])
	}
	f.Fuzz(func(t *testing.T, rows, texts, styles, book, relations string) {
		p := maps.Clone(p)
		p["xl/worksheets/sheet1.xml"], p["xl/sharedStrings.xml"], p["xl/styles.xml"] = rows, texts, styles
		p["xl/workbook.xml"], p["xl/_rels/workbook.xml.rels"] = book, relations
		file := archive(t, p)
		s, err := sheet.Open(bytes.NewReader(file), int64(len(file)), sheet.ReadOptions{})
		if err != nil {
			wantRefusal(t, err)
			return
		}
		got, err := rest(t, s)
		if err != nil {
			t.Error(err)
		}
		last := 0
		for _, row := range got {
			if row.Line <= last || len(row.Cells) == 0 || len(row.Cells) > sheet.MaxColumns || row.Err != nil {
				t.Errorf("after line %d: %+v", last, row)
			}
			last = row.Line
		}
		info := s.Info()
		isRead := func(w sheet.Worksheet) bool { return w.Name == info.Sheet && w.Rows == len(got) }
		if !slices.ContainsFunc(info.Sheets, isRead) {
			t.Errorf("%d rows of %q; there are %+v", len(got), info.Sheet, info.Sheets)
		}
	})
}
