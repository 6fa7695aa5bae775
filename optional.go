package callboard

import "encoding/json"

// Optional is a field of a partial change: it says whether the field is to change at all, and to what. The zero Optional
// leaves it as it is. For a field that may be empty, T is a pointer and nil clears it.
type Optional[T any] struct {
	Value T
	Set   bool
}

// Some returns an Optional that changes the field to value.
func Some[T any](value T) Optional[T] { return Optional[T]{Value: value, Set: true} }

// Apply writes the value to field, if there is one.
func (o Optional[T]) Apply(field *T) {
	if o.Set {
		*field = o.Value
	}
}

// UnmarshalJSON is called only when the field is there; null clears it where T is a pointer.
func (o *Optional[T]) UnmarshalJSON(data []byte) error {
	o.Set = true
	return json.Unmarshal(data, &o.Value)
}

// MarshalJSON writes the value; an absent field is null, unless it is left out by omitzero.
func (o Optional[T]) MarshalJSON() ([]byte, error) { return json.Marshal(o.Value) }
