package importer

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// acting returns the context of a test, in which Callboard itself imports.
func acting(t testing.TB) context.Context {
	return callboard.WithActor(t.Context(), callboard.System("Import"))
}

// FuzzImport takes what it makes up for a text file through the whole importer.
func FuzzImport(f *testing.F) {
	for _, file := range []string{
		"title,episode\nA,1\nA,1\nB,1\n", "Season 1\nnumber,title\nSeason 2\n1,A\nTotal,\n", "id,title\n018f3c5e-7d1a-7000-8000-000000000000,A\n",
		"show,season,number,title,air date\nX,1,,A,3/4/2020\nx,1,1,B,13/4/2020\nY,1,1,A,\n", "{\"title\":\"A\",\"number\":1}\n{\"title\":\"A\"}\n",
		"sep=;\ntitle;aired\n\"A\nB\";2020-01-01\n# note\nC;soon;x\n", "title\tnumber\nA\t1\nB\t\nA\t2\nC\t3\n",
	} {
		f.Add([]byte(file), "")
		f.Add([]byte(file), "A show")
	}
	fix := newFixture(f, sqldbtest.Open(f, sqldbtest.SQLite, tables()...))
	f.Fuzz(func(t *testing.T, file []byte, showTitle string) { fix.wholeImport(t, file, showTitle) })
}

// FuzzImportXLSX does so with the parts of a workbook.
func FuzzImportXLSX(f *testing.F) {
	const texts = `<sst><si><t>title</t></si><si><t>number</t></si><si><t>A</t></si><si><t>air date</t></si></sst>`
	const head = `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c t="s"><v>3</v></c></row>`
	for _, rows := range []string{
		`<row r="3"><c r="A3" t="s"><v>2</v></c><c r="B3"><v>1</v></c><c s="1"><v>43831</v></c></row>`,
		`<row hidden="1"><c t="inlineStr"><is><t>B</t></is></c></row><row><c t="str"><f>A1</f><v>C</v></c><c t="e"><v>#N/A</v></c></row>`,
		`<row><c t="inlineStr"><is><t>B</t></is></c><c><v>1</v></c></row><row><c t="inlineStr"><is><t>B</t></is></c><c><v>1</v></c></row>`,
	} {
		f.Add(`<worksheet><sheetData>`+head+rows+`</sheetData></worksheet>`, texts,
			`<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`, "A show")
	}
	fix := newFixture(f, sqldbtest.Open(f, sqldbtest.SQLite, tables()...))
	f.Fuzz(func(t *testing.T, rows, texts, styles, showTitle string) {
		fix.wholeImport(t, workbook(t, rows, texts, styles), showTitle)
	})
}

func workbook(t *testing.T, rows, texts, styles string) []byte {
	t.Helper()
	const rel = `<Relationship Id="r%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"/>`
	const rels = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	var file bytes.Buffer
	w := zip.NewWriter(&file)
	for name, content := range map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>`,
		"_rels/.rels":         fmt.Sprintf(rels+rel+"</Relationships>", 1, "officeDocument", "xl/workbook.xml"),
		"xl/workbook.xml": `<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
			`<sheets><sheet name="Episodes" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": fmt.Sprintf(rels+rel+rel+rel+"</Relationships>", 1, "worksheet", "worksheets/sheet1.xml",
			2, "sharedStrings", "sharedStrings.xml", 3, "styles", "styles.xml"),
		"xl/worksheets/sheet1.xml": rows, "xl/sharedStrings.xml": texts, "xl/styles.xml": styles,
	} {
		out, err := w.CreateHeader(&zip.FileHeader{Name: name}) // not compressed
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
	return file.Bytes()
}

// wholeImport plans a file, imports it, and imports it again.
func (f fixture) wholeImport(t *testing.T, file []byte, showTitle string) {
	t.Helper()
	f.t = t
	f.empty(t)
	var opts Options
	if showTitle != "" {
		opts.ShowTitle = &showTitle
	}
	plan, err := f.wholeRun(t, file, opts, false)
	if err != nil {
		if code := callboard.CodeOf(err); code != callboard.CodeInvalid && code != callboard.CodeTooLarge {
			t.Fatal(err)
		}
		return
	}
	first, err := f.wholeRun(t, file, opts, true)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(plan.Problems, first.Problems); diff != "" || plan.Counts != first.Counts || len(plan.Shows) != len(first.Shows) {
		t.Fatalf("plan %+v %+v, import %+v %+v (-plan +import):\n%s", plan.Counts, plan.Shows, first.Counts, first.Shows, diff)
	}
	events := len(f.events())
	shows := 0
	for _, s := range first.Shows {
		if s.Created {
			shows++
		}
	}
	if events != first.Created+first.Updated+shows {
		t.Fatalf("%d events of %+v and %d shows", events, first.Counts, shows)
	}
	again, err := f.wholeRun(t, file, opts, true)
	if err != nil || again.Created+again.Updated > 0 || again.Refused != first.Refused || len(f.events()) != events {
		t.Fatalf("first %+v %q, again %+v %q, %v", first.Counts, outcomes(first), again.Counts, outcomes(again), err)
	}
}

// empty takes away what an import has written.
func (f fixture) empty(t *testing.T) {
	t.Helper()
	err := f.cfg.DB.Write(acting(t), func(ctx context.Context, tx *sqldb.Tx) error {
		var err error
		for _, table := range []string{"callboard_episodes", "callboard_shows", "callboard_outbox"} {
			_, more := tx.ExecContext(ctx, "DELETE FROM "+table)
			err = errors.Join(err, more)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// wholeRun plans or imports, with a note on each row, and checks that none is lost.
func (f fixture) wholeRun(t *testing.T, file []byte, opts Options, write bool) (Report, error) {
	t.Helper()
	if err := opts.Check(); err != nil {
		return Report{}, err
	}
	tab, _, err := f.open(acting(t), bytes.NewReader(file), int64(len(file)), opts, nil)
	if err != nil {
		return Report{}, err
	}
	defer tab.close()
	noted := func(ctx context.Context, yield func(entry) error) error {
		return tab.entries(ctx, func(e entry) error {
			e.notes = append(e.notes, "noted")
			return yield(e)
		})
	}
	refused := 0
	hooks := Hooks{Refused: func(RefusedRow) error { refused++; return nil }}
	s := &session{cfg: f.cfg, opts: opts, hooks: hooks, write: write, entries: noted, header: tab.header, total: tab.rows}
	if err := s.run(acting(t)); err != nil {
		return Report{}, err
	}
	f.addsUp(s.report.Counts)
	if s.report.Refused != refused || len(s.report.Problems) != s.report.Rows {
		t.Errorf("%d refused rows and %d outcomes of %+v", refused, len(s.report.Problems), s.report.Counts)
	}
	f.accountsFor(t, tab, s.report)
	return s.report, nil
}

// accountsFor checks that each row of a file is one that was read, the header, or above it and said.
func (f fixture) accountsFor(t *testing.T, tab *table, report Report) {
	t.Helper()
	said := map[int]bool{tab.Layout.Header: true}
	for _, p := range report.Problems {
		said[p.Line] = true
	}
	if err := tab.reader.Rewind(); err != nil {
		t.Fatal(err)
	}
	notes := strings.Join(tab.Layout.Notes, "\n")
	isAbove := strings.Contains(notes, "above the header") || strings.Contains(notes, "say a season alone")
	for {
		row, err := tab.reader.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if !said[row.Line] && !(row.Line < tab.Layout.Header && isAbove) {
			t.Errorf("nothing is said of line %d: %+v", row.Line, row)
		}
	}
}
