package app

import "github.com/callboard/callboard/internal/httpapi"

// Routes returns every route that is served but those of the sockets, in the order of registration.
func (a *App) Routes() []httpapi.Route { return a.api.Routes() }

// Defaults returns what a Config means.
func Defaults(c Config) (Config, error) { return c.withDefaults() }
