package importer

import (
	"errors"
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

// after returns how far the import is after a batch.
func (r *session) after(b *batch) State {
	state := State{Counts: r.report.Counts, Shows: slices.Clip(r.report.Shows), Loose: r.loose, Saved: r.saved}
	used := map[*scope]bool{}
	for _, row := range b.rows {
		state.add(row.outcome)
		if row.outcome == Refused || row.outcome == Skipped || row.scope.outside() || used[row.scope] {
			continue
		}
		used[row.scope] = true
		ref := ShowRef{ID: b.showID(row.scope), Title: row.scope.title, Created: b.made[row.scope] || !r.write && row.scope.id == ""}
		if !slices.ContainsFunc(state.Shows, func(s ShowRef) bool { return s.ID == ref.ID && s.Title == ref.Title }) {
			state.Shows = append(state.Shows, ref)
		}
	}
	return state
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
	r.report.Counts, r.report.Shows = state.Counts, state.Shows
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
			if err := r.hooks.Refused(RefusedRow{Header: r.header, Cells: cellsOf(row.entry), Reason: row.reason}); err != nil {
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
