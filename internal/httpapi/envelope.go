package httpapi

import "callboard"

// Data is the envelope of a success.
type Data[T any] struct {
	Data    T      `json:"data"`
	Message string `json:"message,omitempty"`
}

// Body is the output of an operation that answers with one value.
type Body[T any] struct{ Body Data[T] }

// OK answers with v.
func OK[T any](v T) *Body[T] { return &Body[T]{Body: Data[T]{Data: v}} }

// OKMessage answers with v and a sentence for people.
func OKMessage[T any](v T, msg string) *Body[T] {
	return &Body[T]{Body: Data[T]{Data: v, Message: msg}}
}

// Pagination says where the next page begins.
type Pagination struct {
	Limit      int    `json:"limit" doc:"The most items that a page of this length has."`
	NextCursor string `json:"next_cursor" doc:"Pass it as cursor for the next page. Empty on the last page."`
}

// Page is the envelope of one page of a list.
type Page[T any] struct {
	Data       []T        `json:"data"`
	Pagination Pagination `json:"pagination"`
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

// PageInput is embedded by inputs of operations that answer with a list.
type PageInput struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Items per page."`
	Cursor string `query:"cursor" maxLength:"1024" doc:"next_cursor of the page before."`
}

// Page returns the page that is asked for.
func (p PageInput) Page() callboard.Page { return callboard.Page{Limit: p.Limit, Cursor: p.Cursor} }

// IDInput is embedded by inputs of operations on one thing with Callboard's own ID.
type IDInput struct {
	ID string `path:"id" format:"uuid"`
}
