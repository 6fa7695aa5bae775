package app

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
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

// ReadEventFile returns the event types that a file defines, each of them checked by itself. Its errors are CodeInvalid and name
// the line of each fault.
func ReadEventFile(path string) ([]callboard.EventType, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, callboard.Wrap(err, callboard.CodeInvalid, "the file of events "+path+" cannot be read")
	}
	var file eventFile
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&file); err != nil && !errors.Is(err, io.EOF) {
		return nil, eventFileError(path, yamlFaults(err))
	}
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, eventFileError(path, yamlFaults(err))
	}
	types := make([]callboard.EventType, len(file.Events))
	var faults []string
	for i, definition := range file.Events {
		types[i] = definition.eventType()
		invalid, _ := errors.AsType[*callboard.Error](types[i].Validate())
		if invalid == nil {
			continue
		}
		for _, f := range invalid.Fields {
			faults = append(faults, fmt.Sprintf("%d: %s: %s", lineOf(&document, i, f.Field), f.Field, f.Message))
		}
	}
	if len(faults) > 0 {
		return nil, eventFileError(path, faults)
	}
	return types, nil
}

// eventFileError names the file before each fault, which begins with its line.
func eventFileError(path string, faults []string) error {
	name := filepath.Base(path)
	return callboard.Errorf(callboard.CodeInvalid, "%s:%s", name, strings.Join(faults, "\n"+name+":"))
}

// yamlFaults returns what the library says, without its own words: "5: color is no field of an event".
func yamlFaults(err error) []string {
	texts := []string{strings.TrimPrefix(err.Error(), "yaml: ")}
	if several, ok := errors.AsType[*yaml.TypeError](err); ok {
		texts = several.Errors
	}
	faults := make([]string, len(texts))
	for i, text := range texts {
		line, message, _ := strings.Cut(strings.TrimPrefix(text, "line "), ": ")
		if _, err := strconv.Atoi(line); err != nil {
			line, message = "1", text
		}
		if before, _, found := strings.Cut(message, " not found in type"); found {
			message = strings.TrimPrefix(before, "field ") + " is not a field of an event type"
		}
		if before, _, found := strings.Cut(message, " into "); found {
			message = before + ", which does not belong here"
		}
		faults[i] = line + ": " + message
	}
	return faults
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
