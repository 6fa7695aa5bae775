package episode_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// messy has what real exports have: a title in one of two columns or in none, dashes for "unknown", numbers written as
// decimals, quotes, a date of the wrong kind, an empty line, a row that is too long.
const messy = `story_num,story_title,episode_title,aired,ai
1.0,"The Lamp, Room","Part ""One""",1963-11-23,63.0
1.0,"The Lamp, Room",Part Two,23 November 1963,—

2.0,Low Water,,1963-12-21,-
3.0,,,1964-02-01,50
4.0,Dæmons,"Part
Three",12/11/1964,50
5.5,Half,Halves,1964-02-01,50
6.0,Long,Row,1964-02-01,50,more
7.0,Short
`

func TestImportMessySheet(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		mapping, err := episode.ParseMapping("title=episode_title|story_title, air_date=aired, season_number=story_num")
		if err != nil {
			t.Fatal(err)
		}
		opts := episode.ImportOptions{ShowID: &f.show, Mapping: mapping}
		want := episode.ImportReport{ImportState: episode.ImportState{Rows: 8, Imported: 4, Bad: 4}, Errors: []episode.RowError{
			{Line: 6, Reason: "title is missing"},
			{Line: 7, Reason: "air_date is not a date; write it as 1963-11-23"},
			{Line: 9, Reason: "season_number is not a whole number"},
			{Line: 10, Reason: "has 6 cells where the header names 5 columns"},
		}}
		for _, dry := range []bool{true, false} {
			opts.DryRun = dry
			got, err := f.Import(acting(t), strings.NewReader(messy), opts)
			if err != nil {
				t.Fatal(err)
			}
			got.Mapping = nil
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("report, dry run %v (-want +got):\n%s", dry, diff)
			}
			names, _ := f.events()
			if wantEvents := map[bool]int{true: 0, false: 4}[dry]; len(names) != wantEvents {
				t.Errorf("dry run %v: %d events, want %d", dry, len(names), wantEvents)
			}
		}
		list, err := f.List(t.Context(), episode.Filter{}, episode.ByNumber, callboard.Page{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range list.Items {
			date := "-"
			if e.AirDate != nil {
				date = *e.AirDate
			}
			got = append(got, fmt.Sprintf("%d/%d %s %s", *e.SeasonNumber, *e.EpisodeNumber, e.Title, date))
		}
		wantList := []string{
			`1/1 Part "One" 1963-11-23`, `1/2 Part Two 1963-11-23`, `2/1 Low Water 1963-12-21`, `7/1 Short -`,
		}
		if diff := cmp.Diff(wantList, got); diff != "" {
			t.Errorf("episodes (-want +got):\n%s", diff)
		}
	})
}

func TestImportEncodingsAndDelimiters(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, "sqlite", outbox.Migrations(), episode.Migrations())
	f := fixture{Service: episode.New(episode.Config{DB: db, Shows: oneShow{}}), t: t, db: db}
	const sheet = "Title;Air Date;Tags;Notes\nDæmons “one”;1971-05-22;horror, drama\n"
	utf16le := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(sheet)) {
		utf16le = append(utf16le, byte(u), byte(u>>8))
	}
	windows := strings.NewReplacer("æ", "\xe6", "“", "\x93", "”", "\x94").Replace(sheet)
	for name, text := range map[string]string{
		"plain": sheet, "byte order mark": "\xef\xbb\xbf" + sheet, "utf-16": string(utf16le), "windows": windows,
		"tabs": strings.ReplaceAll(sheet, ";", "\t"), "bars, dos lines": strings.NewReplacer(";", "|", "\n", "\r\n").Replace(sheet),
		"cut within a character": sheet + "x;;;" + strings.Repeat("n", 1<<16-len(sheet)-len("x;;;\n")-1) + "\næ;;\n",
	} {
		t.Run(name, func(t *testing.T) {
			report, err := f.Import(acting(t), strings.NewReader(text), episode.ImportOptions{})
			if err != nil || report.Bad != 0 || report.Imported == 0 {
				t.Fatalf("%+v, %v", report, err)
			}
			list, err := f.List(t.Context(), episode.Filter{Text: "dæmons “one”"}, "", callboard.Page{})
			if err != nil || len(list.Items) == 0 {
				t.Fatalf("not found: %v", err)
			}
			if e := list.Items[0]; *e.AirDate != "1971-05-22" || !slices.Equal(e.Categories, []string{"horror", "drama"}) {
				t.Errorf("%+v", e)
			}
		})
	}
}

func TestImportRefusesUnusableSheets(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, "sqlite", outbox.Migrations(), episode.Migrations())
	f := fixture{Service: episode.New(episode.Config{DB: db, Shows: oneShow{}}), t: t, db: db}
	tests := map[string]struct {
		text    string
		mapping episode.Mapping
	}{
		"empty":            {"", nil},
		"no title":         {"a,b\n1,2\n", nil},
		"unknown column":   {"title\nx\n", episode.Mapping{"air_date": {"aired"}}},
		"doubled column":   {"title,title\nx,y\n", nil},
		"too many columns": {strings.Repeat("c,", 600) + "title\n", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := f.Import(acting(t), strings.NewReader(tt.text), episode.ImportOptions{Mapping: tt.mapping})
			wantCode(t, err, callboard.CodeInvalid)
		})
	}
	if _, err := episode.ParseMapping("titel=a"); callboard.CodeOf(err) != callboard.CodeInvalid {
		t.Errorf("a mapping of an unknown field: %v", err)
	}
}

// A clash within the file is found in both kinds of run, and one with the database too.
func TestImportFindsNumberClashes(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		f.create(episode.Input{Title: "there", ShowID: &f.show, EpisodeNumber: new(1)})
		for _, dry := range []bool{true, false} {
			report, err := f.Import(acting(t), strings.NewReader("title,number\na,1\nb,2\nc,2\nd,3\n"),
				episode.ImportOptions{ShowID: &f.show, DryRun: dry})
			if err != nil {
				t.Fatal(err)
			}
			want := []episode.RowError{
				{Line: 2, Reason: "episode_number is taken in this season of the show"},
				{Line: 4, Reason: "episode_number is taken in this season of the show"},
			}
			if diff := cmp.Diff(want, report.Errors); diff != "" || report.Imported != 2 {
				t.Errorf("dry run %v: %d imported, errors (-want +got):\n%s", dry, report.Imported, diff)
			}
		}
	})
}

// holds notes how a show was held.
type holds struct {
	oneShow
	exclusive []bool
}

func (h *holds) Lock(ctx context.Context, tx *sqldb.Tx, id string, exclusive bool) error {
	h.exclusive = append(h.exclusive, exclusive)
	return h.oneShow.Lock(ctx, tx, id, exclusive)
}

// A batch takes its show exclusively before its first row: asking for more later, two imports would deadlock.
func TestImportHoldsTheShow(t *testing.T) {
	t.Parallel()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) {
		show := &holds{oneShow: oneShow{callboard.NewID()}}
		service := episode.New(episode.Config{DB: db, Shows: show})
		_, err := service.Import(acting(t), strings.NewReader("title,number\na,7\nb,\n"),
			episode.ImportOptions{ShowID: &show.id})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]bool{true}, show.exclusive); diff != "" {
			t.Errorf("held exclusively (-want +got):\n%s", diff)
		}
	}, outbox.Migrations(), episode.Migrations())
}

// What was imported before the file broke off, or the user did, stays, and is reported.
func TestImportInterrupted(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, "sqlite", outbox.Migrations(), episode.Migrations())
	f := fixture{Service: episode.New(episode.Config{DB: db, Shows: oneShow{}}), t: t, db: db}
	broken := errors.New("the disk is on fire")
	long := "row," + strings.Repeat("x", 5000) + "\n"
	r := io.MultiReader(strings.NewReader("title,summary\n"+strings.Repeat(long, 100)), failingReader{broken})
	report, err := f.Import(acting(t), r, episode.ImportOptions{})
	if !errors.Is(err, broken) || report.Imported == 0 {
		t.Errorf("%d imported, %v", report.Imported, err)
	}
	if names, _ := f.events(); len(names) != report.Imported {
		t.Errorf("%d imported, %d events", report.Imported, len(names))
	}
	ctx, cancel := context.WithCancel(acting(t))
	before := report.Imported
	report, err = f.Import(ctx, strings.NewReader("title\n"+strings.Repeat("row\n", 500)),
		episode.ImportOptions{Progress: func(int) { cancel() }})
	if !errors.Is(err, context.Canceled) || report.Imported != 64 {
		t.Errorf("after cancelling: %d imported, %v", report.Imported, err)
	}
	if names, _ := f.events(); len(names) != before+64 {
		t.Errorf("%d events", len(names))
	}
}

type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }

func FuzzImport(f *testing.F) {
	f.Add([]byte(messy))
	f.Add([]byte("\xff\xfet\x00i\x00t\x00l\x00e\x00\n\x00"))
	f.Add([]byte("title\n\"unclosed\nrow\n"))
	f.Add([]byte("title;number\n\xe6;1e9\n"))
	db := sqldbtest.Open(f, "sqlite", outbox.Migrations(), episode.Migrations())
	service := episode.New(episode.Config{DB: db, Shows: oneShow{}})
	f.Fuzz(func(t *testing.T, data []byte) {
		report, err := service.Import(acting(t), strings.NewReader(string(data)), episode.ImportOptions{DryRun: true})
		if err != nil && callboard.CodeOf(err) != callboard.CodeInvalid {
			t.Fatalf("error that is not the file's fault: %v", err)
		}
		if report.Imported+report.Bad != report.Rows {
			t.Fatalf("%d imported and %d bad are not %d rows", report.Imported, report.Bad, report.Rows)
		}
		line := 1
		for _, e := range report.Errors {
			if e.Line <= line || e.Reason == "" {
				t.Fatalf("line %d after %d: %q", e.Line, line, e.Reason)
			}
			line = e.Line
		}
	})
}

// A file that is damaged at its end is refused before its first row is written, when it can be read twice.
func TestImportRefusesDamagedFilesFirst(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		damaged := "title\n" + strings.Repeat("row\n", 200) + strings.Repeat("x", 2<<20)
		report, err := f.Import(acting(t), strings.NewReader(damaged), episode.ImportOptions{})
		wantCode(t, err, callboard.CodeInvalid)
		if names, _ := f.events(); len(names) != 0 || report.Rows != 0 {
			t.Errorf("%d events, %+v", len(names), report)
		}
		report, err = f.Import(acting(t), io.MultiReader(strings.NewReader(damaged)), episode.ImportOptions{})
		wantCode(t, err, callboard.CodeInvalid)
		if report.Imported != 200 {
			t.Errorf("of a stream: %+v", report)
		}
	})
}

// notes keeps what Saved was given, as a caller would: in the transaction.
type notes struct {
	db    *sqldb.DB
	state episode.ImportState
	bad   []episode.RowError
}

func (n *notes) saved(_ context.Context, tx *sqldb.Tx, state episode.ImportState, bad []episode.RowError) error {
	tx.OnCommit(func() { n.state, n.bad = state, append(n.bad, bad...) })
	return nil
}

// An import that breaks off, between batches or inside of one, goes on where it was, and ends as if nothing had been.
func TestImportGoesOn(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		var file strings.Builder
		file.WriteString("title,number,status\n")
		for i := range 1000 {
			fmt.Fprintf(&file, "%s,%s,draft\n", []string{"row", "row", ""}[i%3], []string{"", fmt.Sprint(5 * i)}[i%2])
		}
		crash := errors.New("crash")
		n := &notes{db: f.db}
		var once sync.Once
		counted, rows := 0, 0
		for run := 0; ; run++ {
			batches := 0
			opts := episode.ImportOptions{
				ShowID: &f.show, Done: n.state, Counted: func(rows int) { counted += rows }, Progress: func(n int) { rows = n },
				Saved: func(ctx context.Context, tx *sqldb.Tx, state episode.ImportState, bad []episode.RowError) error {
					return n.saved(ctx, tx, state, bad)
				},
				Write: func(ctx context.Context, fn func(context.Context, *sqldb.Tx) error) error {
					if batches++; batches > 1 && run < 3 {
						return f.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error { return errors.Join(fn(ctx, tx), crash) })
					}
					err := f.db.Write(ctx, fn)
					once.Do(func() { err = errors.Join(err, crash) }) // after the commit
					return err
				},
			}
			report, err := f.Import(acting(t), strings.NewReader(file.String()), opts)
			if err == nil {
				if diff := cmp.Diff(n.state, report.ImportState); diff != "" {
					t.Errorf("state and report differ:\n%s", diff)
				}
				break
			}
			if !errors.Is(err, crash) || run > 10 {
				t.Fatal(err)
			}
		}
		if counted != 1000 || rows != 1000 {
			t.Errorf("%d rows counted, %d reported", counted, rows)
		}
		if n.state.Rows != 1000 || n.state.Imported+n.state.Bad != 1000 || len(n.bad) != n.state.Bad {
			t.Errorf("%+v and %d bad rows", n.state, len(n.bad))
		}
		if names, _ := f.events(); len(names) != n.state.Imported {
			t.Errorf("%d events for %d episodes", len(names), n.state.Imported)
		}
		_, err := f.Import(acting(t), strings.NewReader("title\nx\n"), episode.ImportOptions{Done: n.state})
		wantCode(t, err, callboard.CodeInvalid)
	})
}

// A batch must come to the same as its rows one by one: numbers that are given, missing, taken, or given later.
func TestImportNumbersAsOneByOne(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		f.create(episode.Input{Title: "there", ShowID: &f.show, SeasonNumber: new(1), EpisodeNumber: new(3)})
		file := "title,season,number\na,1,\nb,1,4\nc,1,5\nd,1,\ne,1,9\nf,1,\ng,1,9\nh,2,\ni,2,1\nj,,\nk,2,99999\nl,2,\nm,1,\nn,0,\n"
		report, err := f.Import(acting(t), strings.NewReader(file), episode.ImportOptions{ShowID: &f.show})
		if err != nil {
			t.Fatal(err)
		}
		const taken = "episode_number is taken in this season of the show"
		want := []episode.RowError{
			{Line: 3, Reason: taken}, {Line: 8, Reason: taken}, {Line: 10, Reason: taken},
			{Line: 13, Reason: "the season has no free number left; give one"},
		}
		if diff := cmp.Diff(want, report.Errors); diff != "" {
			t.Errorf("errors (-want +got):\n%s", diff)
		}
		got := map[string]int{}
		for _, e := range all(t, f) {
			got[e.Title] = *e.EpisodeNumber
		}
		wantNumbers := map[string]int{"there": 3, "a": 4, "c": 5, "d": 6, "e": 9, "f": 10, "h": 1, "j": 1, "k": 99999, "m": 11, "n": 1}
		if diff := cmp.Diff(wantNumbers, got); diff != "" {
			t.Errorf("numbers (-want +got):\n%s", diff)
		}
	})
}

func TestImportIntoNoShow(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		report, err := f.Import(acting(t), strings.NewReader("title\nx\n\"\"\n"), episode.ImportOptions{ShowID: new(callboard.NewID())})
		want := []episode.RowError{{Line: 2, Reason: "show_id is not the ID of a show"}}
		if diff := cmp.Diff(want, report.Errors); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
}
