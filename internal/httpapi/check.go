package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/callboard/callboard"
)

// Bounds of a JSON body, beside its bytes. They hold while it is read, before anything is built of it.
const (
	maxDepth  = 64      // of objects and arrays within each other
	maxValues = 100_000 // of all kinds together, members and items included
	maxNames  = 2 << 20 // bytes of the names of members together: each is kept several times until the object is whole
	// maxFieldErrors ends the reading: a body can break a rule a million times.
	maxFieldErrors = 20
)

// errEnough ends the reading of a body early: what was found is the answer.
var errEnough = errors.New("enough errors")

// checker reads a JSON document beside its schema and notes where the two differ. It builds nothing of the document, so that a
// hostile one costs no more than its bytes.
type checker struct {
	dec     jsontext.Decoder // refuses invalid UTF-8, lone surrogates and repeated names
	text    *bytes.Buffer    // what was read so far
	schemas huma.Registry
	free    *huma.Schema // of what may be anything
	root    string       // location of the document: "body"
	values  int
	names   int // bytes
	result  huma.ValidateResult
	path    huma.PathBuffer
	invalid callboard.Validator
	noted   int
}

// checkJSON returns nil when src is one JSON document that its schema allows. Else the error is CodeMalformed, CodeTooLarge
// for too many values or names, or CodeInvalid with the first maxFieldErrors fields that break a rule, below root; the rest of src
// is not read then. What is read of src has to appear in text.
func (c *core) checkJSON(schema *huma.Schema, root string, src io.Reader, text *bytes.Buffer) error {
	k := &checker{text: text, schemas: c.OpenAPI().Components.Schemas, free: &c.free, root: root}
	k.dec.Reset(src)
	err := k.value(schema)
	if err == nil {
		if _, err = k.dec.ReadToken(); errors.Is(err, io.EOF) {
			return k.invalid.Err()
		}
	}
	switch syntax, ok := errors.AsType[*jsontext.SyntacticError](err); {
	case errors.Is(err, errEnough):
		return k.invalid.Err()
	case errors.Is(err, jsontext.ErrDuplicateName):
		_ = k.note(syntax.JSONPointer, "is given more than once")
		return k.invalid.Err()
	case ok && loneSurrogate(text.Bytes(), syntax.ByteOffset):
		_ = k.note(syntax.JSONPointer, "must not contain half of a surrogate pair, such as \\ud800 alone")
		return k.invalid.Err()
	case ok:
		return callboard.Wrap(err, callboard.CodeMalformed,
			fmt.Sprintf("the body is not valid JSON in UTF-8 (byte %d)", syntax.ByteOffset))
	case err == nil || errors.Is(err, io.EOF):
		return callboard.Errorf(callboard.CodeMalformed, "the body is not one JSON document")
	}
	return err
}

// loneSurrogate reports whether what cannot be read from offset on is \ud800 to \udfff. It would be stored as another character.
func loneSurrogate(text []byte, offset int64) bool {
	escape := text[min(offset, int64(len(text))):]
	if len(escape) < 6 || escape[0] != '\\' || escape[1] != 'u' {
		return false
	}
	unit, err := strconv.ParseUint(string(escape[2:6]), 16, 16)
	return err == nil && utf16.IsSurrogate(rune(unit))
}

// note adds the error of the value at p. It returns errEnough with the last one that is listed.
func (k *checker) note(p jsontext.Pointer, message string) error {
	k.invalid.Add(location(k.root, p), "%s", message)
	if k.noted++; k.noted >= maxFieldErrors {
		return errEnough
	}
	return nil
}

// value checks the next value. An error ends the reading; what breaks a rule is noted.
func (k *checker) value(s *huma.Schema) error {
	for s.Ref != "" {
		s = k.schemas.SchemaFromRef(s.Ref)
	}
	if k.values++; k.values > maxValues {
		return callboard.Errorf(callboard.CodeTooLarge, "the body holds more than %d values", maxValues)
	}
	kind := k.dec.PeekKind()
	switch {
	case len(s.OneOf)+len(s.AnyOf)+len(s.AllOf)+len(s.DependentRequired) > 0, s.Not != nil, s.UniqueItems,
		s.MinProperties != nil, s.MaxProperties != nil:
		return k.whole(s)
	case kind != '{' && kind != '[':
		return k.scalar(s)
	case k.dec.StackDepth() >= maxDepth:
		return callboard.Errorf(callboard.CodeMalformed, "the body is nested deeper than %d levels", maxDepth)
	case kind == '{' && (s.Type == huma.TypeObject || s.Type == ""):
		return k.object(s)
	case kind == '[' && (s.Type == huma.TypeArray || s.Type == ""):
		return k.array(s)
	}
	var wrong any = []any{} // stands for the value: only its type matters
	if kind == '{' {
		wrong = map[string]any{}
	}
	if err := k.value(k.free); err != nil {
		return err
	}
	return k.validate(s, wrong)
}

// whole checks a value that its rules concern as a whole, such as a choice of schemas. Only such a value is built, once it is
// known to be small enough.
func (k *checker) whole(s *huma.Schema) error {
	start := k.dec.InputOffset()
	if err := k.value(k.free); err != nil {
		return err
	}
	var v any
	text := bytes.TrimLeft(k.text.Bytes()[start:k.dec.InputOffset()], ",: \t\r\n")
	if err := json.Unmarshal(text, &v); err != nil {
		return k.note(k.dec.StackPointer(), "holds a value that cannot be read")
	}
	return k.validate(s, v)
}

func (k *checker) scalar(s *huma.Schema) error {
	token, err := k.dec.ReadToken()
	if err != nil {
		return err
	}
	var v any
	switch token.Kind() {
	case '"':
		text := token.String()
		if strings.IndexByte(text, 0) >= 0 {
			return k.note(k.dec.StackPointer(), noNUL)
		}
		v = text
	case '0':
		if v, err = strconv.ParseFloat(token.String(), 64); err != nil {
			return k.note(k.dec.StackPointer(), "is a number out of range")
		}
	case 't', 'f':
		v = token.Kind() == 't'
	}
	if s.Type == "" {
		return nil
	}
	return k.validate(s, v)
}

// validate leaves the rules of one value to huma. The value is the one that was read last.
func (k *checker) validate(s *huma.Schema, v any) error {
	k.result.Reset()
	huma.Validate(k.schemas, s, &k.path, huma.ModeWriteToServer, v, &k.result)
	for _, broken := range k.result.Errors {
		message := "is not valid"
		if detail, ok := errors.AsType[*huma.ErrorDetail](broken); ok {
			message = detail.Message
		}
		if err := k.note(k.dec.StackPointer(), message); err != nil {
			return err
		}
	}
	return nil
}

func (k *checker) array(s *huma.Schema) error {
	if _, err := k.dec.ReadToken(); err != nil {
		return err
	}
	items := s.Items
	if items == nil {
		items = k.free
	}
	n := 0
	for ; k.dec.PeekKind() != ']'; n++ {
		if s.MaxItems != nil && n == *s.MaxItems {
			_ = k.note(k.dec.StackPointer().Parent(), fmt.Sprintf(validation.MsgExpectedMaxItems, n))
			return errEnough // the rest may be long
		}
		if err := k.value(items); err != nil {
			return err
		}
	}
	if _, err := k.dec.ReadToken(); err != nil {
		return err
	}
	if s.MinItems != nil && n < *s.MinItems {
		return k.note(k.dec.StackPointer(), fmt.Sprintf(validation.MsgExpectedMinItems, *s.MinItems))
	}
	return nil
}

func (k *checker) object(s *huma.Schema) error {
	if _, err := k.dec.ReadToken(); err != nil {
		return err
	}
	missing := slices.Clone(s.Required)
	for k.dec.PeekKind() != '}' {
		token, err := k.dec.ReadToken()
		if err != nil {
			return err
		}
		name := token.String()
		if k.names += len(name); k.names > maxNames {
			return callboard.Errorf(callboard.CodeTooLarge, "the names of fields in the body have more than %d bytes", maxNames)
		}
		required := false
		if i := slices.Index(missing, name); i >= 0 {
			required, missing = true, slices.Delete(missing, i, i+1)
		}
		if err := k.member(s, name, required); err != nil {
			return err
		}
	}
	if _, err := k.dec.ReadToken(); err != nil {
		return err
	}
	for _, name := range missing {
		if err := k.note(k.dec.StackPointer().AppendToken(name), "is required"); err != nil {
			return err
		}
	}
	return nil
}

// member checks a value of an object, whose name was read.
func (k *checker) member(s *huma.Schema, name string, required bool) error {
	property, known := s.Properties[name]
	if !known {
		property, _ = s.AdditionalProperties.(*huma.Schema)
	}
	var err error
	switch {
	case strings.IndexByte(name, 0) >= 0:
		err = k.note(k.dec.StackPointer().Parent(), "must not have a name with the NUL character")
	case property == nil && s.AdditionalProperties == false:
		err = k.note(k.dec.StackPointer(), validation.MsgUnexpectedProperty)
	case known && !required && k.dec.PeekKind() == 'n':
		property = nil // null is as good as absent
	}
	if err != nil {
		return err
	}
	if property == nil {
		property = k.free
	}
	return k.value(property)
}

// location writes a JSON pointer as fields are named: body.categories[2]. Names may be the caller's own, so they are clipped.
func location(root string, p jsontext.Pointer) string {
	var b strings.Builder
	b.WriteString(root)
	for token := range p.Tokens() {
		if token != "" && strings.Trim(token, "0123456789") == "" {
			b.WriteString("[" + clip(token) + "]")
		} else {
			b.WriteString("." + clip(token))
		}
		if b.Len() > 4*maxShown {
			return b.String() + "…"
		}
	}
	return b.String()
}

// maxShown bounds how much of a name that the caller chose is repeated, in bytes.
const maxShown = 80

func clip(name string) string {
	if len(name) <= maxShown {
		return name
	}
	return strings.ToValidUTF8(name[:maxShown], "") + "…"
}

// Shape checks JSON against the schema of a Go type: for the part of a body whose type depends on another field of it.
type Shape struct {
	core   *core
	schema *huma.Schema
}

// ShapeOf returns the shape of t, a struct, and adds its schema to the OpenAPI document of api.
func ShapeOf(api huma.API, t reflect.Type) Shape {
	shape := Shape{core: own(api).core, schema: api.OpenAPI().Components.Schemas.Schema(t, true, t.Name())}
	shape.core.inputs = append(shape.core.inputs, shape.schema)
	return shape
}

// Check returns nil when value, a decoded JSON document, has the shape, and else an error that names every field that does
// not, below the given field of the body.
func (s Shape) Check(field string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("encode %s: %w", field, err)
	}
	return s.core.checkJSON(s.schema, "body."+field, bytes.NewReader(text), bytes.NewBuffer(text))
}

// Schema returns the JSON schema itself.
func (s Shape) Schema() json.RawMessage {
	schema := s.schema
	if schema.Ref != "" {
		schema = s.core.OpenAPI().Components.Schemas.SchemaFromRef(schema.Ref)
	}
	b, err := json.Marshal(schema)
	if err != nil {
		panic(err) // schemas encode, or the OpenAPI document would not either
	}
	return b
}

// Reference returns what stands for the schema in the OpenAPI document.
func (s Shape) Reference() *huma.Schema { return s.schema }
