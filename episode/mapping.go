package episode

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sheet"
)

// Mapping says which columns of a sheet fill which field of an episode. The first column that is not empty in a row
// counts.
type Mapping map[string][]string

// mappedFields returns the fields that a sheet can fill, each with the names of columns that are taken for it unasked,
// folded to lower case and underscores.
func mappedFields() map[string][]string {
	return map[string][]string{
		"title":          {"title", "episode_title", "episode_name", "name"},
		"description":    {"description", "summary", "synopsis", "overview"},
		"air_date":       {"air_date", "airdate", "original_air_date", "orig_airdate", "orig_uk_airdate", "date", "released"},
		"season_number":  {"season_number", "season", "series", "season_num"},
		"episode_number": {"episode_number", "episode", "number", "episode_num"},
		"status":         {"status"},
		"categories":     {"categories", "category", "genres", "genre", "tags"},
		"thumbnail_url":  {"thumbnail_url", "thumbnail", "image_url", "image"},
	}
}

// ParseMapping reads "title=episode_title|story_title,air_date=aired". Errors are CodeInvalid.
func ParseMapping(text string) (Mapping, error) {
	m := Mapping{}
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		field, columns, ok := strings.Cut(part, "=")
		field = strings.TrimSpace(field)
		if _, known := mappedFields()[field]; !ok || !known {
			return nil, errUnknownField()
		}
		for column := range strings.SplitSeq(columns, "|") {
			m[field] = append(m[field], strings.TrimSpace(column))
		}
	}
	return m, nil
}

// Check returns a CodeInvalid error when m names a field that a sheet cannot fill.
func (m Mapping) Check() error {
	for field := range m {
		if _, known := mappedFields()[field]; !known {
			return errUnknownField()
		}
	}
	return nil
}

func errUnknownField() error {
	return callboard.Errorf(callboard.CodeInvalid,
		"a mapping is written field=column, and the fields are %s", strings.Join(slices.Sorted(maps.Keys(mappedFields())), ", "))
}

// complete checks that the columns of m are there, and adds those fields that the header names without being asked.
func (m Mapping) complete(header []string) (Mapping, error) {
	full := Mapping{}
	used := map[string]bool{}
	for field, columns := range m {
		for _, column := range columns {
			if !slices.Contains(header, column) {
				return nil, callboard.Errorf(callboard.CodeInvalid,
					"the mapping of %s names a column that the file does not have; its columns are: %s",
					field, strings.Join(header, ", "))
			}
			used[column] = true
		}
		full[field] = columns
	}
	for field, names := range mappedFields() {
		if _, mapped := full[field]; mapped {
			continue
		}
		for _, column := range header {
			if !used[column] && slices.Contains(names, columnKey(column)) {
				full[field] = append(full[field], column)
			}
		}
	}
	if len(full["title"]) == 0 {
		return nil, callboard.Errorf(callboard.CodeInvalid,
			"no column is known to hold the title; name it with title=COLUMN, out of: %s", strings.Join(header, ", "))
	}
	return full, nil
}

func columnKey(column string) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(column))
}

// value returns the first cell of the field's columns that is not empty.
func (m Mapping) value(field string, cells map[string]string) string {
	for _, column := range m[field] {
		if cell := cells[column]; cell != "" {
			return cell
		}
	}
	return ""
}

// word is value for a field that has no spaces around it.
func (m Mapping) word(field string, cells map[string]string) string {
	return strings.TrimSpace(m.value(field, cells))
}

// input makes an episode of a row. The errors, all of them, name field and rule.
func (m Mapping) input(cells map[string]string, showID *string) (Input, error) {
	var v callboard.Validator
	in := Input{
		ShowID: showID, Title: sheet.Unmark(m.value("title", cells)), Status: Status(strings.ToLower(m.word("status", cells))),
		Description: textOrNil(m.value("description", cells)), ThumbnailURL: textOrNil(m.value("thumbnail_url", cells)),
	}
	v.Check(in.Title != "", "title", "is missing")
	in.SeasonNumber = numberOf(&v, "season_number", m.word("season_number", cells))
	in.EpisodeNumber = numberOf(&v, "episode_number", m.word("episode_number", cells))
	if date := m.word("air_date", cells); !sheet.Blank(date) {
		day, err := parseDate(date)
		v.Check(err == nil, "air_date", "is not a date; write it as 1963-11-23")
		in.AirDate = &day
	}
	in.Categories = sheet.Split(m.value("categories", cells))
	return in, v.Err()
}

func textOrNil(cell string) *string {
	if sheet.Blank(cell) {
		return nil
	}
	text := sheet.Unmark(cell)
	return &text
}

// numberOf reads a whole number; spreadsheets like to write 7 as 7.0.
func numberOf(v *callboard.Validator, field, cell string) *int {
	if sheet.Blank(cell) {
		return nil
	}
	whole, fraction, _ := strings.Cut(cell, ".")
	n, err := strconv.Atoi(whole)
	if err != nil || strings.Trim(fraction, "0") != "" {
		v.Add(field, "is not a whole number")
		return nil
	}
	return &n
}

// parseDate reads the ways of writing a date that can mean one day only. 03/04/1985 is two days, so it is not among them.
func parseDate(s string) (string, error) {
	layouts := []string{
		time.DateOnly, "2006/01/02", "2006-01-02 15:04:05", time.RFC3339,
		"2 January 2006", "2 Jan 2006", "January 2, 2006", "Jan 2, 2006", "02-Jan-2006", "20060102",
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Format(time.DateOnly), nil
		}
	}
	return "", errors.New("not a date")
}
