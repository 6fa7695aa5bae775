package httpapi

import (
	"encoding/json"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"callboard"
)

// Optional is a field of a PATCH body: absent leaves the field as it is; null clears it where T is a pointer.
type Optional[T any] struct{ callboard.Optional[T] }

// UnmarshalJSON is called only when the field is there.
func (o *Optional[T]) UnmarshalJSON(data []byte) error {
	o.Set = true
	return json.Unmarshal(data, &o.Value)
}

// MarshalJSON writes the value; an absent field is null, unless it is left out by omitzero.
func (o Optional[T]) MarshalJSON() ([]byte, error) { return json.Marshal(o.Value) }

// Schema implements huma.SchemaProvider: on the wire it is the value alone.
func (o Optional[T]) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[T](), true, "")
}
