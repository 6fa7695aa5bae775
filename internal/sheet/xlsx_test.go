package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sheet"
)

// workbook is written by another implementation than ours.
func workbook(t testing.TB, rows [][]any) []byte {
	t.Helper()
	return build(t, func(f *excelize.File) error {
		for i, row := range rows {
			if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
				return err
			}
		}
		return nil
	})
}

func build(t testing.TB, fill func(f *excelize.File) error) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	if err := fill(f); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadXLSX(t *testing.T) {
	t.Parallel()
	date := func(f *excelize.File, cell string, value time.Time, format string) error {
		style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		if err != nil {
			return err
		}
		if err := f.SetCellValue("Sheet2", cell, value); err != nil {
			return err
		}
		return f.SetCellStyle("Sheet2", cell, cell, style)
	}
	file := build(t, func(f *excelize.File) error {
		if _, err := f.NewSheet("Sheet2"); err != nil {
			return err
		}
		f.SetActiveSheet(1)
		steps := []error{
			f.SetSheetVisible("Sheet1", false),
			f.SetSheetRow("Sheet2", "A2", &[]any{" title ", "n", "date", "", "flag", nil}),
			f.SetSheetRow("Sheet2", "A3", &[]any{"Dæmons", 1.1, nil, "", true}),
			date(f, "C3", time.Date(1963, 11, 23, 0, 0, 0, 0, time.UTC), `d" mmmm "yyyy`),
			f.SetSheetRow("Sheet2", "A5", &[]any{" padded\r\n ", 1e6, 22.5, "", false}),
			date(f, "C5", time.Date(1971, 5, 22, 17, 15, 30, 0, time.UTC), "m/d/yy h:mm"),
			f.SetCellRichText("Sheet2", "A6", []excelize.RichTextRun{{Text: "rich ", Font: &excelize.Font{Bold: true}}, {Text: "text_x0041_"}}),
			date(f, "B6", time.Date(1963, 11, 23, 0, 0, 0, 0, time.UTC), `0" days"`),
			f.SetCellValue("Sheet2", "A7", "far"), f.SetCellValue("Sheet2", "H7", "away"),
		}
		for _, err := range steps {
			if err != nil {
				return err
			}
		}
		return nil
	})
	got, err := readAll(t, string(file))
	if err != nil {
		t.Fatal(err)
	}
	want := table{sheet.XLSX, []string{" title ", "n", "date", "", "flag"}, map[int]map[string]string{
		3: {" title ": "Dæmons", "n": "1.1", "date": "1963-11-23", "flag": "true"},
		5: {" title ": " padded\r\n ", "n": "1000000", "date": "1971-05-22 17:15:30", "flag": "false"},
		6: {" title ": "rich text_x0041_", "n": "23338"},
		7: {" title ": "far", "#8": "away"},
	}, nil}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What excelize shows in another way, or not at all, comes out as it did before.
func TestReadXLSXValues(t *testing.T) {
	t.Parallel()
	cells := [][3]string{ // the cell, and what it shows when dates count from 1900 and from 1904
		{`s="1"><v>0</v>`, "00:00:00", "1904-01-01"},
		{`s="1"><v>0.5</v>`, "12:00:00", "1904-01-01 12:00:00"},
		{`s="2"><v>0.5</v>`, "12:00:00", "12:00:00"},
		{`s="3"><v>1.5</v>`, "36:00:00", "36:00:00"},
		{`s="4"><v>1.5</v>`, "1.5", "1.5"},
		{`s="5"><v>46085</v>`, "2026-03-04", "2030-03-05"},
		{`s="1"><v>1</v>`, "1900-01-01", "1904-01-02"},
		{`s="1"><v>59</v>`, "1900-02-28", "1904-02-29"},
		{`s="1"><v>60</v>`, "1900-02-29", "1904-03-01"},
		{`s="1"><v>61</v>`, "1900-03-01", "1904-03-02"},
		{`s="1"><v>46085.999999</v>`, "2026-03-05", "2030-03-06"},
		{`s="1"><v>46085.99999</v>`, "2026-03-04 23:59:59", "2030-03-05 23:59:59"},
		{`s="1"><v>-3.5</v>`, "-3.5", "-3.5"},
		{`s="1"><v>2958466</v>`, "2958466", "2958466"},
		{`s="1" t="str"><v>5</v>`, "5", "5"},
		{`t="d"><v>2026-03-04T00:00:00</v>`, "2026-03-04", "2026-03-04"},
		{`t="d"><v>2026-03-04T10:00:00</v>`, "2026-03-04 10:00:00", "2026-03-04 10:00:00"},
		{`t="d"><v>2026-03-04</v>`, "2026-03-04", "2026-03-04"},
		{`t="d"><v>March</v>`, "March", "March"},
		{`t="e"><v>#N/A</v>`, "#N/A", "#N/A"},
		{`><f>1+1</f><v>2</v>`, "2", "2"},
		{`t="b"><f>TRUE()</f><v>1</v>`, "true", "true"},
		{`t="b"><v>0</v>`, "false", "false"},
		{`><v>1.1000000000000001</v>`, "1.1", "1.1"},
		{`><v>-0.00000012</v>`, "-0.00000012", "-0.00000012"},
		{`><v>123456789012345</v>`, "123456789012345", "123456789012345"},
		{`><v>1E+21</v>`, "1e+21", "1e+21"},
		{`><v>35000.0</v>`, "35000", "35000"},
		{`><v>10.000000000000002</v>`, "10", "10"},
		{`><v>nan</v>`, "nan", "nan"},
		{`t="inlineStr"><is><t>a_x000D_b</t></is>`, "a\rb", "a\rb"},
		{`t="inlineStr"><is><t>_x005F_x000D_ _xD83D__xDE00_ _x00_</t></is>`, "_x000D_ 😀 _x00_", "_x000D_ 😀 _x00_"},
		{`t="inlineStr"><is><r><t>a </t></r><r><rPr><b/></rPr><t>b</t></r><rPh sb="0" eb="1"><t>c</t></rPh></is>`, "a b", "a b"},
		{`t="str"><v>&lt;a&gt; &amp;amp; &#x41;&#66;</v>`, "<a> &amp; AB", "<a> &amp; AB"},
		{`t="str"><v><![CDATA[<b> &amp;]]> c<!-- d --></v>`, "<b> &amp; c", "<b> &amp; c"},
	}
	var rows strings.Builder
	for _, cell := range cells {
		rows.WriteString("<row><c " + cell[0] + "</c></row>")
	}
	p := sheetOf(headRow + rows.String())
	for column := 1; column <= 2; column++ {
		got, err := readAll(t, string(archive(t, p)))
		if err != nil {
			t.Fatal(err)
		}
		for i, cell := range cells {
			if shown := got.Rows[i+2]["b"]; shown != cell[column] {
				t.Errorf("%s is shown as %q, want %q", cell[0], shown, cell[column])
			}
		}
		p["xl/workbook.xml"] = strings.Replace(p["xl/workbook.xml"], "<sheets>", `<workbookPr date1904="1"/><sheets>`, 1)
	}
}

// Text that looks like a boolean or a date stays as it is where no cell of the column is one, and other text always.
func TestReadXLSXKeepsText(t *testing.T) {
	t.Parallel()
	got, err := readAll(t, string(archive(t, sheetOf(headRow+
		`<row><c t="str"><v>TRUE</v></c></row><row><c t="str"><v>2026-03-04T00:00:00</v></c></row>`))))
	if err != nil || got.Rows[2]["b"] != "TRUE" || got.Rows[3]["b"] != "2026-03-04T00:00:00" {
		t.Errorf("%+v, %v", got, err)
	}
	got, err = readAll(t, string(archive(t, sheetOf(`<row><c t="str"><v>The Title</v></c></row>`+
		`<row><c t="str"><v>TRUE Time</v></c></row><row><c t="d"><v>2026-03-04T00:00:00</v></c></row><row><c t="b"><v>1</v></c></row>`))))
	want := map[int]map[string]string{2: {"The Title": "TRUE Time"}, 3: {"The Title": "2026-03-04"}, 4: {"The Title": "true"}}
	if diff := cmp.Diff(want, got.Rows); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// More shared strings than are kept in memory must be found as well, and leave no file behind.
func TestReadXLSXSharedStrings(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	const n = 15_000
	text := func(i int) string { return fmt.Sprintf("%d %s", i, strings.Repeat("é", 160+i%7)) }
	var texts, rows strings.Builder
	for i := range n {
		fmt.Fprintf(&texts, "<si><t>%s</t></si>", text(i))
		fmt.Fprintf(&rows, `<row><c t="s"><v>%d</v></c></row>`, n-1-i)
	}
	p := parts()
	p["xl/sharedStrings.xml"] = "<sst>" + texts.String() + "</sst>"
	p["xl/worksheets/sheet1.xml"] = `<worksheet><sheetData><row><c t="str"><v>a</v></c></row>` + rows.String() + `</sheetData></worksheet>`
	file := archive(t, p)
	s, err := sheet.Open(bytes.NewReader(file), int64(len(file)), sheet.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(folder); len(left) == 0 {
		t.Error("no temporary files: the test has too little text")
	}
	if _, err := s.Next(); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		row, err := s.Next()
		if err != nil || row.Line != i+2 || row.Cells[0].Text != text(n-1-i) {
			t.Fatalf("row %d: %+v, %v", i, row, err)
		}
	}
	if _, err := s.Next(); !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := readAll(t, string(file)); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(folder); len(left) != 0 {
		t.Errorf("%d temporary files are left", len(left))
	}
}

// parts are those of a small workbook.
func parts() map[string]string {
	const (
		rel  = `<Relationship Id="r%d" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/%s" Target="%s"/>`
		rels = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
		main = ` xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"`
	)
	return map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>`,
		"_rels/.rels":         fmt.Sprintf(rels+rel+"</Relationships>", 1, "officeDocument", "/xl/workbook.xml"),
		"xl/workbook.xml": `<workbook` + main + ` xmlns:r="http://purl.oclc.org/ooxml/officeDocument/relationships"><sheets>` +
			`<sheet name="a" state="veryHidden" r:id="r9"/><sheet name="b" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": fmt.Sprintf(rels+rel+rel+rel+"</Relationships>", 1, "worksheet", "worksheets/sheet1.xml",
			2, "sharedStrings", "sharedStrings.xml", 3, "styles", "styles.xml"),
		"xl/styles.xml": `<styleSheet` + main + `><numFmts><numFmt numFmtId="170" formatCode="0.0&quot; days&quot;"/>` +
			`<numFmt numFmtId="171" formatCode="[$-409]d\-mmm\-yy;@"/></numFmts>` +
			`<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="20"/><xf numFmtId="46"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs></styleSheet>`,
		"xl/sharedStrings.xml":     `<sst` + main + `><si><t>a</t></si><si><r><t>b</t></r><rPh><t>aid</t></rPh></si></sst>`,
		"xl/worksheets/sheet1.xml": `<worksheet><sheetData><row><c t="s"><v>0</v></c></row><row><c s="1"><v>60</v></c></row></sheetData></worksheet>`,
	}
}

func archive(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, content := range parts {
		out, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(out, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sheetOf(rows string) map[string]string {
	p := parts()
	p["xl/worksheets/sheet1.xml"] = `<worksheet><sheetData>` + rows + `</sheetData></worksheet>`
	return p
}

const headRow = `<row r="1"><c t="s"><v>1</v></c></row>`

func TestReadXLSXRefuses(t *testing.T) {
	t.Parallel()
	without := func(name string) map[string]string {
		p := parts()
		delete(p, name)
		return p
	}
	cut := parts()
	cut["xl/worksheets/sheet1.xml"] = `<worksheet><sheetData>` + headRow + `<row r="2"><c><v>1</v></c></row>`
	renamed := without("xl/worksheets/sheet1.xml")
	renamed["xl/worksheets/sheet2.xml"] = parts()["xl/worksheets/sheet1.xml"]
	whole := archive(t, parts())
	long := strings.Repeat("x", 5<<20)
	for name, tt := range map[string]struct {
		file    []byte
		message string
	}{
		"archive of something else": {archive(t, map[string]string{"hello.txt": "x"}), "a ZIP archive that holds no workbook"},
		"empty archive":             {archive(t, nil), "a ZIP archive that holds no workbook"},
		"no worksheet":              {archive(t, without("xl/worksheets/sheet1.xml")), `worksheet "b" is missing`},
		"no shared strings":         {archive(t, without("xl/sharedStrings.xml")), "damaged"},
		"another worksheet only":    {archive(t, renamed), `worksheet "b" is missing`},
		"cut archive":               {whole[:len(whole)-30], "damaged"},
		"no archive":                {[]byte("PK\x03\x04 and so on"), "damaged"},
		"cut worksheet":             {archive(t, cut), "damaged"},
		"nonsense in a worksheet":   {archive(t, sheetOf(headRow+"<row r='2'></c></row>")), "damaged"},
		"rows out of order":         {archive(t, sheetOf(headRow+headRow)), "damaged"},
		"unknown shared string":     {archive(t, sheetOf(headRow+"<row><c t='s'><v>2</v></c></row>")), "damaged"},
		"many columns":              {archive(t, sheetOf(`<row><c r="XFD1"><v>1</v></c></row>`)), "more than 500 columns"},
		"wide formulas":             {archive(t, sheetOf(headRow+`<row><c r="XFD2"><f/></c></row>`)), "more than 500 columns"},
		"endless column":            {archive(t, sheetOf(headRow+`<row><c r="ZZZZZZZZZZZZZZZZZZ2"><v>1</v></c></row>`)), "damaged"},
		"cells out of order":        {archive(t, sheetOf(headRow+`<row><c r="B2"><v>1</v></c><c r="A2"><v>1</v></c></row>`)), "damaged"},
		"long cell":                 {archive(t, sheetOf(headRow+"<row><c t='str'><v>"+long+"</v></c></row>")), "begins on line 2 is larger"},
		"long shared text":          {archive(t, withPart("xl/sharedStrings.xml", "<sst><si><t>"+long+"</t></si></sst>")), "a text of more than 128 KB"},
		"row of the same long text": {archive(t, sameText()), "begins on line 2 is larger"},
		"long attribute":            {archive(t, sheetOf(headRow+"<row x='"+long+"'/>")), "damaged"},
		"wrong checksum":            {withChecksum(t, sheetOf(headRow)), "damaged"},
		"locked part":               {locked(t), "locked with a password"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := readAll(t, string(tt.file))
			wantInvalid(t, err, tt.message)
		})
	}
}

func withPart(name, content string) map[string]string {
	p := parts()
	p[name] = content
	return p
}

// sameText has a row that is small in the file and large when it is read.
func sameText() map[string]string {
	p := sheetOf(headRow + "<row>" + strings.Repeat(`<c t="s"><v>0</v></c>`, 400) + "</row>")
	p["xl/sharedStrings.xml"] = "<sst><si><t>" + strings.Repeat("x", 30_000) + "</t></si><si><t>b</t></si></sst>"
	return p
}

// raw writes parts as they are, with a header of their own.
func raw(t testing.TB, parts map[string]string, change func(*zip.FileHeader)) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, content := range parts {
		header := &zip.FileHeader{
			Name: name, Method: zip.Store, CRC32: crc32.ChecksumIEEE([]byte(content)),
			CompressedSize64: uint64(len(content)), UncompressedSize64: uint64(len(content)),
		}
		change(header)
		out, err := w.CreateRaw(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(out, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func withChecksum(t testing.TB, parts map[string]string) []byte {
	return raw(t, parts, func(h *zip.FileHeader) {
		if strings.HasSuffix(h.Name, "sheet1.xml") {
			h.CRC32++
		}
	})
}

func locked(t testing.TB) []byte {
	return raw(t, parts(), func(h *zip.FileHeader) { h.Flags |= 1 })
}

func TestReadXLSXRefusesBombs(t *testing.T) {
	t.Parallel()
	large(t)
	huge := raw(t, parts(), func(h *zip.FileHeader) { h.UncompressedSize64 = sheet.MaxUnzipped / 3 })
	_, err := sheet.Open(bytes.NewReader(huge), int64(len(huge)), sheet.ReadOptions{})
	if callboard.CodeOf(err) != callboard.CodeTooLarge {
		t.Errorf("a workbook that unzips to 2 GB: %v", err)
	}
	_, err = sheet.Open(bytes.NewReader(huge), sheet.MaxArchive+1, sheet.ReadOptions{})
	if callboard.CodeOf(err) != callboard.CodeTooLarge {
		t.Errorf("a file of more than 100 MB: %v", err)
	}
	small := archive(t, withPart("xl/worksheets/sheet1.xml", `<worksheet><sheetData>`+headRow+strings.Repeat("<row></row>", 7<<20)))
	if _, err = sheet.Open(bytes.NewReader(small), int64(len(small)), sheet.ReadOptions{}); callboard.CodeOf(err) != callboard.CodeTooLarge {
		t.Errorf("%d KB that unzip to 77 MB: %v", len(small)>>10, err)
	}
	shared := parts()
	shared["xl/sharedStrings.xml"] = "<sst><si><t>a</t></si><si><t>b</t></si><si><t>" + strings.Repeat("x", 100<<10) + "</t></si></sst>"
	shared["xl/worksheets/sheet1.xml"] = `<worksheet><sheetData>` + headRow + strings.Repeat(`<row><c t="s"><v>2</v></c></row>`, 1000) +
		"</sheetData></worksheet>"
	file := archive(t, shared)
	if _, err = sheet.Open(bytes.NewReader(file), int64(len(file)), sheet.ReadOptions{}); callboard.CodeOf(err) != callboard.CodeTooLarge {
		t.Errorf("%d KB with 100 MB of text in the cells: %v", len(file)>>10, err)
	}
	for name, book := range map[string]map[string]string{
		"cells in front of others": sheetOf(headRow + strings.Repeat(`<row><c r="SF1"><v>1</v></c></row>`, 25_000)),
		"formats":                  withPart("xl/styles.xml", "<styleSheet><cellXfs>"+strings.Repeat("<xf/>", 150_000)+"</cellXfs></styleSheet>"),
		"texts":                    withPart("xl/sharedStrings.xml", "<sst>"+strings.Repeat("<si/>", 1_100_000)+"</sst>"),
		"merged ranges": withPart("xl/worksheets/sheet1.xml", "<worksheet><sheetData>"+headRow+"</sheetData><mergeCells>"+
			strings.Repeat(`<mergeCell ref="A1:A2"/>`, 600_000)+"</mergeCells></worksheet>"),
		"worksheets": withPart("xl/workbook.xml", "<workbook><sheets>"+strings.Repeat(`<sheet name="b" id="r1"/>`, 2000)+"</sheets></workbook>"),
	} {
		file := archive(t, book)
		if _, err = sheet.Open(bytes.NewReader(file), int64(len(file)), sheet.ReadOptions{}); callboard.CodeOf(err) != callboard.CodeTooLarge {
			t.Errorf("%d KB with many %s: %v", len(file)>>10, name, err)
		}
	}
	many := parts()
	for i := range 30_000 {
		many[fmt.Sprintf("%d-%s", i, strings.Repeat("x", 60))] = ""
	}
	_, err = readAll(t, string(archive(t, many)))
	wantInvalid(t, err, "damaged")
	_, err = readAll(t, string(archive(t, withPart("xl/styles.xml", strings.Repeat(" ", 9<<20)))))
	if callboard.CodeOf(err) != callboard.CodeTooLarge {
		t.Errorf("a large list of styles: %v", err)
	}
}

// A bomb that keeps to the limit of the whole must not be gathered in memory, wherever it is. The tests of memory are not
// parallel, since they measure that of the whole process.
func TestReadXLSXStopsAtBombs(t *testing.T) {
	large(t)
	const bound = 24 << 20
	blank := strings.Repeat(" ", 24<<20)
	for name, bomb := range map[string][2]string{
		"between rows":   {"xl/worksheets/sheet1.xml", `<worksheet><sheetData>` + headRow + blank},
		"in a cell":      {"xl/worksheets/sheet1.xml", `<worksheet><sheetData>` + headRow + "<row><c><v>" + blank},
		"before rows":    {"xl/worksheets/sheet1.xml", `<worksheet>` + blank},
		"in an element":  {"xl/worksheets/sheet1.xml", `<worksheet ` + blank},
		"shared text":    {"xl/sharedStrings.xml", "<sst><si><t>" + blank},
		"another part":   {"xl/media/image1.png", blank},
		"a large header": {"xl/worksheets/sheet1.xml", `<worksheet><sheetData><row>` + strings.Repeat("<c><v>1</v></c>", 1<<19)},
	} {
		file := archive(t, withPart(bomb[0], bomb[1]))
		t.Run(name, func(t *testing.T) {
			before := allocated()
			s, err := sheet.Open(bytes.NewReader(file), int64(len(file)), sheet.ReadOptions{})
			for err == nil {
				_, err = s.Next()
			}
			if after := allocated(); after > before+bound {
				t.Errorf("%d MB of memory", (after-before)>>20)
			}
			if !errors.Is(err, io.EOF) {
				wantRefusal(t, err)
			}
			if s != nil {
				_ = s.Close()
			}
		})
	}
}

// allocated returns how many bytes were ever allocated.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

func TestReadXLSXKeepsMemoryFlat(t *testing.T) {
	large(t)
	const bound = 24 << 20
	p := parts()
	p["xl/sharedStrings.xml"] = "<sst>" + strings.Repeat("<si><t>some text</t></si>", 300_000) + "</sst>"
	p["xl/worksheets/sheet1.xml"] = `<worksheet><sheetData>` + headRow +
		strings.Repeat(`<row><c t="s"><v>299999</v></c></row>`, 60_000) + "</sheetData></worksheet>"
	p["xl/sharedStrings.xml"] = strings.Replace(p["xl/sharedStrings.xml"], "some text", "a", 2)
	file := archive(t, p)
	before, most := heap(), uint64(0)
	s, err := sheet.Open(bytes.NewReader(file), int64(len(file)), sheet.ReadOptions{})
	for n := 0; err == nil; n++ {
		if _, err = s.Next(); n%20_000 == 0 {
			most = max(most, heap())
		}
	}
	if most > before+bound || !errors.Is(err, io.EOF) {
		t.Errorf("%d MB of memory, %v", (most-before)>>20, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
