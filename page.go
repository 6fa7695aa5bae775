package callboard

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
)

// Limits of a page.
const (
	DefaultLimit = 50
	MaxLimit     = 200
)

// maxCursor bounds what DecodeCursor will look at, in bytes. Real cursors are far below it.
const maxCursor = 1024

// Page asks for one page of a list. The zero Page asks for the first one, at the default length.
type Page struct {
	Limit  int    // 1–200; 0 means 50
	Cursor string // NextCursor of the page before; empty for the first
}

// Size returns the number of items to return: Limit, or the default, never more than the maximum.
func (p Page) Size() int {
	if p.Limit <= 0 {
		return DefaultLimit
	}
	return min(p.Limit, MaxLimit)
}

// List is one page of a list. NextCursor is empty on the last page.
type List[T any] struct {
	Items      []T
	NextCursor string
}

// NewList makes a page of at most size items from rows, which were read with one more than size, so that it is known
// whether another page follows. cursorOf gives the sort key of the last item on the page.
func NewList[T any](rows []T, size int, cursorOf func(T) any) List[T] {
	if len(rows) <= size {
		return List[T]{Items: rows}
	}
	rows = rows[:size]
	return List[T]{Items: rows, NextCursor: EncodeCursor(cursorOf(rows[size-1]))}
}

// EncodeCursor makes an opaque cursor of the sort key of the last item on a page.
func EncodeCursor(key any) string {
	b, err := json.Marshal(key)
	if err != nil {
		panic("callboard: a cursor key that does not encode: " + err.Error()) // a defect of the caller, found by any test
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// DecodeCursor reads into key what EncodeCursor made of a value of the same type. Anything else is an Error that names
// the field "cursor".
func DecodeCursor(cursor string, key any) error {
	if len(cursor) > maxCursor {
		return badCursor()
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return badCursor()
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(key); err != nil || dec.InputOffset() != int64(len(b)) {
		return badCursor()
	}
	return nil
}

func badCursor() error {
	var v Validator
	v.Add("cursor", "is not a cursor of this list; leave it out to start from the beginning")
	return v.Err()
}
