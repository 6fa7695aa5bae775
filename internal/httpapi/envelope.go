package httpapi

import (
	"strconv"
	"strings"

	"github.com/callboard/callboard"
)

// Data is the envelope of a success.
type Data[T any] struct {
	Data    T      `json:"data" doc:"What was asked for, or the thing as it is after the change."`
	Message string `json:"message,omitempty" doc:"What was done, for people. Only writes have it."`
}

// Body is the output of an operation that answers with one value.
type Body[T any] struct{ Body Data[T] }

// OK answers with v.
func OK[T any](v T) *Body[T] { return &Body[T]{Body: Data[T]{Data: v}} }

// Pagination says where the next page begins.
type Pagination struct {
	Limit      int    `json:"limit" doc:"The most items that a page of this length has."`
	NextCursor string `json:"next_cursor" doc:"Pass it as cursor for the next page. Empty on the last page."`
}

// Page is the envelope of one page of a list.
type Page[T any] struct {
	Data       []T        `json:"data" doc:"The items of the page, in order."`
	Pagination Pagination `json:"pagination" doc:"Where the next page begins."`
}

// ListBody is the output of an operation that answers with a list.
type ListBody[T any] struct{ Body Page[T] }

// ListOf answers with one page of a list.
func ListOf[T any](list callboard.List[T], page callboard.Page) *ListBody[T] {
	items := list.Items
	if items == nil {
		items = []T{} // an empty list is [], never null
	}
	return &ListBody[T]{Body: Page[T]{
		Data:       items,
		Pagination: Pagination{Limit: page.Size(), NextCursor: list.NextCursor},
	}}
}

// ListViews answers with one page of a list whose items are shown as viewOf says, or with err.
func ListViews[T, V any](list callboard.List[T], err error, page callboard.Page, viewOf func(T) V) (*ListBody[V], error) {
	if err != nil {
		return nil, err
	}
	views := make([]V, len(list.Items))
	for i, item := range list.Items {
		views[i] = viewOf(item)
	}
	return ListOf(callboard.List[V]{Items: views, NextCursor: list.NextCursor}, page), nil
}

// PageInput is embedded by inputs of operations that answer with a list.
type PageInput struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Items per page."`
	Cursor string `query:"cursor" maxLength:"1024" doc:"next_cursor of the page before."`
}

// Page returns the page that is asked for.
func (p PageInput) Page() callboard.Page { return callboard.Page{Limit: p.Limit, Cursor: p.Cursor} }

// IDInput is embedded by inputs of operations on one thing with Callboard's own ID.
type IDInput struct {
	ID string `path:"id" format:"uuid" doc:"ID of the resource."`
}

// ETag returns the entity tag of a version: "v7", in quotes.
func ETag(version int64) string { return `"v` + strconv.FormatInt(version, 10) + `"` }

// NoVersion is the version of a tag that can match nothing. No thing has it.
const NoVersion int64 = -1

// IfMatchInput is embedded by inputs of operations that change one thing.
type IfMatchInput struct {
	IfMatch string `header:"If-Match" maxLength:"200" doc:"The ETag that was read. When the thing has changed since, nothing is done: 412."`
}

// Version returns the version that the caller expects, as services take it. 0 means any: there is no condition, or it is "*",
// which what exists always meets. A weak tag, or one that is not from here, is NoVersion, so that the precondition fails (412).
// What is not an entity tag, or is more than one, is an error with CodeMalformed.
func (in IfMatchInput) Version() (int64, error) {
	s := strings.TrimSpace(in.IfMatch)
	if s == "" || s == "*" {
		return 0, nil
	}
	tag, weak := strings.CutPrefix(s, "W/")
	opaque, end, ok := strings.Cut(strings.TrimPrefix(tag, `"`), `"`)
	// RFC 9110, section 8.8.3, says what may stand between the quotes.
	if !ok || end != "" || tag[0] != '"' || strings.ContainsFunc(opaque, func(c rune) bool { return c <= ' ' || c == 0x7f }) {
		return 0, callboard.Errorf(callboard.CodeMalformed, `If-Match must be one entity tag, such as "v7", or *`)
	}
	version, err := strconv.ParseInt(strings.TrimPrefix(opaque, "v"), 10, 64)
	if weak || err != nil || ETag(version) != tag || version <= 0 {
		return NoVersion, nil // nothing has version 0
	}
	return version, nil
}
