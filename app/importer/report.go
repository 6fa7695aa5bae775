package importer

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/importer/internal/value"
	"github.com/callboard/callboard/episode"
)

// maxProblems bounds how many refused rows a report lists, and how many others, so that notes never crowd out what was refused. All are
// counted.
const maxProblems = 10_000

// maxShows bounds how many shows a report lists.
const maxShows = 100

// Bounds of what Brief leaves, in bytes of JSON. Together they fit into the result of a job.
const (
	briefLayout = 40 << 10
	briefShows  = 16 << 10
)

// after returns how far the import is after a batch.
func (r *session) after(b *batch) State {
	state := State{
		Counts: r.report.Counts, Shows: slices.Clip(r.report.Shows), ShowCount: r.report.ShowCount, Loose: r.loose, Saved: r.saved,
	}
	counted := map[*scope]bool{}
	for _, row := range b.rows {
		state.add(row.outcome)
		if !row.cameIn() || row.scope.outside() || row.scope.counted || counted[row.scope] {
			continue
		}
		counted[row.scope] = true
		if state.ShowCount++; state.ShowCount <= maxShows {
			state.Shows = append(state.Shows, ShowRef{
				ID: b.showID(row.scope), Title: row.scope.title, Created: b.made[row.scope] || !r.write && row.scope.id == "",
			})
		}
	}
	return state
}

// Brief returns the report with as much of the layout and of the shows as the result of a job can hold, whatever the file is. The counts
// stay.
func (r Report) Brief() Report {
	r.Layout = r.Layout.brief()
	if r.Shows == nil {
		r.Shows = []ShowRef{} // [] in JSON
	}
	for sizeOf(r.Shows) > briefShows {
		r.Shows = r.Shows[:len(r.Shows)/2]
	}
	return r
}

// brief shortens what there is too much of: samples first, then columns that are ignored, and all the rest only when it must.
func (l Layout) brief() Layout {
	all := len(l.Columns)
	shorten := func(samples int) {
		l.Columns = slices.Clone(l.Columns)
		for i, c := range l.Columns {
			l.Columns[i].Samples = cutAll(c.Samples, samples)
		}
	}
	for _, step := range []func(){
		func() { shorten(sampleLength / 4) },
		func() { shorten(0) },
		func() {
			l.Columns = slices.DeleteFunc(slices.Clone(l.Columns), func(c Column) bool { return c.Field == "" })
		},
	} {
		if sizeOf(l) <= briefLayout {
			return l
		}
		step()
	}
	const longest = 300 // characters of a text
	for sizeOf(l) > briefLayout {
		l.Columns, l.Others = slices.Clone(l.Columns[:len(l.Columns)/2]), l.Others[:len(l.Others)/2]
		l.Notes, l.Sheet = cutAll(l.Notes[:(len(l.Notes)+1)/2], longest), cutAll([]string{l.Sheet}, longest)[0]
	}
	l.Notes = append(slices.Clip(l.Notes), fmt.Sprintf("the file has %d columns, of which %d are listed here", all, len(l.Columns)))
	return l
}

func sizeOf(v any) int {
	b, _ := json.Marshal(v) // of texts and numbers, which never fails
	return len(b)
}

// cutAll returns texts of at most n characters; with 0, none.
func cutAll(texts []string, n int) []string {
	cut := []string{}
	for _, text := range texts {
		if runes := []rune(text); len(runes) > n {
			text = string(runes[:n]) + "…"
		}
		if n > 0 {
			cut = append(cut, text)
		}
	}
	return cut
}

// FirstProblems returns at most n of the problems: refused rows before others, each in the order of the file.
func (r Report) FirstProblems(n int) []Problem {
	first := make([]Problem, 0, min(n, len(r.Problems)))
	for _, refused := range []bool{true, false} {
		for _, p := range r.Problems {
			if len(first) < n && (p.Outcome == Refused) == refused {
				first = append(first, p)
			}
		}
	}
	return first
}

func (c *Counts) add(o Outcome) {
	c.Rows++
	switch o {
	case Created:
		c.Created++
	case Updated:
		c.Updated++
	case Unchanged:
		c.Unchanged++
	case Refused:
		c.Refused++
	case Skipped:
		c.Skipped++
	}
}

// problems returns what is to be said of the rows of a batch.
func (b *batch) problems() []Problem {
	var problems []Problem
	for _, r := range b.rows {
		reason := r.reason
		if r.outcome != Refused && r.outcome != Skipped {
			reason = strings.Join(append(slices.Clone(r.notes), r.rules...), "; ")
		}
		if reason != "" {
			problems = append(problems, Problem{Line: r.line, Outcome: r.outcome, Reason: reason})
		}
	}
	return problems
}

// took reports a batch that is done.
func (r *session) took(b *batch) error {
	state, problems := r.after(b), b.problems()
	r.report.Counts, r.report.Shows, r.report.ShowCount = state.Counts, state.Shows, state.ShowCount
	for _, row := range b.rows {
		if row.cameIn() {
			row.scope.counted = true
		}
	}
	for _, p := range problems {
		listed := &r.others
		if p.Outcome == Refused {
			listed = &r.refused
		}
		if *listed < maxProblems {
			*listed++
			r.report.Problems = append(r.report.Problems, p)
		}
	}
	r.past.add(b.effects)
	for s, id := range b.ids {
		s.id, r.shows.byID[id] = id, s
	}
	if r.hooks.Refused != nil {
		for _, row := range b.rows {
			if row.outcome != Refused {
				continue
			}
			if err := r.hooks.Refused(RefusedRow{Header: r.header, Cells: cellsOf(row.entry), Above: row.above, Reason: row.reason}); err != nil {
				return err
			}
		}
	}
	if r.hooks.Progress != nil {
		r.hooks.Progress(r.report.Rows, r.total)
	}
	return nil
}

// cellsOf returns the cells of a row as the file has them, or all of a line that cannot be told apart.
func cellsOf(e entry) []string {
	if len(e.row.Cells) == 0 {
		return []string{e.row.Raw}
	}
	cells := make([]string, len(e.row.Cells))
	for i, cell := range e.row.Cells {
		cells[i] = cell.Text
	}
	return cells
}

// describe names an episode.
func describe(e episode.Episode) string {
	text := value.Show(e.Title)
	if e.SeasonNumber != nil {
		text += ", season " + strconv.Itoa(*e.SeasonNumber)
	}
	if e.EpisodeNumber != nil {
		text += ", number " + strconv.Itoa(*e.EpisodeNumber)
	}
	return text
}

// comparison says whether e is what a row says.
func comparison(r *row, e episode.Episode) string {
	next, err := e.Patched(r.patch)
	if err != nil {
		return "which is another one"
	}
	changes := e.Diff(next)
	delete(changes, "season_number") // of one that it would have to move
	delete(changes, "episode_number")
	if len(changes) == 0 {
		return "which is the same"
	}
	return "which differs in " + strings.Join(slices.Sorted(maps.Keys(changes)), ", ")
}

// reasonOf says what is wrong with a row, for people: each field with its rule, and nothing internal.
func reasonOf(err error) string {
	e, ok := errors.AsType[*callboard.Error](err)
	if !ok {
		return "cannot be imported"
	}
	if len(e.Fields) == 0 {
		return e.Message
	}
	parts := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		parts[i] = f.Field + " " + f.Message
	}
	return strings.Join(parts, "; ")
}
