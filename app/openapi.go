package app

import (
	"encoding/json"

	"callboard/internal/httpapi"
)

// OpenAPI returns the OpenAPI 3.1 document of all routes, as JSON.
func (a *App) OpenAPI() ([]byte, error) {
	a.api.Handler() // completes the document
	return json.MarshalIndent(a.api.Huma().OpenAPI(), "", "  ")
}

// Routes returns every route that is served but those of the sockets, in the order of registration.
func (a *App) Routes() []httpapi.Route { return a.api.Routes() }
