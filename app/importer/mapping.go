package importer

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/importer/internal/value"
	"github.com/callboard/callboard/internal/sheet"
)

// Mapping says which columns fill which field, by name or by position ("#3"). The first one that is not empty in a row counts. A
// field with an empty list stays empty, whatever the columns are called.
type Mapping map[string][]string

// ParseMapping reads "title=Episode|Story,air_date=#4": fields with the columns that fill them, by name or by position. A name that
// holds a comma, a bar or a quote is written in quotes, with each quote in it doubled: title="Title, original". "status=" leaves a
// field out. Errors are CodeInvalid.
func ParseMapping(text string) (Mapping, error) {
	m := Mapping{}
	parts, err := splitQuoted(text, ',')
	if err != nil {
		return nil, err
	}
	for _, part := range parts {
		if strings.TrimSpace(part) == "" {
			continue
		}
		field, list, ok := strings.Cut(part, "=")
		field = strings.TrimSpace(field)
		if !ok {
			return nil, callboard.Errorf(callboard.CodeInvalid,
				"a mapping is written field=column; %s has no =; quote a name that holds a comma", value.Show(part))
		}
		if _, twice := m[field]; twice {
			return nil, callboard.Errorf(callboard.CodeInvalid,
				"the mapping names %s twice; write more columns of one field as field=one|two", value.Show(field))
		}
		m[field] = []string{}
		columns, err := splitQuoted(list, '|')
		if err != nil {
			return nil, err
		}
		for _, column := range columns {
			if column = unquote(column); column != "" {
				m[field] = append(m[field], column)
			}
		}
	}
	return m, m.Check()
}

// String writes m as ParseMapping reads it.
func (m Mapping) String() string {
	var parts []string
	for _, field := range slices.Sorted(maps.Keys(m)) {
		columns := make([]string, len(m[field]))
		for i, column := range m[field] {
			columns[i] = column
			if strings.ContainsAny(column, `,|="`) {
				columns[i] = `"` + strings.ReplaceAll(column, `"`, `""`) + `"`
			}
		}
		parts = append(parts, field+"="+strings.Join(columns, "|"))
	}
	return strings.Join(parts, ",")
}

// mostName is how many characters the name of a column has in a mapping at most.
const mostName = 255

// Check returns a CodeInvalid error when m names a field that a file cannot fill, or a column that it cannot have.
func (m Mapping) Check() error {
	for field, columns := range m {
		if !slices.Contains(fields(), field) {
			return callboard.Errorf(callboard.CodeInvalid, "the mapping names what is no field of an episode; the fields are %s", strings.Join(fields(), ", "))
		}
		if len(columns) > sheet.MaxColumns {
			return callboard.Errorf(callboard.CodeInvalid, "the mapping of %s names more than %d columns", field, sheet.MaxColumns)
		}
		for _, name := range columns {
			if callboard.Blank(name) || utf8.RuneCountInString(name) > mostName {
				return callboard.Errorf(callboard.CodeInvalid,
					"the mapping of %s names a column by a text that is empty or has more than %d characters; name it by its position, such as #3", field, mostName)
			}
		}
	}
	return nil
}

// splitQuoted splits text at each separator outside of quotes.
func splitQuoted(text string, separator byte) ([]string, error) {
	var parts []string
	start, quoted := 0, false
	for i := range len(text) {
		switch {
		case text[i] == '"':
			quoted = !quoted
		case text[i] == separator && !quoted:
			parts = append(parts, text[start:i])
			start = i + 1
		}
	}
	if quoted {
		return nil, callboard.Errorf(callboard.CodeInvalid, "the mapping has a quote that does not end: %s", value.Show(text))
	}
	return append(parts, text[start:]), nil
}

func unquote(name string) string {
	name = strings.TrimSpace(name)
	if len(name) >= 2 && name[0] == '"' && name[len(name)-1] == '"' {
		return strings.ReplaceAll(name[1:len(name)-1], `""`, `"`)
	}
	return name
}

// resolve finds the columns that m names, as indexes by field. Each that is not there is an error of its own.
func (m Mapping) resolve(columns []*column) (map[string][]int, error) {
	found := map[string][]int{}
	var v callboard.Validator
	for _, field := range fields() {
		names, mapped := m[field]
		if !mapped {
			continue
		}
		found[field] = []int{}
		for _, name := range names {
			at, err := find(columns, name)
			if err != nil {
				v.Add("mapping."+field, "%v", err)
				continue
			}
			found[field] = append(found[field], at)
		}
	}
	return found, v.Err()
}

// find returns the index of the column that a mapping calls name: by position, else as it is written, else as it is meant.
func find(columns []*column, name string) (int, error) {
	if position, ok := strings.CutPrefix(name, "#"); ok {
		if n, err := strconv.Atoi(position); err == nil {
			if n < 1 || n > len(columns) {
				return 0, fmt.Errorf("the file has no column %s; it has %d", name, len(columns))
			}
			return n - 1, nil
		}
	}
	cleaned := value.CleanLine(name)
	for _, same := range []func(*column) bool{
		func(c *column) bool { return c.name == cleaned },
		func(c *column) bool { return strings.EqualFold(c.name, cleaned) },
		func(c *column) bool { return key(cleaned) != "" && key(c.name) == key(cleaned) },
	} {
		var at []int
		for i, c := range columns {
			if same(c) {
				at = append(at, i)
			}
		}
		switch len(at) {
		case 0:
		case 1:
			return at[0], nil
		default:
			return 0, fmt.Errorf("%s and %s are both called that; name one by its position, such as #%d",
				columns[at[0]].label(), columns[at[1]].label(), at[0]+1)
		}
	}
	return 0, fmt.Errorf("the file has no column %s; it has %s", value.Show(name), list(columns))
}

// list names all columns, for a message that asks for one.
func list(columns []*column) string {
	const most = 30
	names := make([]string, 0, len(columns))
	for _, c := range columns {
		if len(names) == most {
			names = append(names, fmt.Sprintf("and %d more", len(columns)-most))
			break
		}
		name := fmt.Sprintf("#%d", c.position)
		if c.name != "" {
			name += " " + value.Show(c.name)
		} else if len(c.samples) > 0 {
			name += ", such as " + value.Show(c.samples[0])
		}
		names = append(names, name)
	}
	return strings.Join(names, "; ")
}
