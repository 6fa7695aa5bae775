package importer

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/internal/sheet"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/show"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// fixture is an importer on a database, whose entries come from small tables.
type fixture struct {
	*Service
	t testing.TB
}

// ctx is that of somebody who imports.
func (f fixture) ctx() context.Context {
	return callboard.WithActor(f.t.Context(), callboard.System("Import"))
}

// counter is show's view of the episodes, which are built after the shows.
type counter struct{ *episode.Service }

func newFixture(t testing.TB, db *sqldb.DB) fixture {
	episodes := &counter{}
	shows := show.New(show.Config{DB: db, Episodes: episodes})
	episodes.Service = episode.New(episode.Config{DB: db, Shows: shows})
	return fixture{New(Config{DB: db, Shows: shows, Episodes: episodes.Service}), t}
}

func tables() []sqldb.Migrations {
	return []sqldb.Migrations{outbox.Migrations(), show.Migrations(), episode.Migrations(), Migrations()}
}

func forEach(t *testing.T, test func(t *testing.T, f fixture)) {
	t.Helper()
	sqldbtest.ForEach(t, func(t *testing.T, db *sqldb.DB) { test(t, newFixture(t, db)) }, tables()...)
}

// rows makes entries of a table with a header of: id, show, season, number, title, description, date, status, error, skip. Each entry has a
// note, so that the problems of a report say what became of every row.
func (f fixture) rows(text string) func(context.Context, func(entry) error) error {
	f.t.Helper()
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		f.t.Fatal(err)
	}
	return func(_ context.Context, yield func(entry) error) error {
		for i, record := range records[1:] {
			e := entry{line: i + 2, table: &table{}, notes: []string{"noted"}}
			for column, cell := range record {
				e.row.Cells = append(e.row.Cells, sheet.Cell{Text: cell})
				if cell != "" {
					f.set(&e, records[0][column], cell)
				}
			}
			if err := yield(e); err != nil {
				return err
			}
		}
		return nil
	}
}

func (f fixture) set(e *entry, column, cell string) {
	number := func() callboard.Optional[*int] {
		n, err := strconv.Atoi(cell)
		if err != nil {
			f.t.Fatal(err)
		}
		return callboard.Some(&n)
	}
	switch column {
	case "id":
		e.id = cell
	case "show":
		e.showTitle = cell
	case "season":
		e.patch.SeasonNumber = number()
	case "number":
		e.patch.EpisodeNumber = number()
	case "title":
		e.patch.Title = callboard.Some(cell)
	case "description":
		e.patch.Description = callboard.Some(&cell)
	case "date":
		e.patch.AirDate = callboard.Some(&cell)
	case "status":
		e.patch.Status = callboard.Some(episode.Status(cell))
	case "error":
		e.err = fieldError("title", "%s", cell)
	case "skip":
		e.skip = cell
	default:
		f.t.Fatalf("no column %s", column)
	}
}

func (f fixture) start(table string, opts Options, hooks Hooks, write bool) (Report, error) {
	f.t.Helper()
	r := &session{cfg: f.cfg, opts: opts, hooks: hooks, write: write, entries: f.rows(table)}
	err := r.run(f.ctx())
	f.addsUp(r.report.Counts)
	return r.report, err
}

func (f fixture) addsUp(c Counts) {
	f.t.Helper()
	if c.Rows != c.Created+c.Updated+c.Unchanged+c.Refused+c.Skipped {
		f.t.Errorf("the counts do not add up: %+v", c)
	}
}

// take plans and imports a table, which has to come to the same, and returns what became of each row.
func (f fixture) take(table string, opts Options) (Report, []string) {
	f.t.Helper()
	plan, err := f.start(table, opts, Hooks{}, false)
	if err != nil {
		f.t.Fatal(err)
	}
	before := f.events()
	report, err := f.start(table, opts, Hooks{}, true)
	if err != nil {
		f.t.Fatal(err)
	}
	if diff := cmp.Diff(plan.Problems, report.Problems); diff != "" || plan.Counts != report.Counts {
		f.t.Errorf("plan %+v and import %+v differ (-plan +import):\n%s", plan.Counts, report.Counts, diff)
	}
	shows := 0
	for i, s := range report.Shows {
		if s.Created {
			shows++
		}
		if s.ID == "" || i >= len(plan.Shows) || plan.Shows[i].Title != s.Title || plan.Shows[i].Created != s.Created {
			f.t.Errorf("plan %+v and import %+v name other shows", plan.Shows, report.Shows)
		}
	}
	if n := len(f.events()) - len(before); n != report.Created+report.Updated+shows {
		f.t.Errorf("%d events for %+v and %d shows", n, report.Counts, shows)
	}
	return report, outcomes(report)
}

func outcomes(report Report) []string {
	var list []string
	for _, p := range report.Problems {
		list = append(list, strings.TrimSuffix(fmt.Sprintf("%d %s: %s", p.Line, p.Outcome, p.Reason), ": noted"))
	}
	return list
}

// events returns the names of all events.
func (f fixture) events() []string {
	f.t.Helper()
	rows, err := f.cfg.DB.QueryContext(f.ctx(), `SELECT name FROM callboard_outbox ORDER BY id`)
	names, err := sqldb.CollectValues[string](rows, err, "events")
	if err != nil {
		f.t.Fatal(err)
	}
	return names
}

// all returns the living episodes, as show season/number title and date, in order.
func (f fixture) all() []string {
	f.t.Helper()
	rows, err := f.cfg.DB.QueryContext(f.ctx(), `SELECT coalesce(s.title, '-') || ' ' || coalesce(CAST(season_number AS TEXT), '-') || '/' ||
		coalesce(CAST(episode_number AS TEXT), '-') || ' ' || e.title || coalesce(' ' || air_date, '') || coalesce(' ' || e.description, '')
		FROM callboard_episodes e LEFT JOIN callboard_shows s ON s.id = show_id WHERE e.deleted_at IS NULL`)
	list, err := sqldb.CollectValues[string](rows, err, "episodes")
	if err != nil {
		f.t.Fatal(err)
	}
	slices.Sort(list)
	return list
}

// id returns the ID of the only living episode with a title.
func (f fixture) id(title string) string {
	f.t.Helper()
	list, err := f.cfg.Episodes.List(f.ctx(), episode.Filter{Text: title}, "", callboard.Page{})
	if err != nil || len(list.Items) != 1 {
		f.t.Fatalf("%d episodes called %s, %v", len(list.Items), title, err)
	}
	return list.Items[0].ID
}

func TestRowsAndWhatBecomesOfThem(t *testing.T) {
	t.Parallel()
	office := Options{ShowTitle: new("The Office")}
	created := func(from, to int) (list []string) {
		for line := from; line <= to; line++ {
			list = append(list, fmt.Sprintf("%d created", line))
		}
		return list
	}
	tests := map[string]struct {
		opts  Options
		files []string   // one after the other
		want  [][]string // what becomes of their rows
		end   []string   // the episodes at the end
	}{
		"twice, then mended": {
			opts: office,
			files: []string{
				"season,number,title\n1,1,A\n1,2,B\n", "season,number,title\n1,1,A (corrected title)\n1,2,B\n1,3,C\n",
				"season,number,title\n1,1,A (corrected title)\n1,2,B\n1,3,C\n",
			},
			want: [][]string{created(2, 3), {"2 updated", "3 unchanged", "4 created"}, {"2 unchanged", "3 unchanged", "4 unchanged"}},
			end:  []string{"The Office 1/1 A (corrected title)", "The Office 1/2 B", "The Office 1/3 C"},
		},
		"without numbers": {
			opts:  office,
			files: []string{"title,date\nA,2020-01-01\nB,2020-01-02\n", "title,date\nA,2020-01-01\nB,2020-01-03\n"},
			want:  [][]string{created(2, 3), {"2 unchanged", "3 updated"}},
			end:   []string{"The Office -/1 A 2020-01-01", "The Office -/2 B 2020-01-03"},
		},
		"without numbers, outside of shows": {
			files: []string{"title,date\nA,2020-01-01\nB,2020-01-02\n", "title,date\nA,2020-01-01\nB,2020-01-03\n"},
			want:  [][]string{created(2, 3), {"2 unchanged", "3 updated"}},
			end:   []string{"- -/- A 2020-01-01", "- -/- B 2020-01-03"},
		},
		"mended outside of shows": {
			files: []string{"season,number,title\n1,1,A\n1,2,B\n", "season,number,title\n1,1,A (corrected title)\n1,2,B\n1,3,C\n"},
			want: [][]string{
				created(2, 3),
				{`2 updated: noted; was taken for "A", season 1, number 1 by its number`, "3 unchanged", "4 created"},
			},
			end: []string{"- 1/1 A (corrected title)", "- 1/2 B", "- 1/3 C"},
		},
		"two lists outside of shows": {
			files: []string{
				"season,number,title\n1,1,Pilot\n1,2,B\n1,3,C\n", "season,number,title\n1,1,Pilot\n1,2,X\n1,3,Y\n",
				"season,number,title\n1,1,Pilot\n1,2,X\n1,3,Y\n",
			},
			want: [][]string{
				created(2, 4), {"2 unchanged", "3 created", "4 created"}, {"2 unchanged", "3 unchanged", "4 unchanged"},
			},
			end: []string{"- 1/1 Pilot", "- 1/2 B", "- 1/2 X", "- 1/3 C", "- 1/3 Y"},
		},
		"two lists outside of shows that share a title": {
			files: []string{
				"title,date\nPilot,2001-01-01\nA,2001-01-08\n", "title,date,description\nPilot,2010-01-01,Another\nB,2010-01-08,x\n",
				"title,date,description\nPilot,2010-01-01,Changed\nB,2010-01-08,x\n",
			},
			want: [][]string{created(2, 3), created(2, 3), {"2 updated", "3 unchanged"}},
			end:  []string{"- -/- A 2001-01-08", "- -/- B 2010-01-08 x", "- -/- Pilot 2001-01-01", "- -/- Pilot 2010-01-01 Changed"},
		},
		"a number alone, in another list outside of shows": {
			files: []string{"number,title\n1,A\n", "number,title,description\n2,B,\n3,C,\n1,,x\n", "number,title,description\n2,B,\n3,C,\n1,,x\n"},
			want: [][]string{
				created(2, 2), {"2 created", "3 created", "4 refused: title is missing"}, {"2 unchanged", "3 unchanged", "4 refused: title is missing"},
			},
			end: []string{"- -/1 A", "- -/2 B", "- -/3 C"},
		},
		"a gap takes no number that a later row has": {
			opts:  office,
			files: []string{"number,title\n1,A\n,Bonus\n2,B\n3,C\n", "number,title\n1,A\n,Bonus\n2,B\n3,C\n"},
			want:  [][]string{created(2, 5), {"2 unchanged", "3 unchanged", "4 unchanged", "5 unchanged"}},
			end:   []string{"The Office -/1 A", "The Office -/2 B", "The Office -/3 C", "The Office -/4 Bonus"},
		},
		"a number that was given is asked for": {
			opts:  office,
			files: []string{"number,title\n1,A\n,Bonus\n", "number,title\n1,A\n,Bonus\n2,B\n", "number,title\n2,B\n"},
			want: [][]string{
				created(2, 3), {"2 unchanged", "3 unchanged", `4 refused: episode_number is taken by "Bonus", number 2, which another row is about`},
				{"2 updated"},
			},
			end: []string{"The Office -/1 A", "The Office -/2 B"},
		},
		"the same row twice, and another one in its place": {
			opts:  office,
			files: []string{"number,title,date\n1,A,\n1,A,\n1,B,\n1,A,2020-01-01\n,C,\n,C,\n,C,2020-01-01\n"},
			want: [][]string{{
				"2 created", "3 skipped: the same as line 2", "4 refused: episode_number is taken by line 2, which has another title",
				"5 refused: episode_number is taken by line 2, which has the same title and differs in other columns", "6 created",
				"7 skipped: the same as line 6; give them numbers if they are two episodes", "8 created",
			}},
			end: []string{"The Office -/1 A", "The Office -/2 C", "The Office -/3 C 2020-01-01"},
		},
		"one title every year": {
			opts: office,
			files: []string{
				"season,title,date\n1,Special,2010-12-25\n", "season,title,date\n2,Special,2011-12-25\n",
				"title,date\nSpecial,2011-12-25\nSpecial,2012-12-25\n", "title,description\nSpecial,Which?\n",
			},
			want: [][]string{
				created(2, 2), created(2, 2), {"2 created", "3 created"},
				{"2 refused: title is that of 4 episodes; tell them apart by number, air date or ID"},
			},
			end: []string{
				"The Office -/1 Special 2011-12-25", "The Office -/2 Special 2012-12-25", "The Office 1/1 Special 2010-12-25",
				"The Office 2/1 Special 2011-12-25",
			},
		},
		"a number that was mended": {
			opts:  office,
			files: []string{"season,number,title\n1,1,A\n1,2,B\n", "season,number,title\n1,7,A\n1,2,B\n", "season,number,title\n2,7,A\n"},
			want: [][]string{
				created(2, 3), {`2 updated: noted; was taken for "A", season 1, number 1 by its title`, "3 unchanged"}, created(2, 2),
			},
			end: []string{"The Office 1/2 B", "The Office 1/7 A", "The Office 2/7 A"},
		},
		"many shows": {
			files: []string{
				"show,number,title\nThe Office,1,A\nthe office,2,B\nPâté,1,A\nPate,1,A\n,1,A\n",
				"show,number,title\nTHE OFFICE,2,B\nPÂTÉ,1,A\n",
			},
			want: [][]string{created(2, 6), {"2 unchanged", "3 unchanged"}},
			end:  []string{"- -/1 A", "Pate -/1 A", "Pâté -/1 A", "The Office -/1 A", "The Office -/2 B"},
		},
		"of another show than the one that is imported into": {
			opts:  office,
			files: []string{"show,number,title\nTHE OFFICE,1,A\nLost,2,B\n"},
			want:  [][]string{{"2 created", `3 refused: show is "Lost", while "The Office" is imported into`}},
			end:   []string{"The Office -/1 A"},
		},
		"nothing that comes in": {
			opts:  office,
			files: []string{"number,title,error,skip\n1,A,is odd,\n2,,,\n,,,a total\n100000,B,,\n"},
			want: [][]string{{
				"2 refused: title is odd", "3 refused: title is missing", "4 skipped: a total", "5 refused: episode_number must be 0 to 99999",
			}},
		},
		"creating alone": {
			opts:  Options{ShowTitle: new("The Office"), Mode: Create},
			files: []string{"number,title\n1,A\n,B\n", "number,title,date\n1,A,\n1,C,\n,B,2020-01-01\n3,D,\n"},
			want: [][]string{created(2, 3), {
				`2 refused: episode_number is taken by "A", number 1, which is the same`,
				"3 refused: episode_number is taken by line 2, which has another title",
				`4 refused: title is taken by "B", number 2, which differs in air_date`, "5 created",
			}},
			end: []string{"The Office -/1 A", "The Office -/2 B", "The Office -/3 D"},
		},
		"updating alone": {
			opts:  Options{ShowTitle: new("The Office"), Mode: Update},
			files: []string{"number,title\n1,A\n"},
			want:  [][]string{{"2 refused: there is no such episode yet, by its ID, number or title"}},
		},
		"the last number": {
			opts:  office,
			files: []string{"number,title\n,A\n99999,B\n"},
			want:  [][]string{{"2 refused: episode_number is missing, and the season has no free one left; give one", "3 created"}},
			end:   []string{"The Office -/99999 B"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			forEach(t, func(t *testing.T, f fixture) {
				for i, file := range tt.files {
					_, got := f.take(file, tt.opts)
					for j := range got {
						got[j] = strings.TrimSuffix(got[j], ": noted")
					}
					if diff := cmp.Diff(tt.want[i], got); diff != "" {
						t.Errorf("file %d (-want +got):\n%s", i, diff)
					}
				}
				if diff := cmp.Diff(tt.end, f.all()); diff != "" {
					t.Errorf("episodes (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestRowsWithIDs(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		f.take("show,season,number,title\nLost,1,1,A\nLost,1,2,B\nLost,1,3,C\nOther,1,1,D\n,,,E\n", Options{})
		a, b, c, d, e := f.id("A"), f.id("B"), f.id("C"), f.id("D"), f.id("E")
		if err := f.cfg.Episodes.Delete(f.ctx(), c, 0); err != nil {
			t.Fatal(err)
		}
		nobody := callboard.NewID()
		report, got := f.take("id,show,season,number,title,description\n"+
			a+",,,5,A,moved\n"+b+",Other,,,B,\n"+c+",Lost,1,3,C,\n"+d+",,1,1,D,\n"+e+",,,,,told\n"+
			nobody+",Lost,1,1,N,\n"+a+",,,6,A,\n"+nobody+",Lost,1,1,N,\n", Options{})
		want := []string{
			"2 updated", "3 refused: id is that of an episode that is not in this show",
			"4 refused: id is that of an episode that was deleted; restore it, or leave the cell empty to create another one",
			"5 unchanged", "6 updated", "7 created", "8 refused: id is also that of line 2, which has the same title and differs in other columns",
			"9 skipped: the same as line 7",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if len(report.Layout.Notes) != 1 || !strings.Contains(report.Layout.Notes[0], "2 rows") {
			t.Errorf("notes: %q", report.Layout.Notes)
		}
		wantAll := []string{"- -/- E told", "Lost 1/1 N", "Lost 1/2 B", "Lost 1/5 A moved", "Other 1/1 D"}
		if diff := cmp.Diff(wantAll, f.all()); diff != "" {
			t.Errorf("episodes (-want +got):\n%s", diff)
		}
		lost, err := f.cfg.Shows.FindByTitle(f.ctx(), "Lost")
		if err != nil {
			t.Fatal(err)
		}
		_, got = f.take("id,title\n"+d+",D\n", Options{ShowID: &lost.ID})
		if want := []string{"2 refused: id is that of an episode that is not in this show"}; !slices.Equal(got, want) {
			t.Errorf("into another show: %q", got)
		}
	})
}

// Of what a file could bring, in any combination, an import does what its plan has said; the same file again changes nothing; and one that
// is killed at any batch and goes on ends like one in one go.
func TestRandomFiles(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		for round := range uint64(40) {
			dice := rand.New(rand.NewPCG(7, round))
			foreign := dice.IntN(2) == 0
			file := randomFile(dice, f, foreign)
			done, first := f.take(file, Options{})
			report, again := f.take(file, Options{})
			if report.Created+report.Updated != 0 && (!foreign || done.Refused == 0) {
				t.Errorf("the same file again: %+v\n%s", report.Counts, strings.Join(again, "\n"))
			}
			if t.Failed() {
				t.Fatalf("round %d:\n%s\n%s", round, file, strings.Join(first, "\n"))
			}
		}
	})
}

// Whatever a file is, its import does what its plan has said, and the same file again writes nothing.
func TestSamples(t *testing.T) {
	t.Parallel()
	samples, err := filepath.Glob("testdata/kinds/*")
	if err != nil || len(samples) == 0 {
		t.Fatal("no samples", err)
	}
	forEach(t, func(t *testing.T, f fixture) {
		for _, sample := range samples {
			content, err := os.ReadFile(sample)
			if err != nil {
				t.Fatal(err)
			}
			for _, opts := range []Options{{}, {ShowTitle: new(sample)}} {
				opts.DateOrder = DayFirst
				plan, planErr := f.Plan(f.ctx(), bytes.NewReader(content), int64(len(content)), opts, Hooks{})
				report, err := f.Import(f.ctx(), bytes.NewReader(content), int64(len(content)), opts, Hooks{})
				if fmt.Sprint(planErr) != fmt.Sprint(err) {
					t.Errorf("%s: the plan says %v, and the import %v", sample, planErr, err)
				}
				f.addsUp(report.Counts)
				if diff := cmp.Diff(plan.Problems, report.Problems); diff != "" || plan.Counts != report.Counts {
					t.Errorf("%s: plan %+v and import %+v differ (-plan +import):\n%s", sample, plan.Counts, report.Counts, diff)
				}
				before := len(f.events())
				again, _ := f.Import(f.ctx(), bytes.NewReader(content), int64(len(content)), opts, Hooks{})
				if again.Created+again.Updated != 0 || len(f.events()) != before {
					t.Errorf("%s: again: %+v", sample, again.Counts)
				}
			}
		}
	})
}

// randomFile makes a file up; a foreign one has IDs of another server, too.
func randomFile(dice *rand.Rand, f fixture, foreign bool) string {
	ids := []string{""}
	if list, err := f.cfg.Episodes.List(f.ctx(), episode.Filter{}, episode.ByNewest, callboard.Page{Limit: 50}); err == nil {
		for _, e := range list.Items {
			ids = append(ids, e.ID)
		}
	}
	pick := func(of ...string) string { return of[dice.IntN(len(of))] }
	var b strings.Builder
	b.WriteString("id,show,season,number,title,date,description\n")
	for range 1 + dice.IntN([]int{20, 60, 400}[dice.IntN(3)]) { // in one batch or in several
		id := ""
		switch dice.IntN(8) {
		case 0, 1:
			id = pick(ids...)
		case 2:
			if foreign {
				id = callboard.NewID()
			}
		}
		fmt.Fprintf(&b, "%s,%s,%s,%s,%s,%s,%s\n", id, pick("", "S", "s", "T"), pick("", "", "1", "2"), pick("", "1", "2", "3", "4", "5", "6"),
			pick("", "A", "B", "C", "D", "E", "F", "G"), pick("", "", "2020-01-01", "2021-01-01"), pick("", "", "x"))
	}
	return b.String()
}

// titledAlike is a table of 600 rows, each with an ID of another server, of which 60 have one title.
func titledAlike(show string) string {
	var b strings.Builder
	b.WriteString("id,show,title,description\n")
	for i := range 600 {
		title := "Row " + strconv.Itoa(i)
		if i%10 == 3 {
			title = "Untitled"
		}
		fmt.Fprintf(&b, "%s,%s,%s,d%d\n", callboard.NewID(), show, title, i)
	}
	return b.String()
}

// Rows that only IDs of another server tell apart are as many episodes, whatever batches they come in, and none takes that of another.
func TestEqualTitlesOfAnotherServer(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		for _, show := range []string{"", "S"} {
			table := titledAlike(show)
			first, _ := f.take(table, Options{})
			if first.Created != 600 {
				t.Errorf("show %q: %+v, want 600 created", show, first.Counts)
			}
			if again, _ := f.take(table, Options{}); again.Unchanged != 600 {
				t.Errorf("show %q, again: %+v, want 600 unchanged", show, again.Counts)
			}
		}
		if all := f.all(); len(slices.Compact(all)) != 1200 {
			t.Errorf("%d episodes that differ", len(slices.Compact(all)))
		}
	})
}

// An episode that moves to another season with the number that it has takes that number there.
func TestNumberOfAnEpisodeThatMoves(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		for _, last := range []bool{false, true} {
			f.take("show,season,number,title\nS,1,5,Mover\nS,2,4,Stay\n", Options{})
			rows := []string{f.id("Mover") + ",S,2,\n", ",S,2,Brand new\n"}
			if last {
				slices.Reverse(rows)
			}
			if report, got := f.take("id,show,season,title\n"+strings.Join(rows, ""), Options{}); report.Created != 1 || report.Updated != 1 {
				t.Errorf("%q", got)
			}
			if diff := cmp.Diff([]string{"S 2/4 Stay", "S 2/5 Mover", "S 2/6 Brand new"}, f.all()); diff != "" {
				t.Errorf("episodes (-want +got):\n%s", diff)
			}
			f.empty(t)
		}
	})
}

var errCrash = errors.New("crash")

// An import that breaks off, in a batch or right after one, goes on where it was, and ends as if nothing had been.
func TestGoesOn(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(1, 2))
	var table strings.Builder
	table.WriteString("show,number,title,date\n")
	for i := range 1000 {
		fmt.Fprintf(&table, "S,%s,%s,%s\n", []string{"", strconv.Itoa(i * 3 % 700)}[dice.IntN(2)], []string{"", "t" + strconv.Itoa(i%400)}[min(1, dice.IntN(20))],
			[]string{"", "2020-01-01"}[dice.IntN(2)])
	}
	forEach(t, func(t *testing.T, f fixture) { f.goesOn(t, table.String()) })
	forEach(t, func(t *testing.T, f fixture) { f.goesOn(t, titledAlike("S")) })
}

// goesOn imports a table of one show, which is new, with crashes.
func (f fixture) goesOn(t *testing.T, table string) {
	t.Helper()
	other := newFixture(t, sqldbtest.Open(t, sqldbtest.SQLite, tables()...))
	want, wantRows := other.take(table, Options{})

	var saved State
	var problems []Problem
	for attempt := 0; ; attempt++ {
		batches := 0
		hooks := Hooks{
			Done: saved,
			Saved: func(_ context.Context, tx *sqldb.Tx, done State, said []Problem) error {
				tx.OnCommit(func() { saved, problems = done, append(problems, said...) })
				return nil
			},
			Write: func(ctx context.Context, fn func(context.Context, *sqldb.Tx) error) error {
				if batches++; batches == 2 && attempt%2 == 0 {
					return f.cfg.DB.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error { return errors.Join(fn(ctx, tx), errCrash) })
				}
				err := f.cfg.DB.Write(ctx, fn)
				if batches == 2 {
					err = errors.Join(err, errCrash) // after the commit
				}
				return err
			},
		}
		report, err := f.start(table, Options{}, hooks, true)
		if err == nil {
			if report.Counts != want.Counts {
				t.Errorf("%+v, in one go %+v", report.Counts, want.Counts)
			}
			if len(report.Shows) != 1 || !report.Shows[0].Created {
				t.Errorf("shows %+v", report.Shows)
			}
			break
		}
		if !errors.Is(err, errCrash) || attempt > 50 {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(wantRows, outcomes(Report{Problems: problems})); diff != "" {
		t.Errorf("rows (-in one go +with crashes):\n%s", diff)
	}
	if diff := cmp.Diff(other.all(), f.all()); diff != "" {
		t.Errorf("episodes (-in one go +with crashes):\n%s", diff)
	}
	_, err := f.start("title\nx\n", Options{}, Hooks{Done: saved}, true)
	if callboard.CodeOf(err) != callboard.CodeInvalid {
		t.Errorf("another file: %v", err)
	}
}

// numbered is a table of n rows.
func numbered(show string, n int) string {
	var b strings.Builder
	b.WriteString("show,season,number,title\n")
	for i := range n {
		fmt.Fprintf(&b, "%s,%d,%d,Row %d\n", show, i/100, i%100, i)
	}
	return b.String()
}

// Two imports of one file at once, into a show that neither has found, make one show, and each episode once.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		const n = 600
		tables := []string{numbered("S", n), numbered("S", n), numbered("s", n) + strings.Repeat("S,0,,Extra\n", 1)}
		reports := make([]Report, len(tables))
		var all sync.WaitGroup
		for i, table := range tables {
			all.Go(func() {
				var err error
				if reports[i], err = f.start(table, Options{}, Hooks{}, true); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		created, shows := 0, 0
		for _, r := range reports {
			created += r.Created
			if r.Refused+r.Skipped+r.Updated != 0 || len(r.Shows) != 1 {
				t.Errorf("%+v, shows %+v", r.Counts, r.Shows)
			}
			if r.Shows[0].Created {
				shows++
			}
		}
		if got := f.all(); created != n+1 || shows != 1 || len(got) != n+1 || len(f.events()) != n+2 {
			t.Errorf("%d created in %d shows, %d episodes, %d events", created, shows, len(got), len(f.events()))
		}
	})
}

// A change that comes between the reading of a row and its writing is neither lost nor overwritten unseen.
func TestChangesMeanwhile(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		f.take("show,number,title,description\nS,1,A,old\nS,2,B,old\n", Options{})
		a := f.id("A")
		changed := false
		hooks := Hooks{Write: func(ctx context.Context, fn func(context.Context, *sqldb.Tx) error) error {
			if !changed {
				changed = true
				p := episode.Patch{Status: callboard.Some(episode.Approved), EpisodeNumber: callboard.Some(new(7))}
				if _, err := f.cfg.Episodes.Update(ctx, a, p, 0); err != nil {
					return err
				}
			}
			return f.cfg.DB.Write(ctx, fn)
		}}
		report, err := f.start("show,number,title,description\nS,1,Z,new\nS,2,B,new\n", Options{}, hooks, true)
		if err != nil || report.Created != 1 || report.Updated != 1 {
			t.Errorf("%+v, %v; want line 2 to be created, as A has left its place", report.Counts, err)
		}
		if diff := cmp.Diff([]string{"S -/1 Z new", "S -/2 B new", "S -/7 A old"}, f.all()); diff != "" {
			t.Errorf("episodes (-want +got):\n%s", diff)
		}
	})
}

// What an import has done before it was cancelled stays, and a batch that fails leaves nothing.
func TestBreaksOff(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f fixture) {
		ctx, cancel := context.WithCancel(f.ctx())
		r := &session{cfg: f.cfg, write: true, entries: f.rows(numbered("S", 300)), hooks: Hooks{Progress: func(int, int) { cancel() }}}
		if err := r.run(ctx); !errors.Is(err, context.Canceled) || r.report.Created != firstBatch || len(f.all()) != firstBatch {
			t.Errorf("cancelled: %v, %+v, %d episodes", err, r.report.Counts, len(f.all()))
		}
		away := false
		report, err := f.start(numbered("S", 600), Options{}, Hooks{Progress: func(rows, _ int) {
			if rows >= 3*firstBatch && !away { // batches have been written
				away = true
				sqldbtest.RenameTable(t, f.cfg.DB, "callboard_outbox", "callboard_away")
			}
		}}, true)
		if err == nil || report.Rows == 0 || report.Rows == 600 {
			t.Fatalf("without the log: %v, %+v", err, report.Counts)
		}
		sqldbtest.RenameTable(t, f.cfg.DB, "callboard_away", "callboard_outbox")
		if n := len(f.all()); n != firstBatch+report.Created || len(f.events()) != n+1 {
			t.Errorf("%d episodes and %d events after %d and %d were created", n, len(f.events()), firstBatch, report.Created)
		}
		if report, err = f.start(numbered("S", 600), Options{}, Hooks{}, true); err != nil || len(f.all()) != 600 || report.Refused != 0 {
			t.Errorf("again: %v, %+v", err, report.Counts)
		}
	})
}

func TestProblemsAreBounded(t *testing.T) {
	t.Parallel()
	f := newFixture(t, sqldbtest.Open(t, sqldbtest.SQLite, tables()...))
	report, err := f.start("title,error\n"+strings.Repeat("A,is odd\n", maxProblems+700), Options{}, Hooks{}, false)
	if err != nil || report.Refused != maxProblems+700 || len(report.Problems) != maxProblems {
		t.Errorf("%v, %+v, %d problems", err, report.Counts, len(report.Problems))
	}
}

func TestOptionsThatAreWrong(t *testing.T) {
	t.Parallel()
	f := newFixture(t, sqldbtest.Open(t, sqldbtest.SQLite, tables()...))
	f.take("show,title\nTwin,A\n", Options{})
	if _, err := f.cfg.Shows.Create(f.ctx(), show.Input{Title: "TWIN"}); err != nil {
		t.Fatal(err)
	}
	for field, opts := range map[string]Options{
		"show_id": {ShowID: new(callboard.NewID())}, "show_title": {ShowTitle: new("twin")}, "mode": {Mode: "replace"},
	} {
		_, err := f.Plan(f.ctx(), strings.NewReader(""), 0, opts, Hooks{})
		if err == nil || opts.Mode == "" {
			_, err = f.start("title\nA\n", opts, Hooks{}, true)
		}
		if callboard.CodeOf(err) != callboard.CodeInvalid || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	_, got := f.take("show,title\ntwin,A\nTwin,A\n", Options{})
	if want := []string{`2 refused: show "twin" is the title of several shows; name the show by its ID`, "3 unchanged"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// What is refused is given out as the file has it.
func TestRefusedRows(t *testing.T) {
	t.Parallel()
	f := newFixture(t, sqldbtest.Open(t, sqldbtest.SQLite, tables()...))
	var got []RefusedRow
	_, err := f.start("title,error\nA,\nB,is odd\n", Options{}, Hooks{Refused: func(row RefusedRow) error {
		got = append(got, row)
		return nil
	}}, true)
	if diff := cmp.Diff([]RefusedRow{{Cells: []string{"B", "is odd"}, Reason: "title is odd"}}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, err := f.start("title,error\nB,is odd\n", Options{}, Hooks{Refused: func(RefusedRow) error { return io.ErrShortWrite }}, true); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("a file of refused rows that cannot be written: %v", err)
	}
}
