package value

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// ParseList reads a list of texts: items with commas, semicolons, bars or line breaks between them, of which each is taken
// once; a JSON array, which is taken as it is; or a list as Python writes it, ['a', 'b'].
func ParseList(cell string) ([]string, error) {
	if NoText(cell) {
		return nil, nil
	}
	text := Clean(cell)
	if text[0] != '[' || text[len(text)-1] != ']' {
		return splitList(text), nil
	}
	if list, ok := jsonList(cell); ok {
		return list, nil
	}
	list, err := pythonList(text[1 : len(text)-1])
	if err != nil {
		return nil, fmt.Errorf(`%s is no list; write it as a; b or ["a", "b"]`, Show(cell))
	}
	return list, nil
}

func splitList(text string) []string {
	var list []string
	for item := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ';' || r == '|' || r == '\n' }) {
		if item = CleanLine(item); item != "" && !slices.Contains(list, item) {
			list = append(list, item)
		}
	}
	return list
}

func jsonList(cell string) ([]string, bool) {
	if !jsontext.Value(cell).IsValid() { // encoding/json takes half of a surrogate pair
		return nil, false
	}
	var items []*string
	if json.Unmarshal([]byte(cell), &items) != nil || slices.Contains(items, nil) {
		return nil, false
	}
	list := make([]string, len(items))
	for i, item := range items {
		list[i] = *item
	}
	return list, true
}

// pythonList reads quoted texts with commas between them.
func pythonList(text string) ([]string, error) {
	var list []string
	for rest := strings.TrimSpace(text); rest != ""; {
		quote := rest[0]
		end := strings.IndexByte(rest[1:], quote) + 1
		if quote != '\'' && quote != '"' || end == 0 || strings.IndexByte(rest[:end], '\\') >= 0 {
			return nil, errors.New("not quoted")
		}
		list = append(list, rest[1:end])
		after := strings.TrimSpace(rest[end+1:])
		if rest = strings.TrimSpace(strings.TrimPrefix(after, ",")); len(rest) == len(after) && rest != "" {
			return nil, errors.New("no comma")
		}
	}
	return list, nil
}

// ParseChoice returns the one of choices that a cell names, whatever its case, or "" if it names none. The error lists them.
func ParseChoice(cell string, choices []string) (string, error) {
	if NoText(cell) {
		return "", nil
	}
	word := CleanLine(cell)
	for _, choice := range choices {
		if strings.EqualFold(choice, word) {
			return choice, nil
		}
	}
	return "", fmt.Errorf("%s is none of %s", Show(cell), strings.Join(choices, ", "))
}
