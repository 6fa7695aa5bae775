package app

import "encoding/json"

// OpenAPI returns the OpenAPI 3.1 document of all routes, as JSON.
func (a *App) OpenAPI() ([]byte, error) {
	a.api.Handler() // completes the document
	return json.MarshalIndent(a.api.Huma().OpenAPI(), "", "  ")
}
