package callboard

import (
	"slices"
	"strings"
)

// Scopes limit a credential to a part of what its user may do. They are words with a space between each, as in OAuth 2.0 (RFC 6749,
// section 3.3), sorted. Empty is no limit.
//
//	read            whatever only reads
//	write           that, and whatever changes something, but sign-in and users
//	episodes:read   what reads episodes; each of ScopeServices has one
//	episodes:write  that, and what changes them
//
// That write leaves out sign-in and users is on purpose: a credential with which others can be made outlives its end.
type Scopes string

const (
	scopeRead  = "read"
	scopeWrite = "write"

	// ServiceSignIn and ServiceUsers are those whose changes the scope write leaves out.
	ServiceSignIn = "sign-in"
	ServiceUsers  = "users"
	// ServiceSockets is that of live connections: who may read it opens them, and hears all that its user may hear.
	ServiceSockets = "sockets"
	// ServicePresence is that of who looks at what.
	ServicePresence = "presence"
)

const maxScopes = 30

// ScopeServices lists the services that scopes name. They are the tags of the operations in the OpenAPI document, in lower case.
func ScopeServices() []string {
	return []string{
		"activity", "episodes", "events", "files", "imports", "jobs", "notifications", ServicePresence, "saved-views", "shows", ServiceSignIn,
		ServiceSockets, "system", ServiceUsers,
	}
}

// ParseScopes returns the scopes of a list. One that does not exist is an error that names field.
func ParseScopes(field string, list []string) (Scopes, error) {
	var v Validator
	v.Check(len(list) <= maxScopes, field, "must be at most %d", maxScopes)
	for _, scope := range list {
		service, what, one := strings.Cut(scope, ":")
		known := one && slices.Contains(ScopeServices(), service) && (what == scopeRead || what == scopeWrite)
		v.Check(known || scope == scopeRead || scope == scopeWrite, field, "must be read, write, or one of these with :read or :write: %s",
			strings.Join(ScopeServices(), ", "))
	}
	list = slices.Sorted(slices.Values(list))
	return Scopes(strings.Join(slices.Compact(list), " ")), v.Err()
}

// List returns the scopes one by one, an empty list for no limit.
func (s Scopes) List() []string { return strings.Fields(string(s)) }

// Allows reports whether the scopes let through what reads, or else changes, something of a service.
func (s Scopes) Allows(service string, write bool) bool {
	if s == "" {
		return true
	}
	for _, scope := range s.List() {
		switch {
		case scope == service+":"+scopeWrite, !write && scope == service+":"+scopeRead, !write && (scope == scopeRead || scope == scopeWrite),
			write && scope == scopeWrite && service != ServiceSignIn && service != ServiceUsers:
			return true
		}
	}
	return false
}

// Within reports whether the scopes let through nothing that outer does not.
func (s Scopes) Within(outer Scopes) bool {
	if s == "" {
		return outer == ""
	}
	for _, service := range ScopeServices() {
		for _, write := range []bool{false, true} {
			if s.Allows(service, write) && !outer.Allows(service, write) {
				return false
			}
		}
	}
	return true
}
