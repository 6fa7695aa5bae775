package app

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/callboard/callboard"
)

// eventFile is a file of event types, for applications that are not written in Go.
type eventFile struct {
	Events []eventDefinition `yaml:"events"`
}

// eventDefinition is callboard.EventType in such a file.
type eventDefinition struct {
	Name      string            `yaml:"name"`
	Summary   string            `yaml:"summary"`
	Action    string            `yaml:"action"`
	Channels  []string          `yaml:"channels"`
	Notify    []string          `yaml:"notify"`
	Message   string            `yaml:"message"`
	Once      bool              `yaml:"once"`
	Watch     bool              `yaml:"watch"`
	Private   bool              `yaml:"private"`
	Ephemeral bool              `yaml:"ephemeral"`
	Payload   *callboard.Schema `yaml:"payload"`
}

func (d eventDefinition) eventType() callboard.EventType {
	return callboard.EventType{
		Name: d.Name, Summary: d.Summary, Action: d.Action, Channels: d.Channels, Notify: d.Notify, Message: d.Message,
		Once: d.Once, Watch: d.Watch, Private: d.Private, Ephemeral: d.Ephemeral, Schema: d.Payload,
	}
}

// fault is what is wrong with a file of events, and where.
type fault struct {
	line    int
	message string
}

// ReadEventFile returns the event types that a file defines, checked as callboard.CheckTypes does. Its errors are CodeInvalid and name
// the line of each fault.
func ReadEventFile(path string) ([]callboard.EventType, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		why := err
		if cause, ok := errors.AsType[*fs.PathError](err); ok {
			why = cause.Err // without the path, which is named already
		}
		return nil, callboard.Errorf(callboard.CodeInvalid, "the file of events %s cannot be read: %v", path, why)
	}
	types, faults := parseEvents(text)
	if len(faults) == 0 {
		return types, nil
	}
	name := filepath.Base(path)
	lines := make([]string, len(faults))
	for i, f := range faults {
		lines[i] = fmt.Sprintf("%s:%d: %s", name, f.line, f.message)
	}
	return nil, callboard.Errorf(callboard.CodeInvalid, "%s", strings.Join(lines, "\n"))
}

// parseEvents returns what a file defines, and all its faults in the order of their lines. What YAML could not read of a line is its only
// fault: whatever else could be said of that line follows from it.
func parseEvents(text []byte) ([]callboard.EventType, []fault) {
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		if unquoted := unquotedPlaceholders(text); len(unquoted) > 0 {
			return nil, unquoted // of which the library names some later line
		}
		return nil, yamlFaults(err)
	}
	var file eventFile
	var faults []fault
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&file); err != nil && !errors.Is(err, io.EOF) {
		faults = yamlFaults(err)
	}
	var second yaml.Node
	if err := decoder.Decode(&second); err == nil {
		faults = append(faults, fault{second.Line, "begins a second document, which is not read: all types belong in one list"})
	}
	unread := map[int]bool{}
	for _, f := range faults {
		unread[f.line] = true
	}
	types := make([]callboard.EventType, len(file.Events))
	for i, definition := range file.Events {
		types[i] = definition.eventType()
	}
	for i, invalid := range callboard.CheckTypes(types) {
		for _, f := range invalid {
			if line := lineOf(&document, i, f.Field); !unread[line] {
				faults = append(faults, fault{line, f.Field + ": " + f.Message})
			}
		}
	}
	slices.SortStableFunc(faults, func(a, b fault) int { return a.line - b.line })
	return types, faults
}

const quoteHint = `a text with {…} goes in quotes: "{resource}"`

// unquotedPlaceholders returns the lines where a placeholder begins a text without quotes, which YAML takes for a map.
func unquotedPlaceholders(text []byte) []fault {
	begins := regexp.MustCompile(`(?:^\s*|[:,\[-]\s*)\{(?:actor|resource|parent|owner|watchers|parent watchers|data\.[^{}]*)\}`)
	var faults []fault
	for i, line := range bytes.Split(text, []byte("\n")) {
		at := begins.FindIndex(line)
		if at != nil && bytes.Count(line[:at[0]], []byte(`"`))%2 == 0 && !bytes.HasPrefix(bytes.TrimSpace(line), []byte("#")) {
			faults = append(faults, fault{i + 1, quoteHint})
		}
	}
	return faults
}

// yamlFaults returns what the library says, without its own words: "color is not a field of an event type".
func yamlFaults(err error) []fault {
	texts := []string{strings.TrimPrefix(err.Error(), "yaml: ")}
	if several, ok := errors.AsType[*yaml.TypeError](err); ok {
		texts = several.Errors
	}
	faults := make([]fault, len(texts))
	for i, text := range texts {
		number, message, _ := strings.Cut(strings.TrimPrefix(text, "line "), ": ")
		line, err := strconv.Atoi(number)
		if err != nil {
			line, message = 1, text
		}
		if before, _, found := strings.Cut(message, " not found in type"); found {
			message = strings.TrimPrefix(before, "field ") + " is not a field of an event type"
		}
		if what, into, found := strings.Cut(message, " into "); found {
			message = misplaced(what, into)
		}
		faults[i] = fault{line, message}
	}
	return faults
}

// misplaced says what belongs in the place of a value that does not fit into a Go type.
func misplaced(what, into string) string {
	switch {
	case into == "string" && strings.Contains(what, "!!map"):
		return "must be a text; " + quoteHint
	case into == "string":
		return "must be a text"
	case into == "bool":
		return "must be true or false"
	case into == "[]string":
		return `must be a list of texts, such as [broadcast, "{resource}"]`
	case strings.HasPrefix(into, "[]"):
		return "must be a list of event types, each beginning with a dash"
	}
	return "must have fields of its own, and is a text or a list"
}

// lineOf returns the line of a field of event i, or the nearest one that is there: of "payload.title.type", and of "notify[1]".
func lineOf(document *yaml.Node, i int, field string) int {
	at := document
	if len(at.Content) > 0 {
		at = at.Content[0]
	}
	at = child(at, "events")
	if at.Kind == yaml.SequenceNode && i < len(at.Content) {
		at = at.Content[i]
	}
	for _, name := range strings.FieldsFunc(field, func(r rune) bool { return strings.ContainsRune(".[]", r) }) {
		next := child(at, name)
		if next == at {
			next = child(child(at, "properties"), name)
		}
		if n, err := strconv.Atoi(name); err == nil && at.Kind == yaml.SequenceNode && n < len(at.Content) {
			next = at.Content[n]
		}
		at = next
	}
	return at.Line
}

// child returns the value of a key, or the node itself where there is none.
func child(node *yaml.Node, key string) *yaml.Node {
	if node.Kind != yaml.MappingNode {
		return node
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			return node.Content[i+1]
		}
	}
	return node
}
