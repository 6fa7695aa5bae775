package httpapi

import (
	"encoding/json"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"callboard"
)

// Shape checks JSON against the schema of a Go type: for the part of a body whose type depends on another field of it.
type Shape struct {
	core   *core
	schema *huma.Schema
}

// Shape returns the shape of t, a struct, and adds its schema to the OpenAPI document.
func (a *API) Shape(t reflect.Type) Shape {
	return Shape{core: a.core, schema: a.huma.OpenAPI().Components.Schemas.Schema(t, true, t.Name())}
}

// Check returns nil when value, a decoded JSON document, has the shape, and else an error that names every field that does
// not, below the given field of the body.
func (s Shape) Check(field string, value any) error {
	v := validators.Get().(*validator)
	defer v.release()
	v.path.Push("body." + field)
	huma.Validate(s.core.huma.OpenAPI().Components.Schemas, s.schema, v.path, huma.ModeWriteToServer, value, &v.result)
	if len(v.result.Errors) == 0 {
		return nil
	}
	p := newProblem(http.StatusUnprocessableEntity, string(callboard.CodeInvalid), invalidInput)
	p.addDetails(v.result.Errors)
	return p
}

// Schema returns the JSON schema itself.
func (s Shape) Schema() json.RawMessage {
	schema := s.schema
	if schema.Ref != "" {
		schema = s.core.huma.OpenAPI().Components.Schemas.SchemaFromRef(schema.Ref)
	}
	b, err := json.Marshal(schema)
	if err != nil {
		panic(err) // schemas encode, or the OpenAPI document would not either
	}
	return b
}

// Reference returns what stands for the schema in the OpenAPI document.
func (s Shape) Reference() *huma.Schema { return s.schema }
