package httpapi

import "callboard"

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
