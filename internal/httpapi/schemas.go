package httpapi

import (
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// inputSuffix ends the name of the schema of a request where answers have the same type.
const inputSuffix = "Input"

// openAnswers lets the schemas of answers gain fields. Those of requests refuse what is not known, so a schema that is used both
// ways is there twice.
func (c *core) openAnswers() {
	bodies, results := c.rootSchemas()
	requests, answers := map[string]bool{}, map[string]bool{}
	for _, s := range bodies {
		c.eachSchema(s, requests, func(*huma.Schema) {})
	}
	for _, s := range results {
		c.eachSchema(s, answers, func(*huma.Schema) {})
	}
	named := c.OpenAPI().Components.Schemas.Map()
	for name := range requests {
		if answers[name] {
			named[name+inputSuffix] = copySchema(named[name])
		}
	}
	refer := func(s *huma.Schema) {
		if name, ok := strings.CutPrefix(s.Ref, schemaPrefix); ok && requests[name] && answers[name] {
			s.Ref += inputSuffix
		}
	}
	seen := map[string]bool{}
	for _, s := range bodies {
		refer(s) // before what it refers to is looked at
		c.eachSchema(s, seen, refer)
	}
	seen = map[string]bool{}
	for _, s := range results {
		c.eachSchema(s, seen, open)
	}
}

// open lets a schema have fields that it does not name.
func open(s *huma.Schema) {
	if s.AdditionalProperties == false {
		s.AdditionalProperties = nil
	}
}

// OpenSchemas returns copies of all schemas that the given ones lead to, by name, as answers have them: they may gain fields.
func (a *API) OpenSchemas(roots map[string]*huma.Schema) map[string]*huma.Schema {
	schemas, seen := map[string]*huma.Schema{}, map[string]bool{}
	for _, s := range roots {
		a.eachSchema(s, seen, func(*huma.Schema) {})
	}
	for name := range seen {
		schemas[name] = copySchema(a.OpenAPI().Components.Schemas.Map()[name])
		a.eachSchema(schemas[name], maps.Clone(seen), open)
	}
	return schemas
}

// rootSchemas returns the schemas of all request bodies and of all answers; arguments of jobs are among the first, and payloads
// of events among the second.
func (c *core) rootSchemas() (bodies, results []*huma.Schema) {
	for _, item := range c.OpenAPI().Paths {
		for _, op := range operationsOf(item) {
			if op.RequestBody != nil {
				bodies = append(bodies, schemasOf(op.RequestBody.Content)...)
			}
			for _, r := range op.Responses {
				results = append(results, schemasOf(r.Content)...)
			}
			bodies = append(bodies, extraSchemas(op, ExtensionArgs)...)
			results = append(results, extraSchemas(op, ExtensionPayloads)...)
		}
	}
	for _, r := range c.OpenAPI().Components.Responses {
		results = append(results, schemasOf(r.Content)...)
	}
	return append(bodies, c.inputs...), results
}

func schemasOf(content map[string]*huma.MediaType) (schemas []*huma.Schema) {
	for _, media := range content {
		if media.Schema != nil {
			schemas = append(schemas, media.Schema)
		}
	}
	return schemas
}

// Extensions of an operation that hold schemas by name.
const (
	ExtensionArgs     = "x-callboard-args"     // the arguments of each kind of jobs
	ExtensionPayloads = "x-callboard-payloads" // the data of each event
)

func extraSchemas(op *huma.Operation, extension string) (schemas []*huma.Schema) {
	refs, _ := op.Extensions[extension].(map[string]*huma.Schema)
	for _, name := range slices.Sorted(maps.Keys(refs)) {
		schemas = append(schemas, refs[name])
	}
	return schemas
}

// partsOf returns the schemas that s is made of.
func partsOf(s *huma.Schema) []*huma.Schema {
	var parts []*huma.Schema
	if s.Items != nil {
		parts = append(parts, s.Items)
	}
	if more, ok := s.AdditionalProperties.(*huma.Schema); ok && more != nil {
		parts = append(parts, more)
	}
	for _, property := range s.Properties {
		parts = append(parts, property)
	}
	for _, choice := range [][]*huma.Schema{s.OneOf, s.AnyOf, s.AllOf} {
		parts = append(parts, choice...)
	}
	return parts
}

// eachSchema calls fn with s, the schemas that it is made of, and those that these refer to, as far as their names were not seen.
func (c *core) eachSchema(s *huma.Schema, seen map[string]bool, fn func(*huma.Schema)) {
	fn(s)
	if name, ok := strings.CutPrefix(s.Ref, schemaPrefix); ok && !seen[name] {
		seen[name] = true
		c.eachSchema(c.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref), seen, fn)
	}
	for _, part := range partsOf(s) {
		c.eachSchema(part, seen, fn)
	}
}

// copySchema returns a copy whose parts may be changed. What it refers to is not copied.
func copySchema(s *huma.Schema) *huma.Schema {
	same := *s
	if s.Items != nil {
		same.Items = copySchema(s.Items)
	}
	if more, ok := s.AdditionalProperties.(*huma.Schema); ok && more != nil {
		same.AdditionalProperties = copySchema(more)
	}
	if s.Properties != nil {
		same.Properties = map[string]*huma.Schema{}
	}
	for name, property := range s.Properties {
		same.Properties[name] = copySchema(property)
	}
	same.OneOf, same.AnyOf, same.AllOf = copySchemas(s.OneOf), copySchemas(s.AnyOf), copySchemas(s.AllOf)
	return &same
}

func copySchemas(list []*huma.Schema) []*huma.Schema {
	var same []*huma.Schema
	for _, s := range list {
		same = append(same, copySchema(s))
	}
	return same
}
