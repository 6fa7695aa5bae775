package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"callboard"
)

// maxDepth is how deep objects and arrays may be nested in a body.
const maxDepth = 64

// decodeJSON reads one JSON document as huma's validation wants it: maps, slices, strings, float64 and bool. Errors are
// callboard.Errors: CodeMalformed for what is not JSON in UTF-8, CodeInvalid for NUL characters, numbers out of range and
// repeated keys, with the path to the first few of each.
//
// A key that is repeated is refused rather than the last one taken: the decoder merges the objects of both into a
// struct, so that what was validated would not be what is used.
func decodeJSON(body []byte) (any, error) {
	if !utf8.Valid(body) {
		return nil, callboard.Errorf(callboard.CodeMalformed, "the body is not valid UTF-8")
	}
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return nil, decodeError(body, err)
	}
	w := treeWalk{}
	w.visit(value, 0)
	if w.tooDeep {
		return nil, tooDeep()
	}
	if err := w.invalid.Err(); err != nil {
		return nil, err
	}
	if w.members != countMembers(body) {
		return nil, repeatedKey(body)
	}
	return value, nil
}

func decodeError(body []byte, err error) error {
	if typeErr, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && strings.HasPrefix(typeErr.Value, "number") {
		return hugeNumbers(body)
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		if strings.Contains(syntax.Error(), "max depth") {
			return tooDeep()
		}
		return callboard.Wrap(err, callboard.CodeMalformed,
			fmt.Sprintf("the body is not valid JSON (byte %d)", syntax.Offset))
	}
	return callboard.Wrap(err, callboard.CodeMalformed, "the body is not valid JSON")
}

func tooDeep() error {
	return callboard.Errorf(callboard.CodeMalformed, "the body is nested deeper than %d levels", maxDepth)
}

// hugeNumbers finds the numbers that do not fit into a float64, which the ordinary decoder does not locate.
func hugeNumbers(body []byte) error {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		return callboard.Wrap(err, callboard.CodeMalformed, "the body is not valid JSON")
	}
	w := treeWalk{}
	w.visit(value, 0)
	if err := w.invalid.Err(); err != nil {
		return err
	}
	return callboard.Errorf(callboard.CodeInvalid, "a number is out of range")
}

// maxFieldErrors bounds how many field errors one answer lists.
const maxFieldErrors = 50

// treeWalk looks at every value of a decoded document.
type treeWalk struct {
	path    []string // "body" is implied; "[3]" is an index
	invalid callboard.Invalid
	noted   int
	members int // of all objects together
	tooDeep bool
}

func (w *treeWalk) visit(value any, depth int) {
	if depth > maxDepth {
		w.tooDeep = true
		return
	}
	switch v := value.(type) {
	case string:
		if strings.IndexByte(v, 0) >= 0 {
			w.note(noNUL)
		}
	case json.Number:
		if _, err := v.Float64(); err != nil {
			w.note("is a number out of range")
		}
	case []any:
		for i, item := range v {
			w.step("["+strconv.Itoa(i)+"]", item, depth)
		}
	case map[string]any:
		w.members += len(v)
		for key, item := range v {
			if strings.IndexByte(key, 0) >= 0 {
				w.note("must not have a name with the NUL character")
				continue
			}
			w.step(key, item, depth)
		}
	}
}

// step visits one item. Scalars that need no look are passed over without touching the path.
func (w *treeWalk) step(name string, item any, depth int) {
	switch item.(type) {
	case float64, bool, nil:
		return
	}
	w.path = append(w.path, name)
	w.visit(item, depth+1)
	w.path = w.path[:len(w.path)-1]
}

func (w *treeWalk) note(message string) {
	if w.noted++; w.noted <= maxFieldErrors {
		w.invalid.Add(w.location(), "%s", message)
	}
}

func (w *treeWalk) location() string {
	var b strings.Builder
	b.WriteString("body")
	for _, p := range w.path {
		if !strings.HasPrefix(p, "[") {
			b.WriteByte('.')
		}
		b.WriteString(clip(p))
	}
	return b.String()
}

// countMembers counts the members of all objects in a text that is known to be JSON: one colon each, outside strings.
func countMembers(text []byte) int {
	n, inString := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			inString = !inString
		case inString && c == '\\':
			i++
		case !inString && c == ':':
			n++
		}
	}
	return n
}

// repeatedKey names the first key that an object repeats.
func repeatedKey(body []byte) error {
	var v callboard.Invalid
	v.Add("body."+clip(findRepeated(json.NewDecoder(bytes.NewReader(body)))), "is given more than once")
	return v.Err()
}

// findRepeated walks the tokens of one value and returns the first key that repeats, or "".
func findRepeated(dec *json.Decoder) string {
	token, err := dec.Token()
	if err != nil {
		return ""
	}
	switch token {
	case json.Delim('{'):
		seen := map[string]bool{}
		for dec.More() {
			key, _ := dec.Token()
			name, _ := key.(string)
			if seen[name] {
				return name
			}
			seen[name] = true
			if found := findRepeated(dec); found != "" {
				return found
			}
		}
		_, _ = dec.Token()
	case json.Delim('['):
		for dec.More() {
			if found := findRepeated(dec); found != "" {
				return found
			}
		}
		_, _ = dec.Token()
	}
	return ""
}
