package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// writeTypes writes an interface for each payload, and adds the events to those that the client's on knows.
func writeTypes(out io.Writer, events []eventPayload) error {
	var b strings.Builder
	b.WriteString("// Made by \"callboard events types\". Do not edit.\n\nimport 'callboard';\n")
	names, taken := map[string]string{}, map[string]bool{}
	for _, e := range events {
		name := interfaceName(e.Name)
		for n := 2; taken[name]; n++ {
			name = interfaceName(e.Name) + strconv.Itoa(n)
		}
		names[e.Name], taken[name] = name, true
		text := typeScript(e.Payload, "")
		if strings.HasPrefix(text, "{") {
			fmt.Fprintf(&b, "\n/** Data of %s. */\nexport interface %s %s\n", e.Name, name, text)
		} else {
			fmt.Fprintf(&b, "\n/** Data of %s. */\nexport type %s = %s;\n", e.Name, name, text)
		}
	}
	b.WriteString("\n/** The data of each event of the application, by its name. */\nexport interface ApplicationEventPayloads {\n")
	for _, e := range events {
		fmt.Fprintf(&b, "%s  %s: %s;\n", comment(e.Summary, "  "), property(e.Name), names[e.Name])
	}
	b.WriteString("}\n\ndeclare module 'callboard' {\n  interface ApplicationEvents extends ApplicationEventPayloads {}\n}\n")
	_, err := io.WriteString(out, b.String())
	return err
}

// interfaceName makes CutApprovedData of cut_approved.
func interfaceName(event string) string {
	var b strings.Builder
	for word := range strings.FieldsFuncSeq(event, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	name := b.String() + "Data"
	if unicode.IsDigit(rune(name[0])) {
		name = "Event" + name
	}
	return name
}

// comment returns a text for people as a comment on a line of its own, or nothing.
func comment(text, indent string) string {
	text = strings.Join(strings.Fields(strings.ReplaceAll(text, "*/", "* /")), " ")
	if text == "" {
		return ""
	}
	return indent + "/** " + text + " */\n"
}

// property quotes a name that is none in TypeScript.
func property(name string) string {
	plain := name != "" && !unicode.IsDigit(rune(name[0])) && !strings.ContainsFunc(name, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
	if plain {
		return name
	}
	return strconv.Quote(name)
}

// jsonSchema is what is used of JSON Schema. Type is a name, or a list of them.
type jsonSchema struct {
	Type        json.RawMessage            `json:"type"`
	Description string                     `json:"description"`
	Enum        []any                      `json:"enum"`
	Properties  map[string]json.RawMessage `json:"properties"`
	Required    []string                   `json:"required"`
	Items       json.RawMessage            `json:"items"`
	Additional  json.RawMessage            `json:"additionalProperties"`
}

// typeScript returns the TypeScript type of a JSON schema.
func typeScript(schema json.RawMessage, indent string) string {
	var s jsonSchema
	if json.Unmarshal(schema, &s) != nil {
		return "unknown"
	}
	if len(s.Enum) > 0 {
		return s.enum()
	}
	var types []string
	var one string
	if json.Unmarshal(s.Type, &types) != nil && json.Unmarshal(s.Type, &one) == nil {
		types = []string{one}
	}
	if len(types) == 0 && len(s.Properties) > 0 {
		types = []string{"object"}
	}
	alternatives := make([]string, len(types))
	for i, t := range types {
		alternatives[i] = s.of(t, indent)
	}
	if len(alternatives) == 0 {
		return "unknown"
	}
	return strings.Join(alternatives, " | ")
}

func (s jsonSchema) enum() string {
	values := make([]string, len(s.Enum))
	for i, value := range s.Enum {
		text, err := json.Marshal(value)
		if err != nil {
			return "unknown"
		}
		values[i] = string(text)
	}
	return strings.Join(values, " | ")
}

func (s jsonSchema) of(name, indent string) string {
	switch name {
	case "string", "boolean", "null":
		return name
	case "integer", "number":
		return "number"
	case "array":
		return "Array<" + typeScript(s.Items, indent) + ">"
	case "object":
		return s.object(indent)
	}
	return "unknown"
}

func (s jsonSchema) object(indent string) string {
	if len(s.Properties) == 0 {
		return "Record<string, " + typeScript(s.Additional, indent) + ">"
	}
	var b strings.Builder
	b.WriteString("{\n")
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		var described jsonSchema
		_ = json.Unmarshal(s.Properties[name], &described) // what it is not is unknown
		optional := "?"
		if slices.Contains(s.Required, name) {
			optional = ""
		}
		fmt.Fprintf(&b, "%s%s  %s%s: %s;\n", comment(described.Description, indent+"  "), indent, property(name), optional,
			typeScript(s.Properties[name], indent+"  "))
	}
	b.WriteString(indent + "}")
	return b.String()
}
