package callboard

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// fieldPrefix names an event type in field errors: by its name, or by its place where it has none that could be shown.
func fieldPrefix(i int, name string) string {
	if ValidName(name) {
		return name + "."
	}
	return fmt.Sprintf("events[%d].", i)
}

// CheckTypes returns what is wrong with each of the event types of an application: a field for each fault of its own, and for a name
// or an action that Callboard or a type before it has.
func CheckTypes(own []EventType) [][]FieldError {
	ours, names, actions := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, t := range builtIn() {
		ours[t.Name], actions[t.Action] = true, true
	}
	faults := make([][]FieldError, len(own))
	for i, t := range own {
		var v Validator
		t.check(&v)
		v.Check(!ours[t.Name], "name", "is an event of Callboard itself")
		v.Check(t.Name == "" || !names[t.Name], "name", "is defined twice")
		v.Check(t.Action == "" || !actions[t.Action], "action", "is that of another event")
		names[t.Name], actions[t.Action] = true, true
		faults[i] = v.fields
	}
	return faults
}

// Validate returns CodeInvalid for a type that cannot work, with a field for each fault. CheckTypes compares it with
// others, too.
func (t EventType) Validate() error {
	var v Validator
	t.check(&v)
	return v.Err()
}

// check notes what is wrong with a type of an application.
func (t EventType) check(v *Validator) {
	v.Name("name", t.Name)
	v.Check(!slices.Contains(ClientEvents(), t.Name), "name", "is what clients call something else")
	if t.Action != "" {
		v.Name("action", t.Action)
	}
	v.Check(t.Summary != "", "summary", required)
	v.Check(t.Summary == "" || !Blank(t.Summary), "summary", "must say what happened")
	for i, c := range t.Channels {
		v.Check(validChannel(c), fmt.Sprintf("channels[%d]", i),
			"must be broadcast, {resource}, {parent}, {owner}, room:<name> or <type>:<id>")
		v.Check(!t.Private || c == ownChannel || c == owner || PrivateChannel(c), fmt.Sprintf("channels[%d]", i),
			"is for more than one user, and the event is private")
	}
	for i, a := range t.Notify {
		field := fmt.Sprintf("notify[%d]", i)
		v.Check(validAudience(a), field, "must be {watchers}, {parent watchers}, {owner}, the ID of a user, role:<role>, group:<name>, watchers:<type>:<id> or all")
		v.Check(!t.Private || a == owner || a == AudienceRole(RoleAdmin), field, "may not hear of it: the event is private")
	}
	v.Check(!t.Ephemeral || t.Action == "" && len(t.Notify) == 0 && !t.Watch, "ephemeral",
		"goes to the sockets alone: without an action, notifications and watchers")
	t.checkPayload(v)
	t.checkMessage(v)
}

func validChannel(name string) bool {
	if slices.Contains([]string{BroadcastChannel, ownChannel, parentChannel, owner}, name) {
		return true
	}
	typ, id, _ := strings.Cut(name, ":")
	return validSubject(Resource{Type: typ, ID: id}) || typ == RoomType && ValidName(id)
}

func validAudience(name string) bool {
	if slices.Contains([]string{ownWatchers, parentWatchers, owner}, name) {
		return true
	}
	a, err := ParseAudience(name)
	return err == nil && (a.UserID == "" || !likePlaceholder(a.UserID))
}

// likePlaceholder reports whether the ID of a user is rather a slip: a placeholder that there is not, or one without its braces.
func likePlaceholder(id string) bool {
	return strings.ContainsAny(id, "{}") || slices.Contains([]string{ownWatchers, parentWatchers, owner, ownChannel, parentChannel}, "{"+id+"}")
}

// Placeholders of a message.
const (
	ActorPlaceholder    = "{actor}"
	ResourcePlaceholder = "{resource}"
	dataPrefix          = "{data."
)

// Text returns the message with the placeholders replaced, all at once: a value that looks like a placeholder stays. value is
// given ActorPlaceholder, ResourcePlaceholder, or the name of a field of the payload.
func (t EventType) Text(value func(name string) string) string {
	return expand(t.Message, func(placeholder string) string {
		if field, ok := dataField(placeholder); ok {
			return value(field)
		}
		return value(placeholder)
	})
}

// expand replaces what stands in braces, with the braces.
func expand(text string, value func(placeholder string) string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, "}")
		open := strings.LastIndexByte(before, '{')
		switch {
		case !found:
			b.WriteString(text)
			return b.String()
		case open < 0:
			b.WriteString(before + "}")
		default:
			b.WriteString(before[:open] + value(before[open:]+"}"))
		}
		text = after
	}
}

// dataField returns the field of the payload that a placeholder stands for.
func dataField(placeholder string) (string, bool) {
	name, ok := strings.CutPrefix(placeholder, dataPrefix)
	return strings.TrimSuffix(name, "}"), ok
}

func (t EventType) checkMessage(v *Validator) {
	const field = "message"
	v.Check(len(t.Notify) == 0 || !Blank(t.Message), field, "is missing, and the event notifies")
	v.Text(field, &t.Message, MaxTitle)
	fields, known := t.fields()
	expand(t.Message, func(p string) string {
		name, ofData := dataField(p)
		switch {
		case p == ActorPlaceholder, p == ResourcePlaceholder:
		case !ofData || name == "":
			v.Add(field, "may have the placeholders {actor}, {resource} and {data.<field>}")
		case known && !slices.Contains(fields, name):
			v.Add(field, "has a placeholder for a field that the payload does not have")
		}
		return ""
	})
}

// fields returns the names of the fields of the payload, and whether they are all there can be.
func (t EventType) fields() (names []string, known bool) {
	if t.Schema != nil {
		for name := range t.Schema.Properties {
			names = append(names, name)
		}
		return names, true
	}
	typ := payloadType(t.Payload)
	if typ == nil || typ.Kind() != reflect.Struct {
		return nil, false
	}
	for _, f := range reflect.VisibleFields(typ) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.IsExported() && name != "-" {
			names = append(names, cmp.Or(name, f.Name))
		}
	}
	return names, true
}

// payloadType returns the type of a payload without pointers, or nil.
func payloadType(payload any) reflect.Type {
	typ := reflect.TypeOf(payload)
	for typ != nil && typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	return typ
}

func (t EventType) checkPayload(v *Validator) {
	const field = "payload"
	if t.Schema != nil {
		v.Check(t.Payload == nil, field, "has both a Go type and a schema")
		v.Check(t.Schema.Type == "" || t.Schema.Type == "object", field+".type", "must be object")
		t.Schema.check(v, field, 0)
		return
	}
	typ := payloadType(t.Payload)
	if typ == nil {
		return
	}
	isObject := typ.Kind() == reflect.Struct || typ.Kind() == reflect.Map && typ.Key().Kind() == reflect.String
	v.Check(isObject, field, "must be a struct, or a map with strings as keys")
	v.Check(encodable(typ, map[reflect.Type]bool{}), field, "holds something that JSON has no form for")
}

// encodable reports whether a value of the type can be written as JSON, as far as its type tells.
func encodable(typ reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[typ] {
		return true
	}
	seen[typ] = true
	switch typ.Kind() {
	case reflect.Chan, reflect.Func, reflect.Complex64, reflect.Complex128, reflect.UnsafePointer, reflect.Invalid:
		return false
	case reflect.Map:
		return typ.Key().Kind() == reflect.String && encodable(typ.Elem(), seen)
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return encodable(typ.Elem(), seen)
	case reflect.Struct:
		for i := range typ.NumField() {
			if f := typ.Field(i); f.IsExported() && f.Tag.Get("json") != "-" && !encodable(f.Type, seen) {
				return false
			}
		}
	}
	return true
}

// NeedsResource reports whether the type refers to what its events are about, so that none of them can be about nothing.
func (t EventType) NeedsResource() bool {
	return t.Watch || slices.Contains(t.Channels, ownChannel) || slices.Contains(t.Notify, ownWatchers) ||
		strings.Contains(t.Message, ResourcePlaceholder)
}

// Check returns an error for an event that nothing could follow from: CodeForbidden where nobody acts, and CodeInvalid where its type is
// not registered, it does not go together with it, or a part of it cannot be kept or sent, such as a name that is not UTF-8. The log
// asks it of all that is appended.
func (r *Registry) Check(e *Event) error {
	if e.Actor.ID == "" {
		return errNobody()
	}
	fault := e.fault()
	if fault == "" && !e.Direct && !r.ours[e.Name] {
		fault = e.misdirected()
	}
	t, known := r.byName[e.Name]
	switch {
	case fault != "":
		return Wrap(errors.New(e.Name), CodeInvalid, "the event cannot be taken: "+fault)
	case e.Direct:
		return nil
	case !known:
		return Wrap(fmt.Errorf("%q is not in the registry", e.Name), CodeInvalid, "the event is of a type that is not registered")
	case t.Private && slices.ContainsFunc(e.Channels, func(c string) bool { return !PrivateChannel(c) }):
		return Wrap(errors.New(e.Name), CodeInvalid, "a private event must be about a user, or go to its owner")
	case !r.ours[e.Name] && e.Resource.Type+e.Resource.ID == "" && t.NeedsResource():
		return Wrap(errors.New(e.Name), CodeInvalid, "the event is about nothing, and its type refers to the resource: give it one with a Type and an ID")
	case !r.ours[e.Name] && e.Resource.Type+e.Resource.ID != "" && !validSubject(e.Resource):
		return Wrap(errors.New(e.Name), CodeInvalid, "the resource of the event has a type that is reserved, or an ID that cannot be")
	}
	return nil
}

// validSubject reports whether an event of an application may be about res, and so on its channel.
func validSubject(res Resource) bool {
	if res.Type == userType {
		return ValidUserID(res.ID)
	}
	return ValidName(res.Type) && !ReservedType(res.Type) && ValidResourceID(res.ID)
}

// maxSchemaDepth bounds how deep objects lie within each other in a payload.
const maxSchemaDepth = 8

// Schema describes the data of events that are not defined in Go: what is used of JSON Schema.
type Schema struct {
	Type        string             `json:"type,omitempty" yaml:"type"` // object, array, string, integer, number, boolean; empty is anything
	Description string             `json:"description,omitempty" yaml:"description"`
	Format      string             `json:"format,omitempty" yaml:"format"` // of a string: date, date-time, uri, uuid, email
	Enum        []string           `json:"enum,omitempty" yaml:"enum"`     // of a string
	Properties  map[string]*Schema `json:"properties,omitempty" yaml:"properties"`
	Required    []string           `json:"required,omitempty" yaml:"required"`
	Items       *Schema            `json:"items,omitempty" yaml:"items"`
}

func (s *Schema) check(v *Validator, field string, depth int) {
	if s == nil {
		v.Add(field, "is empty")
		return
	}
	if depth > maxSchemaDepth {
		v.Add(field, "lies more than %d levels deep", maxSchemaDepth)
		return
	}
	types := []string{"object", "array", "string", "integer", "number", "boolean"}
	v.Check(s.Type == "" || slices.Contains(types, s.Type), field+".type", "must be one of %s", strings.Join(types, ", "))
	formats := []string{"date", "date-time", "uri", "uuid", "email"}
	v.Check(s.Format == "" || s.Type == "string" && slices.Contains(formats, s.Format), field+".format",
		"is for strings, and one of %s", strings.Join(formats, ", "))
	v.Check(len(s.Enum) == 0 || s.Type == "string", field+".enum", "is for strings")
	v.Check(s.Items == nil || s.Type == "array", field+".items", "is for arrays")
	v.Check(len(s.Properties) == 0 && len(s.Required) == 0 || s.Type == "object" || s.Type == "" && depth == 0, field+".properties", "is for objects")
	for i, name := range s.Required {
		v.Check(s.Properties[name] != nil, field+".required", "names a property that is not there")
		v.Check(!slices.Contains(s.Required[:i], name), field+".required", "names a property twice")
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		v.Name(field+".properties", name)
		s.Properties[name].check(v, field+"."+name, depth+1)
	}
	if s.Items != nil {
		s.Items.check(v, field+".items", depth+1)
	}
}
