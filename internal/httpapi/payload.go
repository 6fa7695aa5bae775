package httpapi

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
)

// PayloadOf returns the shape of an event's data, and adds its schema to the OpenAPI document of api.
func PayloadOf(api huma.API, t callboard.EventType) Shape {
	a := own(api)
	if a.payloads == nil {
		a.payloads = map[string]Shape{}
	}
	shape, known := a.payloads[t.Name]
	if !known {
		shape = a.newPayload(t)
		a.payloads[t.Name] = shape
	}
	return shape
}

// InputOf is PayloadOf for data that callers send: they may have no fields that the schema does not name, whereas events may.
func InputOf(api huma.API, t callboard.EventType) Shape {
	shape := PayloadOf(api, t)
	shape.schema = copySchema(shape.schema)
	own(api).inputs = append(own(api).inputs, shape.schema)
	return shape
}

func (a *API) newPayload(t callboard.EventType) Shape {
	shape := Shape{core: a.core, schema: &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}}
	schemas := a.OpenAPI().Components.Schemas
	switch {
	case t.Schema != nil:
		schema := describedSchema(t.Schema)
		schema.Type = huma.TypeObject
		schema.PrecomputeMessages()
		name := pascal(t.Name) + "Payload"
		for n := 2; schemas.Map()[name] != nil; n++ {
			name = pascal(t.Name) + "Payload" + strconv.Itoa(n)
		}
		schemas.Map()[name] = schema
		shape.schema = &huma.Schema{Ref: schemaPrefix + name}
	case t.Payload != nil:
		if schema := goSchema(schemas, reflect.TypeOf(t.Payload)); schema != nil {
			shape.schema = schema
		}
	}
	shape.schema.PrecomputeMessages()
	return shape
}

// goSchema returns the schema of a Go type, or nil for one that cannot be described: types of the same name in packages of the same
// name, of which the library makes a panic.
func goSchema(schemas huma.Registry, t reflect.Type) (schema *huma.Schema) {
	defer func() {
		if recover() != nil {
			schema = nil
		}
	}()
	return schemas.Schema(t, true, t.Name())
}

// describedSchema returns the schema that an application described. An object has the properties that are named, and no others;
// one without names may have any.
func describedSchema(s *callboard.Schema) *huma.Schema {
	schema := &huma.Schema{Type: s.Type, Description: s.Description, Format: s.Format, Required: s.Required}
	for _, value := range s.Enum {
		schema.Enum = append(schema.Enum, value)
	}
	if s.Items != nil {
		schema.Items = describedSchema(s.Items)
	}
	if len(s.Properties) > 0 {
		schema.AdditionalProperties, schema.Properties = false, map[string]*huma.Schema{}
	}
	for name, property := range s.Properties {
		schema.Properties[name] = describedSchema(property)
	}
	return schema
}

// Whole returns the JSON schema with what it refers to in its place, for those who do not have the OpenAPI document. Where a type
// is part of itself, anything stands for it. Open, it allows for fields that it does not name.
func (s Shape) Whole(open bool) json.RawMessage {
	text, err := json.Marshal(s.schema)
	var schema any
	if err == nil {
		err = json.Unmarshal(text, &schema)
	}
	if err == nil {
		schema = s.resolve(schema, nil)
		if open {
			schema = opened(schema)
		}
		text, err = json.Marshal(schema)
	}
	if err != nil {
		panic(err) // schemas encode, or the OpenAPI document would not either
	}
	return text
}

// opened takes off what keeps fields out that are not named.
func opened(value any) any {
	switch value := value.(type) {
	case []any:
		for i := range value {
			value[i] = opened(value[i])
		}
	case map[string]any:
		if value["additionalProperties"] == false {
			delete(value, "additionalProperties")
		}
		for key := range value {
			value[key] = opened(value[key])
		}
	}
	return value
}

// resolve replaces references; open are those that it is within.
func (s Shape) resolve(value any, open []string) any {
	switch value := value.(type) {
	case []any:
		for i := range value {
			value[i] = s.resolve(value[i], open)
		}
	case map[string]any:
		ref, ok := value["$ref"].(string)
		if !ok {
			for key := range value {
				value[key] = s.resolve(value[key], open)
			}
			return value
		}
		return s.referred(ref, open)
	}
	return value
}

func (s Shape) referred(ref string, open []string) any {
	if slices.Contains(open, ref) {
		return map[string]any{}
	}
	schema := s.core.OpenAPI().Components.Schemas.SchemaFromRef(ref)
	text, err := json.Marshal(schema)
	var value any
	if err == nil {
		err = json.Unmarshal(text, &value)
	}
	if err != nil {
		panic(err) // as above
	}
	return s.resolve(value, append(open[:len(open):len(open)], ref))
}
